//! My practice: what she has done, the sentences she keeps, and what is hers to take along or delete.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::said::is_unread;
use crate::accounts::nurse::Nurse;
use crate::accounts::store::staff_names;
use crate::app::App;
use crate::cohorts::Group;
use crate::cohorts::store::groups_of;
use crate::practice::progress::Repair;
use crate::practice::{Attempt, Purpose, load, store};
use crate::review::store::hers;
use crate::scenario::drawing::Spark;
use crate::scenario::web::catalogue::kind;
use crate::web::form::{JustSaved, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// How many attempts the page lists.
const LISTED: i64 = 100;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/me", Who::Nurse, me), get("/me/card", Who::Nurse, card)]
}

/// One attempt in the list.
#[derive(Clone, Debug)]
pub struct Line {
    address: String,
    title: String,
    date: String,
    spark: Option<Spark>,
    how: String,
    open: bool,
    /// Of assigned work: for which group.
    assigned: Option<String>,
    /// Where it can be read turn by turn, once something is answered.
    transcript: Option<String>,
}

impl Line {
    fn new(attempt: &Attempt, groups: &[Group]) -> Self {
        let walk = attempt.replay();
        let path = walk.path();
        let open_slips = walk.steps.iter().filter(|step| walk.repair(step.number) == Repair::Open).count();
        let how = match walk.ending {
            None => format!("Stopped at turn {}", walk.steps.len()),
            Some(_) if !walk.missed_red_flags().is_empty() => "A danger was left unanswered".to_owned(),
            Some(_) if open_slips > 0 => "Something stayed open".to_owned(),
            Some((_, ending)) => attempt.policy.speak(&ending.title),
        };
        Self {
            address: format!("/attempts/{}", attempt.id.as_str()),
            title: attempt.policy.speak(&attempt.revision.scenario.title),
            date: crate::clock::day(attempt.started_at),
            transcript: (!path.is_empty()).then(|| format!("/attempts/{}/transcript", attempt.id.as_str())),
            spark: (!path.is_empty()).then(|| Spark::new(&path, 0)),
            how,
            open: walk.ending.is_none(),
            assigned: (attempt.purpose == Purpose::Assigned).then(|| kind(attempt, groups)),
        }
    }
}

/// A comment on an answer of hers.
#[derive(Clone, Debug)]
pub struct Comment {
    address: String,
    about: String,
    excerpt: String,
    unread: bool,
}

impl Comment {
    /// One that was not read yet.
    fn sample() -> Self {
        Self {
            address: "/attempts/a/transcript#comment-c".to_owned(),
            about: "Ruth Reyes on A goodbye, turn 1".to_owned(),
            excerpt: "What did you want her to feel?".to_owned(),
            unread: true,
        }
    }
}

/// How much of a comment the list shows, in characters.
const EXCERPT: usize = 140;

fn excerpt(text: &str) -> String {
    let begin: String = text.chars().take(EXCERPT).collect();
    if begin.len() < text.len() { format!("{}…", begin.trim_end()) } else { begin }
}

/// The comments released to her: those that wait to be read first, then the newest.
async fn comments(app: &App, nurse: &Nurse, attempts: &[Attempt]) -> Result<Vec<Comment>> {
    let mut conn = app.db.read().await?;
    let found = hers::comments(&mut conn, nurse).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let (answers, names) = (hers::answers(&mut conn, nurse).await?, staff_names(&mut conn).await?);
    let comment = |comment: &hers::ReleasedComment| {
        let name = names.get(&comment.staff_id).map_or("An educator", String::as_str);
        let attempt = attempts.iter().find(|attempt| attempt.id.as_str() == comment.attempt_id);
        let title = attempt.map(|attempt| attempt.policy.speak(&attempt.revision.scenario.title));
        let title = title.unwrap_or_else(|| "An earlier conversation".to_owned());
        Comment {
            address: format!("/attempts/{}/transcript#comment-{}", comment.attempt_id, comment.id),
            about: format!("{name} on {title}, turn {}", comment.turn_number),
            excerpt: excerpt(&comment.text),
            unread: is_unread(comment, &answers),
        }
    };
    let mut comments: Vec<Comment> = found.iter().map(comment).collect();
    comments.sort_by_key(|comment| !comment.unread);
    Ok(comments)
}

