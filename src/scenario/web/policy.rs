//! The local words, for an administrator: what each is asked for, what is said now, and every sentence that says it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::staff::Administrator;
use crate::app::App;
use crate::scenario::local_words::{Outcome, Stored, Words, merge, save};
use crate::scenario::policy::{Kind, Piece, Policy, SLOTS, Slot};
use crate::scenario::spoken::{Spoken, places};
use crate::scenario::store::policy as policy_of;
use crate::web::form::{Form, JustSaved, Problems, Query, Text};
use crate::web::page::{Here, show_as};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/administration/policy", Who::Administrator, policy),
        post("/administration/policy", Who::Administrator, change),
    ]
}

/// A sentence that says a slot, with the words in it.
#[derive(Debug)]
struct Sentence {
    part: String,
    pieces: Vec<Piece>,
}

/// A scenario in which a slot is spoken.
#[derive(Debug)]
struct InScenario {
    title: String,
    sentences: Vec<Sentence>,
}

/// One slot on the page.
#[derive(Debug)]
struct Field {
    name: &'static str,
    asks: &'static str,
    hint: String,
    long: bool,
    typed: String,
    spoken: String,
    changed: bool,
    scenarios: Vec<InScenario>,
}

/// The page of the local words.
#[derive(Debug, Template)]
#[template(path = "scenario/policy.html")]
pub struct PolicyPage {
    frame: Frame,
    problems: Problems,
    version: i64,
    looking: bool,
    just_saved: bool,
    fields: Vec<Field>,
}

impl PolicyPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let field = |slot: &Slot| {
            let piece = |words: &str, local| Piece { words: words.to_owned(), local };
            let pieces = vec![piece("Call ", false), piece(slot.default, true), piece(".", false)];
            let sentences = vec![Sentence { part: "She asks".to_owned(), pieces }];
            let scenarios = vec![InScenario { title: "A goodbye".to_owned(), sentences }];
            Field::new(slot, "911".to_owned(), true, scenarios)
        };
        let mut problems = Problems::default();
        problems.add("gift_limit", "Write this in one line");
        Self {
            frame: Frame::staff_sample(Here::Administration),
            problems,
            version: 1,
            looking: true,
            just_saved: true,
            fields: SLOTS.iter().map(field).collect(),
        }
    }

    /// The page with these words in its fields, of which those without a problem stand in the sentences.
    fn new(app: &App, admin: &Administrator, stored: &Stored, typed: &Words, problems: Problems) -> Self {
        let mut words = typed.clone();
        for problem in &problems.0 {
            let before = stored.words.get(problem.field).cloned().unwrap_or_default();
            words.insert(problem.field.to_owned(), before);
        }
        let policy = Policy::with(&words);
        let everywhere = everywhere(app, &policy);
        let of = |words: &Words, slot: &Slot| words.get(slot.name).cloned().unwrap_or_default();
        let field = |slot: &Slot| {
            let changed = of(typed, slot) != of(&stored.words, slot);
            Field::new(slot, of(typed, slot), changed, scenarios(&everywhere, slot, &policy))
        };
        Self {
            frame: admin.staff().frame(Here::Administration),
            problems,
            version: stored.version,
            looking: false,
            just_saved: false,
            fields: SLOTS.iter().map(field).collect(),
        }
    }
}

impl Field {
    fn new(slot: &Slot, typed: String, changed: bool, scenarios: Vec<InScenario>) -> Self {
        let spoken = match (scenarios.iter().map(|it| it.sentences.len()).sum(), scenarios.len()) {
            (0_usize, _) => String::new(),
            (1, _) => "Spoken in 1 place".to_owned(),
            (sentences, 1) => format!("Spoken in {sentences} places in 1 scenario"),
            (sentences, scenarios) => format!("Spoken in {sentences} places in {scenarios} scenarios"),
        };
        Self {
            name: slot.name,
            asks: slot.asks,
            hint: format!("{} Left empty, nurses read: {}", slot.kind.asks(), slot.default),
            long: slot.kind == Kind::Sentence,
            typed,
            spoken,
            changed,
            scenarios,
        }
    }
}

/// A scenario's title, and every sentence of it that speaks a slot.
type Places = (String, Vec<Spoken>);

/// Where any slot is spoken in the scenarios of now.
fn everywhere(app: &App, policy: &Policy) -> Vec<Places> {
    let current = app.library.current();
    let scenarios = current.iter().map(|revision| &revision.scenario);
    scenarios.map(|scenario| (policy.speak(&scenario.title), places(scenario))).collect()
}

