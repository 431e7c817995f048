//! What a hand does in the browser: press, follow, type, unfold; and carrying the session of somebody who is known.

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::driver::Browser;

impl Browser {
    /// Clicks, and waits until another page has come, also one with the same address.
    pub(crate) async fn leave_by(&self, target: Element) -> Result<()> {
        let (from, before) = (self.current_url().await?, self.find(Locator::Css("html")).await?);
        target.click().await?;
        for _ in 0..500 {
            if before.tag_name().await.is_err() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        bail!("that leads nowhere from {from}")
    }

    /// Leaves the page by what this selector finds.
    pub(crate) async fn leave(&self, css: &str) -> Result<()> {
        let found = self.find(Locator::Css(css)).await.with_context(|| format!("nothing to click: {css}"))?;
        self.leave_by(found).await
    }

    /// Presses the first button that can be seen and has these words.
    pub(crate) async fn press(&self, words: &str) -> Result<()> {
        let button = self.seen("button", words).await?;
        self.leave_by(button).await.with_context(|| format!("pressing {words}"))
    }

    /// Follows the first link that can be seen and has these words.
    pub(crate) async fn follow(&self, words: &str) -> Result<()> {
        let link = self.seen("a", words).await?;
        self.leave_by(link).await.with_context(|| format!("following {words}"))
    }

    /// Opens what is folded away under these words.
    pub(crate) async fn unfold(&self, words: &str) -> Result<()> {
        Ok(self.seen("summary", words).await?.click().await?)
    }

    /// Types into the field with this id, in place of what stood there.
    pub(crate) async fn fill(&self, id: &str, words: &str) -> Result<()> {
        let field = self.find(Locator::Id(id)).await.with_context(|| format!("no field {id}"))?;
        field.clear().await?;
        Ok(field.send_keys(words).await?)
    }

    /// Chooses from the list with this id.
    pub(crate) async fn choose(&self, id: &str, value: &str) -> Result<()> {
        for option in self.find_all(Locator::Css(&format!("#{id} option"))).await? {
            if option.prop("value").await?.as_deref() == Some(value) {
                return Ok(option.click().await?);
            }
        }
        bail!("{id} has no choice {value}")
    }

    /// Whatever of this kind can be seen and has these words.
    async fn seen(&self, tag: &str, words: &str) -> Result<Element> {
        let all = format!("//{tag}[contains(normalize-space(.), \"{words}\")]");
        for found in self.find_all(Locator::XPath(&all)).await? {
            if found.is_displayed().await? {
                return Ok(found);
            }
        }
        bail!("no {tag} “{words}” on {}", self.current_url().await?)
    }

    /// All that can be read on the page.
    pub(crate) async fn reads(&self) -> Result<String> {
        Ok(self.find(Locator::Css("body")).await?.text().await?)
    }

    /// These words can be read on the page.
    pub(crate) async fn shows(&self, words: &str) -> Result<()> {
        let text = self.reads().await?;
        ensure!(text.contains(words), "{words:?} is not to be read in:\n{text}");
        Ok(())
    }

    /// The path of the page.
    pub(crate) async fn path(&self) -> Result<String> {
        Ok(self.current_url().await?.path().to_owned())
    }

    /// From now on the browser is that of whoever has this session; of a stranger where there is none.
    pub(crate) async fn known_by(&self, address: &str, session: Option<&str>) -> Result<()> {
        self.devtools("Network.clearBrowserCookies", json!({})).await?;
        if let Some(session) = session {
            let cookie = json!({ "name": "warmly", "value": session, "url": address, "httpOnly": true });
            self.devtools("Network.setCookie", cookie).await?;
        }
        Ok(())
    }

    /// The sheets of paper this page takes, each with its width and height in inches.
    pub(crate) async fn sheets(&self) -> Result<Vec<(f64, f64)>> {
        // Letter; what the stylesheet says about the paper comes first.
        let paper = json!({ "preferCSSPageSize": true, "paperWidth": 8.5, "paperHeight": 11 });
        let printed = self.devtools("Page.printToPDF", paper).await?;
        let data = printed.get("data").cloned().context("nothing was printed")?;
        let boxes = "return [...atob(arguments[0]).matchAll(/\\/MediaBox \\[0 0 ([\\d.]+) ([\\d.]+)\\]/g)]
            .map(found => [found[1] / 72, found[2] / 72])";
        let found = self.execute(boxes, vec![data]).await?;
        let sheets: Vec<(f64, f64)> = serde_json::from_value(found)?;
        ensure!(!sheets.is_empty(), "a print has pages");
        Ok(sheets)
    }

    /// What the server answers to a download by this browser.
    pub(crate) async fn download(&self, path: &str) -> Result<String> {
        let fetch = "const done = arguments[arguments.length - 1];
            fetch(arguments[0]).then(answer => answer.text()).then(done, error => done(String(error)))";
        let answer = self.execute_async(fetch, vec![Value::from(path)]).await?;
        Ok(answer.as_str().context("a text")?.to_owned())
    }
}
