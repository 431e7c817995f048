//! Recording own words and replies: each once, durably, whatever is sent again.

use std::sync::Arc;

use super::{Attempt, AttemptId, Opening, Page, Response, Sureness, load, store};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::db::{Conn, is_busy};
use crate::scenario::{Next, Reply, Turn};

/// What became of something that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is recorded, now or from before.
    Recorded,
    /// Something else is recorded for this turn; that stays.
    Different,
    /// It does not belong to a turn she may answer; this page is next for her.
    Elsewhere(Page),
    /// The attempt was deleted meanwhile.
    Gone,
    /// So many answer at once that this was not taken.
    TooMany,
}

/// Records own words (or that she went straight to the replies) and the order the replies will stand in; with `anyway`,
/// that they were sent although something in them looks like a real person's details.
///
/// `before` is her attempt as it was read a moment ago: what is recorded of earlier turns never changes, so nothing that
/// the database has to wait for is read again.
pub async fn open(
    app: &App,
    nurse: &Nurse,
    before: &Attempt,
    number: u32,
    own_words: Option<String>,
    anyway: Option<store::SentAnyway>,
) -> anyhow::Result<Outcome> {
    let walk = before.replay();
    let Some(step) = walk.step(number) else { return Ok(Outcome::Elsewhere(walk.furthest())) };
    let written = if step.opening.is_some() {
        Ok(Written::NotNow)
    } else {
        let opening = fresh(&app.clock, step.turn, own_words.clone(), app.clock.now());
        write_opening(app, nurse, before, (number, step.turn_id), (opening, anyway)).await
    };
    let same = |now: &Attempt| now.openings.get(&number).is_some_and(|it| it.own_words == own_words);
    outcome(app, nurse, &before.id, written, same).await
}

async fn write_opening(
    app: &App,
    nurse: &Nurse,
    before: &Attempt,
    (number, turn_id): (u32, &str),
    (opening, anyway): (Opening, Option<store::SentAnyway>),
) -> anyhow::Result<Written> {
    let (nurse, before) = (nurse.clone(), Arc::new(before.clone()));
    let what = Arc::new((turn_id.to_owned(), opening, anyway));
    let work = app.db.write(move |conn| {
        let (nurse, before, what) = (nurse.clone(), Arc::clone(&before), Arc::clone(&what));
        Box::pin(async move {
            let (turn_id, opening, anyway) = what.as_ref();
            if !store::hold(conn, &nurse, &before).await? {
                return Ok(Written::Gone);
            }
            let new = store::insert_opening(conn, &before.id, number, turn_id, opening).await?;
            if let (true, Some(anyway)) = (new, anyway) {
                let seat = before.assigned.as_ref().map(|assigned| &assigned.seat);
                anyway.by_nurse(conn, nurse.id(), &before.id, seat).await?;
            }
            Ok(if new { Written::Now } else { Written::NotNow })
        })
    });
    work.await
}

/// Records a reply and, where the next turn asks for no own words, that turn's opening with it. `before` as in [`open`].
pub async fn answer(
    app: &App,
    nurse: &Nurse,
    before: &Attempt,
    number: u32,
    reply: &Reply,
    sureness: Option<Sureness>,
) -> anyhow::Result<Outcome> {
    let walk = before.replay();
    let answerable = walk.step(number).filter(|step| step.opening.is_some());
    let Some(step) = answerable else { return Ok(Outcome::Elsewhere(walk.furthest())) };
    let written = if step.answer.is_some() {
        Ok(Written::NotNow)
    } else {
        let (turn_id, reply_id, answered_at) = (step.turn_id.to_owned(), reply.id.clone(), app.clock.now());
        let response = Response { turn_id, reply_id, sureness, answered_at };
        let follows = Follows::of(app, before, reply, answered_at);
        write_response(app, nurse, before, number, response, follows).await
    };
    let same = |now: &Attempt| now.responses.get(&number).is_some_and(|it| it.reply_id == reply.id);
    outcome(app, nurse, &before.id, written, same).await
}

