//! One nurse's transcript: what she said, what she chose, and what is said about it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::blackout::BlackView;
use super::place::{self, Place, took};
use super::script::{TalkView, TurnView, turns};
use crate::accounts::staff::Educator;
use crate::accounts::store::staff_names;
use crate::app::App;
use crate::clock::day;
use crate::db::Conn;
use crate::practice::guard::Ask;
use crate::practice::store::{Part, talks};
use crate::practice::{Attempt, OwnWords};
use crate::review::load;
use crate::review::remark::{Comment, Marking};
use crate::review::store::{self, CommentAnswer};
use crate::review::viewed::note_view;
use crate::scenario::drawing::Spark;
use crate::web::form::{Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}/people/{seat}/{attempt}", Who::Educator, transcript)]
}

/// A form of the page that could not be kept as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble {
    /// The id of the field.
    pub(super) field: String,
    /// What is to be done.
    pub(super) text: String,
    /// What was typed.
    pub(super) typed: String,
    /// Where something in it is to be asked about first: the question.
    pub(super) ask: Option<Ask>,
    /// What was blacked out anywhere when it was typed, as `mark` gives it.
    pub(super) blacked: Option<String>,
    /// Of a draft: which text it was made of.
    pub(super) of: Option<String>,
    /// What was typed, where the field shows something else.
    pub(super) beside: Option<String>,
}

/// What the forms of one transcript need.
pub(super) struct Forms<'a> {
    pub(super) app: &'a App,
    pub(super) attempt: &'a Attempt,
    pub(super) address: String,
    /// The nurse's name.
    pub(super) name: String,
    pub(super) trouble: Option<&'a Trouble>,
    /// What is blacked out anywhere in it, as `mark` gives it.
    pub(super) blacked: String,
}

/// A nurse's transcript.
#[derive(Debug, Template)]
#[template(path = "review/transcript.html")]
pub struct TranscriptPage {
    frame: Frame,
    cohort_id: String,
    cohort: String,
    name: String,
    nurse: String,
    address: String,
    title: String,
    which: String,
    spark: Spark,
    date: String,
    took: String,
    revision: i64,
    compare: bool,
    missed: Vec<(u32, String)>,
    talk: Option<TalkView>,
    turns: Vec<TurnView>,
    ending: Option<String>,
    black: Option<BlackView>,
    trouble: Option<Trouble>,
    just_saved: bool,
    /// Whether words were blacked out just now.
    just_blacked: bool,
}

/// What stands after the question mark once a form was sent: that it was kept, or that words were blacked out.
#[derive(Debug, Deserialize)]
struct JustSent {
    saved: Option<String>,
    blacked: Option<String>,
}

impl TranscriptPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            cohort: "Spring".to_owned(),
            name: "Ana Okafor".to_owned(),
            nurse: "/cohorts/c/people/s".to_owned(),
            address: "/cohorts/c/people/s/a".to_owned(),
            title: "A goodbye".to_owned(),
            which: "First of 2 attempts".to_owned(),
            spark: Spark::new(&[], 3),
            date: "March 3, 2026".to_owned(),
            took: "4 min 50 s".to_owned(),
            revision: 1,
            compare: true,
            missed: vec![(1, "He is dizzy".to_owned())],
            talk: Some(TalkView::sample()),
            turns: TurnView::samples(),
            ending: Some("She knows".to_owned()),
            black: Some(BlackView::sample()),
            trouble: Some(Trouble {
                field: "comment-1".to_owned(),
                text: "Write something first".to_owned(),
                ..Trouble::default()
            }),
            just_saved: false,
            just_blacked: false,
        }
    }
}

/// What is said about one attempt, and by whom.
pub(super) struct Said {
    pub(super) comments: Vec<Comment>,
    pub(super) answers: Vec<CommentAnswer>,
    pub(super) markings: Vec<Marking>,
    pub(super) names: HashMap<String, String>,
}

async fn said(conn: &mut Conn, educator: &Educator, attempt: &Attempt) -> Result<Said> {
    let comments = store::comments(conn, educator, &attempt.id).await?;
    let answers = store::answers(conn, educator, &attempt.id).await?;
    let markings = store::markings(conn, educator, &attempt.id).await?;
    Ok(Said { comments, answers, markings, names: staff_names(conn).await? })
}

/// Which of a nurse's attempts at a scenario this is: position from 1, and how many there are.
async fn position(
    app: &App,
    conn: &mut Conn,
    educator: &Educator,
    (place, attempt): (&Place, &Attempt),
) -> Result<(usize, usize)> {
    let mut same = load::of_seat(conn, app, educator, &place.seat.id).await?;
    let slug = &attempt.revision.scenario.slug;
    same.retain(|other| other.revision.scenario.slug == *slug && !other.responses.is_empty());
    let found = same.iter().position(|other| other.id == attempt.id);
    Ok((found.map_or(same.len().max(1), |position| position + 1), same.len()))
}

fn which(position: usize, count: usize) -> String {
    match (position, count) {
        (_, 0 | 1) => "Only attempt".to_owned(),
        (1, _) => format!("First of {count} attempts"),
        (last, _) if last == count => format!("Latest of {count} attempts"),
        _ => format!("Attempt {position} of {count}"),
    }
}

/// The page, filled. That it was looked at is noted before.
pub(super) async fn page(
    app: &App,
    educator: &Educator,
    place: &Place,
    attempt: &Attempt,
    trouble: Option<Trouble>,
) -> Result<TranscriptPage> {
    note_view(app, educator, &place.seat, attempt.id.as_str()).await?;
    let mut conn = app.db.read().await?;
    let said = said(&mut conn, educator, attempt).await?;
    let talk = talks(&mut conn, educator, Part::One(&attempt.id)).await?.pop();
    let (number, count) = position(app, &mut conn, educator, (place, attempt)).await?;
    drop(conn);
    let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
    let cohort_id = educator.cohort().as_str().to_owned();
    let forms = Forms {
        app,
        attempt,
        address: place::address(&cohort_id, &place.seat.id, Some(&attempt.id)),
        name: place.seat.shown().to_owned(),
        trouble: trouble.as_ref(),
        blacked: place.blacked.clone(),
    };
    let walk = attempt.replay();
    let path = walk.path();
    let last = walk.answered().next_back().map(|(_, answer)| answer.response.answered_at);
    let missed = walk.missed_red_flags();
    Ok(TranscriptPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort: place.cohort.name.clone(),
        name: place.seat.shown().to_owned(),
        nurse: place::address(&cohort_id, &place.seat.id, None),
        title: policy.speak(&scenario.title),
        which: which(number, count),
        spark: Spark::new(&path, path.len()),
        date: day(attempt.started_at),
        took: last.map_or_else(String::new, |last| took(last - attempt.started_at)),
        revision: attempt.revision.number,
        compare: count > 1,
        missed: missed.iter().map(|step| (step.number, policy.speak(&step.turn.title))).collect(),
        talk: talk.as_ref().map(TalkView::of),
        black: BlackView::of(&forms, talk.as_ref(), &said),
        turns: turns(&forms, educator, place, &said),
        ending: walk.ending.map(|(_, ending)| policy.speak(&ending.title)),
        address: forms.address,
        trouble,
        just_saved: false,
        just_blacked: false,
        cohort_id,
    })
}

async fn transcript(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat, attempt)): Path<(String, String, String)>,
    Query(just): Query<JustSent>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await?;
    drop(conn);
    let mut page = page(&app, &educator, &place, &attempt, None).await?;
    page.just_blacked = just.blacked.is_some();
    page.just_saved = just.saved.is_some() && !page.just_blacked;
    show(&page)
}
