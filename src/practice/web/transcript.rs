//! An attempt of hers turn by turn: what was said, what she answered, and what her educators say about it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::said::{Marked, Refused, Remark, Said, blacked_in_words};
use super::view::Scene;
use super::{find, readers};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::clock::day;
use crate::practice::blacking::Spot;
use crate::practice::guard::Ask;
use crate::practice::{Answer, Attempt, OwnWords, Page, Step};
use crate::web::form::{Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/attempts/{id}/transcript", Who::Nurse, transcript)]
}

/// One answered turn.
#[derive(Clone, Debug)]
pub struct Line {
    number: u32,
    title: String,
    turn: Scene,
    own: OwnWords,
    blacked: Option<String>,
    reply: String,
    class: &'static str,
    place: &'static str,
    missed_red_flag: bool,
    then: Scene,
    marked: Vec<Marked>,
    remarks: Vec<Remark>,
}

/// An attempt turn by turn.
#[derive(Debug, Template)]
#[template(path = "practice/transcript.html")]
pub struct TranscriptPage {
    frame: Frame,
    title: String,
    date: String,
    /// Of assigned work: who can read it besides her, in a few words.
    readers: Option<String>,
    lines: Vec<Line>,
    ending: Option<String>,
    /// The page that is next for her, where the conversation is open.
    go_on: Option<String>,
    looking_back: Option<String>,
    problem: Option<(String, String)>,
    ask: Option<Ask>,
    just_sent: bool,
}

impl TranscriptPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let remark = Remark {
            id: "c".to_owned(),
            name: "Ruth Reyes".to_owned(),
            day: "March 3, 2026".to_owned(),
            text: "What did you want her to feel?".to_owned(),
            unread: true,
            answers: vec![(
                "You".to_owned(),
                "March 4, 2026".to_owned(),
                "Not dropped.".to_owned(),
                Some(blacked_in_words(1)),
            )],
            token: "t".to_owned(),
            blacked: "1".to_owned(),
            typed: "I".to_owned(),
            problem: Some("Shorten it".to_owned()),
            ask: Some(Ask::sample("answer-c")),
            just_sent: false,
        };
        let marked = Marked {
            name: "Ruth Reyes".to_owned(),
            day: "March 3, 2026".to_owned(),
            lines: vec![("Warm", "keeps", "honors the feeling"), ("Route", "", "not there yet")],
        };
        let line = Line {
            number: 1,
            title: "She asks".to_owned(),
            turn: Scene::sample(),
            own: OwnWords::Said("Um".to_owned()),
            blacked: Some(blacked_in_words(2)),
            reply: "“Maybe.”".to_owned(),
            class: "blurs",
            place: "Blurs",
            missed_red_flag: true,
            then: Scene::sample(),
            marked: vec![marked],
            remarks: vec![remark],
        };
        Self {
            frame: Frame::new(Here::Me, true),
            title: "A goodbye".to_owned(),
            date: "March 2, 2026".to_owned(),
            readers: Some("Ruth Reyes and the other educators of Spring residency".to_owned()),
            lines: vec![line],
            ending: Some("She knows".to_owned()),
            go_on: Some("/attempts/a".to_owned()),
            looking_back: Some("/attempts/a/looking-back".to_owned()),
            problem: Some(("answer-c".to_owned(), "Shorten it".to_owned())),
            ask: Some(Ask::sample("answer-c")),
            just_sent: false,
        }
    }
}

fn turn_line(attempt: &Attempt, step: &Step<'_>, answer: Answer<'_>) -> Line {
    let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
    Line {
        number: step.number,
        title: policy.speak(&step.turn.title),
        turn: Scene::of_turn(scenario, policy, step),
        own: step.own_words(),
        blacked: None,
        reply: policy.speak(&answer.reply.text),
        class: answer.verdict.place.class(),
        place: answer.verdict.place.name(),
        missed_red_flag: answer.verdict.missed_red_flag,
        then: Scene::of_reaction(scenario, policy, step, answer.reply),
        marked: Vec::new(),
        remarks: Vec::new(),
    }
}

pub(super) async fn page(
    app: &App,
    nurse: &Nurse,
    attempt: &Attempt,
    refused: Option<&Refused>,
    sent: Option<&str>,
) -> Result<TranscriptPage> {
    let said = Said::load(app, nurse, attempt).await?;
    let walk = attempt.replay();
    let lines = walk.answered().map(|(step, answer)| Line {
        marked: said.marked(step.number),
        blacked: said.black(&Spot::Own(step.number)),
        remarks: said.remarks(app, step.number, refused, sent),
        ..turn_line(attempt, step, answer)
    });
    let ended = walk.ending.is_some();
    Ok(TranscriptPage {
        frame: Frame::new(Here::Me, true),
        title: attempt.policy.speak(&attempt.revision.scenario.title),
        date: day(attempt.started_at),
        readers: readers(app, attempt).await?.map(|readers| readers.in_short()),
        lines: lines.collect(),
        ending: walk.ending.map(|(_, ending)| attempt.policy.speak(&ending.title)),
        go_on: (!ended).then(|| walk.furthest().address(&attempt.id)),
        looking_back: ended.then(|| Page::LookingBack.address(&attempt.id)),
        problem: refused
            .and_then(|refused| Some((format!("answer-{}", refused.comment), refused.problem()?))),
        ask: refused.and_then(Refused::ask),
        just_sent: sent.is_some_and(|sent| said.comments.iter().any(|comment| comment.id == sent)),
    })
}

/// What stands after the question mark once an answer was sent.
#[derive(Debug, Deserialize)]
struct JustSent {
    sent: Option<String>,
}

async fn transcript(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Query(just): Query<JustSent>,
) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    let walk = attempt.replay();
    if walk.answered().next().is_none() {
        return Err(Error::Elsewhere(walk.furthest().address(&attempt.id)));
    }
    show(&page(&app, &nurse, &attempt, None, just.sent.as_deref()).await?)
}