async fn write_response(
    app: &App,
    nurse: &Nurse,
    before: &Attempt,
    number: u32,
    response: Response,
    follows: Follows,
) -> anyhow::Result<Written> {
    let (nurse, before, its_app) = (nurse.clone(), Arc::new(before.clone()), app.clone());
    let what = Arc::new((response, follows));
    let work = app.db.write(move |conn| {
        let (nurse, before, what) = (nurse.clone(), Arc::clone(&before), Arc::clone(&what));
        let app = its_app.clone();
        Box::pin(async move {
            let (response, follows) = what.as_ref();
            // Where others may write meanwhile, they wait until this is stored.
            if !conn.writes_alone() && !store::hold(conn, &nurse, &before).await? {
                return Ok(Written::Gone);
            }
            if !store::insert_response(conn, &nurse, &before.id, number, response).await? {
                return Ok(Written::NotNow);
            }
            store::tally_answer(conn, &app.library, &before, number, response).await?;
            follows.write(conn, &before, number).await?;
            Ok(Written::Now)
        })
    });
    work.await
}

/// What became of a row that was to be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Written {
    /// It is there now.
    Now,
    /// It is not: another one was there before, or the attempt is hers no longer.
    NotNow,
    /// There is nothing any more that it belongs to.
    Gone,
}

/// What to tell her; `same` says whether what is recorded is what she sent.
async fn outcome(
    app: &App,
    nurse: &Nurse,
    id: &AttemptId,
    written: anyhow::Result<Written>,
    same: impl Fn(&Attempt) -> bool,
) -> anyhow::Result<Outcome> {
    match written {
        Ok(Written::Now) => return Ok(Outcome::Recorded),
        Ok(Written::Gone) => return Ok(Outcome::Gone),
        Ok(Written::NotNow) => {}
        Err(cause) if cause.downcast_ref().is_some_and(is_busy) => return Ok(Outcome::TooMany),
        Err(cause) => return Err(cause),
    }
    let now = load::attempt(&mut app.db.read().await?, &app.library, nurse, id).await?;
    Ok(match now {
        Some(now) if same(&now) => Outcome::Recorded,
        Some(_) => Outcome::Different,
        None => Outcome::Gone,
    })
}

/// What comes with a response in the same transaction.
#[derive(Clone, Debug)]
enum Follows {
    /// The next turn's opening, where that turn asks for no own words.
    Opening(String, Opening),
    /// At the end of assigned work: that it was done.
    Completion(Millis),
    /// Nothing.
    Nothing,
}

impl Follows {
    fn of(app: &App, attempt: &Attempt, reply: &Reply, now: Millis) -> Self {
        match attempt.revision.scenario.next(&reply.next) {
            Some(Next::Turn(turn_id, turn)) if !turn.ask_own_words => {
                Self::Opening(turn_id.to_owned(), fresh(&app.clock, turn, None, now))
            }
            Some(Next::Ending(..)) => Self::Completion(now),
            _ => Self::Nothing,
        }
    }

    async fn write(&self, conn: &mut Conn, attempt: &Attempt, number: u32) -> sqlx::Result<()> {
        match self {
            Self::Opening(turn_id, opening) => {
                store::insert_opening(conn, &attempt.id, number + 1, turn_id, opening).await.map(drop)
            }
            Self::Completion(now) => store::insert_completion(conn, attempt, *now).await,
            Self::Nothing => Ok(()),
        }
    }
}

/// An opening with the replies in an order of chance.
#[must_use]
pub fn fresh(clock: &Clock, turn: &Turn, own_words: Option<String>, now: Millis) -> Opening {
    let ids = turn.replies.iter().map(|reply| reply.id.clone()).collect();
    Opening { own_words, words_gone: false, reply_order: clock.shuffled(ids), opened_at: now }
}
