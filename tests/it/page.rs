//! An answer, read as a person would: its title, headings, links, forms and problems.

use axum::http::response::Parts;
use axum::http::{StatusCode, header};
use scraper::{ElementRef, Html, Selector};

/// An answer of the app.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: StatusCode,
    pub(crate) bytes: Vec<u8>,
    parts: Parts,
}

/// A form of a page.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) method: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Its fields as they stand, with these filled in; a field that the form doesn't have is a mistake.
    pub(crate) fn filled(&self, filled: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        for (name, value) in filled {
            let known = fields.iter().any(|(field, _)| field == name);
            assert!(known, "the form has no field {name}: {fields:?}");
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        fields.retain(|(_, value)| value != UNSET);
        fields
    }
}

/// Stands for a choice nobody has made: it is not sent.
const UNSET: &str = "\u{0}unset";

impl Page {
    pub(crate) fn new(path: String, parts: Parts, bytes: Vec<u8>) -> Self {
        Self { path, status: parts.status, bytes, parts }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("pages are UTF-8")
    }

    /// All visible text, spaces tidied.
    pub(crate) fn words(&self) -> String {
        let html = self.html();
        let words: Vec<&str> = html.root_element().text().flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn headers(&self) -> &axum::http::HeaderMap {
        &self.parts.headers
    }

    pub(crate) fn location(&self) -> Option<String> {
        self.header("location").map(str::to_owned)
    }

    pub(crate) fn cookies(&self) -> Vec<String> {
        let cookies = self.parts.headers.get_all(header::SET_COOKIE).iter();
        cookies.map(|cookie| cookie.to_str().expect("a cookie").to_owned()).collect()
    }

    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.text())
    }

    pub(crate) fn title(&self) -> String {
        self.all("title").join(" ")
    }

    pub(crate) fn heading(&self) -> String {
        self.all("h1").join(" ")
    }

    /// The words of every element that this selector finds.
    pub(crate) fn all(&self, selector: &str) -> Vec<String> {
        let html = self.html();
        html.select(&Selector::parse(selector).expect(selector)).map(words).collect()
    }

    /// An attribute of every element that this selector finds.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        let selector = Selector::parse(selector).expect(selector);
        let found = html.select(&selector);
        found.filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The address behind the link with these words.
    pub(crate) fn link(&self, with: &str) -> String {
        let html = self.html();
        let links = Selector::parse("a[href]").expect("a selector");
        let found = html.select(&links).find(|link| words(*link).contains(with));
        let found = found.unwrap_or_else(|| panic!("no link {with:?} on {}: {}", self.path, self.words()));
        found.attr("href").expect("an address").to_owned()
    }

    /// The form that has a button with these words; the button itself is a field when it has a name.
    pub(crate) fn form(&self, button: &str) -> Form {
        let html = self.html();
        let forms = Selector::parse("form").expect("a selector");
        let buttons = Selector::parse("button").expect("a selector");
        for form in html.select(&forms) {
            let Some(pressed) = form.select(&buttons).find(|found| words(*found) == button) else { continue };
            let mut fields = fields(form);
            if let Some(name) = pressed.attr("name") {
                fields.push((name.to_owned(), pressed.attr("value").unwrap_or_default().to_owned()));
            }
            let action = form.attr("action").unwrap_or(&self.path).to_owned();
            let method = form.attr("method").unwrap_or("get").to_owned();
            return Form { action, method, fields };
        }
        panic!("no form with the button {button:?} on {}: {}", self.path, self.words());
    }

    /// The position (the value to send) of the reply with this text in it.
    pub(crate) fn position(&self, text: &str) -> String {
        let html = self.html();
        let choices = Selector::parse(".choice").expect("a selector");
        let input = Selector::parse("input").expect("a selector");
        let choice = html.select(&choices).find(|choice| words(*choice).contains(text));
        let choice = choice.unwrap_or_else(|| panic!("no reply {text:?} on {}: {}", self.path, self.words()));
        choice.select(&input).next().and_then(|input| input.attr("value")).expect("a value").to_owned()
    }
}

fn fields(form: ElementRef<'_>) -> Vec<(String, String)> {
    let selector =
        Selector::parse("input[name]:not([type=file]), textarea[name], select[name]").expect("a selector");
    let mut fields: Vec<(String, String)> = Vec::new();
    for field in form.select(&selector) {
        let name = field.attr("name").unwrap_or_default().to_owned();
        let choice = matches!(field.attr("type"), Some("radio" | "checkbox"));
        let value = match field.value().name() {
            "textarea" => field.text().collect(),
            "select" => selected(field),
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        if choice && field.attr("checked").is_none() {
            if !fields.iter().any(|(known, _)| *known == name) {
                fields.push((name, UNSET.to_owned()));
            }
        } else {
            fields.retain(|(known, _)| !choice || *known != name);
            fields.push((name, value));
        }
    }
    fields
}

/// The value of the option that is chosen: the one marked so, else the first.
fn selected(select: ElementRef<'_>) -> String {
    let options = Selector::parse("option").expect("a selector");
    let mut all = select.select(&options);
    let first = all.clone().next();
    let chosen = all.find(|option| option.attr("selected").is_some()).or(first);
    // As in a browser, an option without a value sends its words.
    chosen
        .map_or_else(String::new, |option| option.attr("value").map_or_else(|| words(option), str::to_owned))
}

fn words(element: ElementRef<'_>) -> String {
    let words: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}