/// Where one slot is spoken, with the words in place.
fn scenarios(everywhere: &[Places], slot: &Slot, policy: &Policy) -> Vec<InScenario> {
    let in_scenario = |(title, places): &Places| {
        let spoken = places.iter().filter(|place| place.slot == slot.name);
        let sentence = |place: &Spoken| Sentence {
            part: policy.speak(&place.part),
            pieces: policy.pieces(&place.sentence),
        };
        InScenario { title: title.clone(), sentences: spoken.map(sentence).collect() }
    };
    everywhere.iter().map(in_scenario).filter(|scenario| !scenario.sentences.is_empty()).collect()
}

async fn policy(
    State(app): State<App>,
    admin: Administrator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    let stored = Stored::read(&mut app.db.read().await?).await?;
    let mut page = PolicyPage::new(&app, &admin, &stored, &stored.words, Problems::default());
    page.just_saved = saved.is_so();
    show(&page)
}

/// What the form sends: the words by slot, the version they were typed beside, and what to do with them.
#[derive(Debug)]
struct Sent {
    words: Words,
    version: i64,
    look: bool,
}

impl Sent {
    /// None where this is no form of ours: a field too many, or one too few.
    fn read(mut fields: BTreeMap<String, Text>) -> Option<Self> {
        let version = fields.remove("version")?.as_str().parse().ok()?;
        let look = match fields.remove("then")?.as_str() {
            "look" => true,
            "speak" => false,
            _ => return None,
        };
        let all = SLOTS.iter().all(|slot| fields.contains_key(slot.name)) && fields.len() == SLOTS.len();
        let filled = fields.into_iter().filter(|(_, text)| !text.is_empty());
        let words = filled.map(|(name, text)| (name, text.into_string())).collect();
        all.then_some(Self { words, version, look })
    }

    fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for slot in &SLOTS {
            if let Some(text) = self.words.get(slot.name).and_then(|text| slot.kind.problem(text)) {
                problems.add(slot.name, format!("{}: {}", slot.asks, lower(&text)));
            }
        }
        problems
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

async fn change(
    State(app): State<App>,
    admin: Administrator,
    Form(fields): Form<BTreeMap<String, Text>>,
) -> Result<Response> {
    let sent = Sent::read(fields).ok_or(Error::Invalid)?;
    let problems = sent.problems();
    if sent.look || !problems.is_empty() {
        let stored = Stored::read(&mut app.db.read().await?).await?;
        let fine = problems.is_empty();
        let mut page = PolicyPage::new(&app, &admin, &stored, &sent.words, problems);
        page.looking = fine;
        page.version = sent.version;
        return show_as(if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page);
    }
    let (clock, by, words) = (app.clock.clone(), admin.staff().clone(), sent.words.clone());
    let saving = app.db.write(move |conn| {
        let (clock, by, words) = (clock.clone(), by.clone(), words.clone());
        Box::pin(async move { save(conn, &clock, &by, &words, sent.version).await })
    });
    match saving.await? {
        Outcome::InForce(version, policy) => {
            app.library.speak_from_now_on(version, Arc::new(policy));
            Ok(to("/administration/policy?saved=1"))
        }
        Outcome::Meanwhile(stored) => meanwhile(&app, &admin, &stored, &sent).await,
    }
}

/// Somebody else changed the words first: theirs stand where nothing was typed here, and nothing is replaced without being
/// asked again.
async fn meanwhile(app: &App, admin: &Administrator, stored: &Stored, sent: &Sent) -> Result<Response> {
    let opened = if (1..=stored.version).contains(&sent.version) {
        policy_of(&mut app.db.read().await?, &app.library, sent.version).await?
    } else {
        Arc::new(Policy::default())
    };
    let merged = merge(&opened, &stored.words, &sent.words);
    if merged.words == stored.words {
        return Ok(to("/administration/policy?saved=1"));
    }
    let mut problems = Problems::default();
    for (slot, theirs) in &merged.both {
        let text = format!(
            "Somebody changed this while you typed. It is now: “{theirs}”. What you typed is below; speak it again to \
             replace that"
        );
        problems.add(slot.name, text);
    }
    if merged.both.is_empty() {
        let text = "Somebody changed other local words while you typed. They stand below beside what you typed; look \
                    at all of them, then speak them again";
        let first = SLOTS.iter().find(|slot| merged.words.get(slot.name) != stored.words.get(slot.name));
        problems.add(first.map_or("emergency_number", |slot| slot.name), text);
    }
    // What was typed is fine in itself: the sentences are shown with it.
    let page = PolicyPage::new(app, admin, stored, &merged.words, Problems::default());
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &PolicyPage { problems, ..page })
}