/// A sentence she keeps.
#[derive(Clone, Debug)]
pub struct IfThen {
    /// Where she can change it; None where its conversation is hers no more.
    address: Option<String>,
    if_asked: String,
    then_say: String,
}

async fn if_thens(app: &App, nurse: &Nurse) -> Result<Vec<IfThen>> {
    let found = store::if_thens(&mut app.db.read().await?, nurse).await?;
    let sentence = |(attempt, if_asked, then_say): (Option<String>, String, String)| IfThen {
        address: attempt.map(|attempt| format!("/attempts/{attempt}/looking-back#kept")),
        if_asked,
        then_say,
    };
    Ok(found.into_iter().map(sentence).collect())
}

/// My practice.
#[derive(Debug, Template)]
#[template(path = "practice/me.html")]
pub struct MePage {
    frame: Frame,
    lines: Vec<Line>,
    groups: Vec<Group>,
    /// The names of the groups she left and did assigned work in.
    left: String,
    comments: Vec<Comment>,
    if_thens: Vec<IfThen>,
    has_return_code: bool,
    own_device: bool,
    just_saved: bool,
}

impl MePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let line = Line {
            address: "/attempts/a".to_owned(),
            title: "A goodbye".to_owned(),
            date: "1 January 2026".to_owned(),
            spark: Some(Spark::new(&[crate::scenario::rubric::Place::Keeps], 4)),
            how: "She knows".to_owned(),
            open: true,
            assigned: Some("Assigned, Spring residency".to_owned()),
            transcript: Some("/attempts/a/transcript".to_owned()),
        };
        Self {
            frame: Frame::new(Here::Me, true),
            lines: vec![line],
            groups: Group::sample().into_iter().collect(),
            left: "Fall residency".to_owned(),
            comments: vec![Comment::sample()],
            if_thens: vec![IfThen {
                address: Some("/attempts/a/looking-back".to_owned()),
                if_asked: "she asks".to_owned(),
                then_say: "No.".to_owned(),
            }],
            has_return_code: false,
            own_device: false,
            just_saved: true,
        }
    }
}

async fn me(State(app): State<App>, nurse: Nurse, Query(just): Query<JustSaved>) -> Result<Response> {
    let (attempts, mut groups) = {
        let mut conn = app.db.read().await?;
        let attempts = load::ways(&mut conn, &app.library, &nurse, LISTED).await?;
        (attempts, groups_of(&mut conn, &nurse).await?)
    };
    let lines = attempts.iter().map(|attempt| Line::new(attempt, &groups)).collect();
    let worked = |group: &&Group| {
        let at_work = |attempt: &Attempt| attempt.assigned.as_ref().is_some_and(|it| it.seat == group.seat);
        group.left && attempts.iter().any(at_work)
    };
    let left: Vec<&str> = groups.iter().filter(worked).map(|group| group.name.as_str()).collect();
    let left = left.join(", ");
    groups.retain(|group| !group.left);
    show(&MePage {
        frame: Frame::new(Here::Me, true),
        lines,
        groups,
        left,
        comments: comments(&app, &nurse, &attempts).await?,
        if_thens: if_thens(&app, &nurse).await?,
        has_return_code: nurse.has_return_code(),
        own_device: nurse.own_device(),
        just_saved: just.is_so(),
    })
}

/// The pocket card.
#[derive(Debug, Template)]
#[template(path = "practice/card.html")]
pub struct CardPage {
    frame: Frame,
    if_thens: Vec<IfThen>,
}

impl CardPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::new(Here::Me, true), if_thens: MePage::sample().if_thens }
    }
}

async fn card(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let if_thens = if_thens(&app, &nurse).await?;
    show(&CardPage { frame: Frame::new(Here::Me, true), if_thens })
}
