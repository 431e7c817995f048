//! Looks at every text a nurse may read: none empty, none too long, no local word that nobody has filled.

use super::{Report, nearest};
use crate::scenario::{Ending, Person, Reply, Scenario, Turn, policy};

/// The longest thing anyone says, in characters: more is not said in one breath, nor read on a phone.
const MAX_SPOKEN: usize = 600;
/// The longest text of any other kind, in characters.
const MAX_TEXT: usize = 800;

/// One authored text and what is asked of it.
#[derive(Debug)]
pub struct Authored<'a> {
    /// Where it stands: "turns/request/replies/0/why".
    pub path: String,
    /// The text.
    pub words: &'a str,
    required: bool,
    limit: usize,
}

/// Every text of a scenario that somebody may read, in the order of the file.
#[must_use]
pub fn authored(scenario: &Scenario) -> Vec<Authored<'_>> {
    let mut texts = Vec::new();
    frame(scenario, &mut texts);
    for (id, person) in &scenario.people {
        people(id, person, &mut texts);
    }
    for (id, turn) in &scenario.turns {
        turns(id, turn, &mut texts);
    }
    for (id, ending) in &scenario.endings {
        endings(id, ending, &mut texts);
    }
    texts
}

pub(super) fn check(scenario: &Scenario, report: &mut Report<'_>) {
    for text in &authored(scenario) {
        size(text, report);
        braces(text, report);
    }
    for (id, ending) in &scenario.endings {
        if ending.debrief.is_empty() {
            report.error(
                &format!("endings/{id}/debrief"),
                "`debrief` needs at least one question to look back with",
            );
        }
    }
}

fn required(path: impl Into<String>, words: &str) -> Authored<'_> {
    Authored { path: path.into(), words, required: true, limit: MAX_TEXT }
}

fn optional(path: impl Into<String>, words: &str) -> Authored<'_> {
    Authored { path: path.into(), words, required: false, limit: MAX_TEXT }
}

fn spoken(text: Authored<'_>) -> Authored<'_> {
    Authored { limit: MAX_SPOKEN, ..text }
}

fn frame<'a>(scenario: &'a Scenario, texts: &mut Vec<Authored<'a>>) {
    texts.extend([
        required("title", &scenario.title),
        required("summary", &scenario.summary),
        required("setting", &scenario.setting),
        required("objective", &scenario.objective),
        required("opening", &scenario.opening),
        required("you/role", &scenario.you.role),
        required("you/situation", &scenario.you.situation),
        optional("if_asked", &scenario.if_asked),
        optional("content_note", &scenario.content_note),
        optional("varies", &scenario.varies),
    ]);
    for (index, source) in scenario.sources.iter().enumerate() {
        texts.push(required(format!("sources/{index}/title"), &source.title));
        texts.push(required(format!("sources/{index}/supports"), &source.supports));
        texts.push(optional(format!("sources/{index}/place"), &source.place));
    }
    for (index, reviewer) in scenario.reviewed.iter().enumerate() {
        texts.push(required(format!("reviewed/{index}"), reviewer));
    }
}

fn people<'a>(id: &str, person: &'a Person, texts: &mut Vec<Authored<'a>>) {
    texts.push(required(format!("people/{id}/name"), &person.name));
    texts.push(required(format!("people/{id}/who"), &person.who));
    texts.push(optional(format!("people/{id}/called"), &person.called));
    texts.push(optional(format!("people/{id}/background"), &person.background));
}

fn turns<'a>(id: &str, turn: &'a Turn, texts: &mut Vec<Authored<'a>>) {
    texts.push(required(format!("turns/{id}/title"), &turn.title));
    texts.push(required(format!("turns/{id}/prompt"), &turn.prompt));
    texts.push(optional(format!("turns/{id}/question"), &turn.question));
    texts.push(spoken(optional(format!("turns/{id}/says"), &turn.says)));
    texts.push(optional(format!("turns/{id}/does"), &turn.does));
    for (index, reply) in turn.replies.iter().enumerate() {
        replies(&format!("turns/{id}/replies/{index}"), reply, texts);
    }
}

fn replies<'a>(at: &str, reply: &'a Reply, texts: &mut Vec<Authored<'a>>) {
    texts.push(spoken(required(format!("{at}/text"), &reply.text)));
    texts.push(required(format!("{at}/why"), &reply.why));
    texts.push(optional(format!("{at}/kept"), &reply.kept));
    texts.push(optional(format!("{at}/better"), &reply.better));
    texts.push(spoken(optional(format!("{at}/reaction/says"), &reply.reaction.says)));
    texts.push(optional(format!("{at}/reaction/does"), &reply.reaction.does));
}

fn endings<'a>(id: &str, ending: &'a Ending, texts: &mut Vec<Authored<'a>>) {
    texts.push(required(format!("endings/{id}/title"), &ending.title));
    texts.push(required(format!("endings/{id}/text"), &ending.text));
    texts.push(required(format!("endings/{id}/tell"), &ending.tell));
    for (index, question) in ending.debrief.iter().enumerate() {
        texts.push(required(format!("endings/{id}/debrief/{index}"), question));
    }
}

fn size(text: &Authored<'_>, report: &mut Report<'_>) {
    // "turns/request/replies/0/why" is about `why`, "endings/kept/debrief/1" about `debrief`.
    let mut names = text.path.rsplit('/');
    let field = names.find(|name| name.parse::<usize>().is_err()).unwrap_or(&text.path);
    let length = text.words.chars().count();
    if text.required && text.words.trim().is_empty() {
        report.error(&text.path, format!("`{field}` is empty"));
    }
    if length > text.limit {
        report.error(
            &text.path,
            format!("`{field}` has {length} characters; more than {} can’t be taken in at once", text.limit),
        );
    }
    if text.words.chars().any(|char| char.is_control() && char != '\n') {
        report.error(
            &text.path,
            format!("`{field}` has a character that can’t be shown (a tab, or one of its kind)"),
        );
    }
}

/// Local words between braces: known ones only, and every brace with its partner.
fn braces(text: &Authored<'_>, report: &mut Report<'_>) {
    let mut stray = text.words.split('{').next().is_some_and(|before| before.contains('}'));
    for after in text.words.split('{').skip(1) {
        let Some((name, rest)) = after.split_once('}') else {
            stray = true;
            continue;
        };
        stray |= rest.contains('}');
        if policy::find(name).is_none() {
            let known = policy::SLOTS.iter().map(|slot| slot.name);
            let hint = nearest(name, known.clone());
            let list = known.collect::<Vec<_>>().join(", ");
            report.error(
                &text.path,
                format!("there is no local text called {{{name}}}{hint} (there are: {list})"),
            );
        }
    }
    if stray {
        report.error(
            &text.path,
            "a brace stands alone here; a local text is written {like_this}, with both braces",
        );
    }
}
