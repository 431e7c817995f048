//! Recording own words and replies: each once, durably, whatever is sent again.

use super::{Attempt, AttemptId, Opening, Page, Response, Step, Sureness, load, store};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::db::Conn;
use crate::scenario::{Next, Turn};

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
}

/// Records own words (or that she went straight to the replies) and the order the replies will stand in.
pub async fn open(
    app: &App,
    nurse: &Nurse,
    attempt: &AttemptId,
    number: u32,
    own_words: Option<String>,
) -> anyhow::Result<Outcome> {
    let (app, nurse, attempt) = (app.clone(), nurse.clone(), attempt.clone());
    let db = app.db.clone();
    db.write(move |conn| {
        let (app, nurse, attempt, own_words) =
            (app.clone(), nurse.clone(), attempt.clone(), own_words.clone());
        Box::pin(async move {
            let Some(before) = load::attempt(conn, &app.library, &nurse, &attempt).await? else {
                return Ok(Outcome::Gone);
            };
            if !store::hold(conn, &nurse, &before).await? {
                return Ok(Outcome::Gone);
            }
            let walk = before.replay();
            let Some(step) = walk.step(number) else { return Ok(Outcome::Elsewhere(walk.furthest())) };
            if step.opening.is_none() {
                let opening = fresh(&app.clock, step.turn, own_words.clone(), app.clock.now());
                if store::insert_opening(conn, &attempt, number, step.turn_id, &opening).await? {
                    return Ok(Outcome::Recorded);
                }
            }
            let now = load::attempt(conn, &app.library, &nurse, &attempt).await?;
            let recorded = now.and_then(|attempt| attempt.openings.get(&number).cloned());
            let same = recorded.is_some_and(|opening| opening.own_words == own_words);
            Ok(if same { Outcome::Recorded } else { Outcome::Different })
        })
    })
    .await
}

/// Records a reply and, where the next turn asks for no own words, that turn's opening with it.
pub async fn answer(
    app: &App,
    nurse: &Nurse,
    attempt: &AttemptId,
    number: u32,
    reply_id: String,
    sureness: Option<Sureness>,
) -> anyhow::Result<Outcome> {
    let (app, nurse, attempt) = (app.clone(), nurse.clone(), attempt.clone());
    let db = app.db.clone();
    db.write(move |conn| {
        let (app, nurse, attempt, reply_id) = (app.clone(), nurse.clone(), attempt.clone(), reply_id.clone());
        Box::pin(async move {
            let Some(before) = load::attempt(conn, &app.library, &nurse, &attempt).await? else {
                return Ok(Outcome::Gone);
            };
            if !store::hold(conn, &nurse, &before).await? {
                return Ok(Outcome::Gone);
            }
            let walk = before.replay();
            let answerable = walk.step(number).filter(|step| step.opening.is_some());
            let Some(step) = answerable else { return Ok(Outcome::Elsewhere(walk.furthest())) };
            if step.answer.is_none() {
                let now = app.clock.now();
                let response = Response {
                    turn_id: step.turn_id.to_owned(),
                    reply_id: reply_id.clone(),
                    sureness,
                    answered_at: now,
                };
                if store::insert_response(conn, &attempt, number, &response).await? {
                    store::tally_answer(conn, &before, number, &response).await?;
                    follow(conn, &app, &before, step, &reply_id, now).await?;
                    return Ok(Outcome::Recorded);
                }
            }
            let now = load::attempt(conn, &app.library, &nurse, &attempt).await?;
            let recorded = now.and_then(|attempt| attempt.responses.get(&number).cloned());
            let same = recorded.is_some_and(|response| response.reply_id == reply_id);
            Ok(if same { Outcome::Recorded } else { Outcome::Different })
        })
    })
    .await
}

/// What comes with a response in the same transaction: the next turn's opening where that turn asks for no own words,
/// or, at the end of assigned work, that it was done.
async fn follow(
    conn: &mut Conn,
    app: &App,
    attempt: &Attempt,
    step: &Step<'_>,
    reply_id: &str,
    now: Millis,
) -> anyhow::Result<()> {
    let reply = step.turn.reply(reply_id);
    match reply.and_then(|reply| attempt.revision.scenario.next(&reply.next)) {
        Some(Next::Turn(turn_id, turn)) if !turn.ask_own_words => {
            let opening = fresh(&app.clock, turn, None, now);
            store::insert_opening(conn, &attempt.id, step.number + 1, turn_id, &opening).await?;
        }
        Some(Next::Ending(..)) => store::insert_completion(conn, attempt, now).await?,
        _ => {}
    }
    Ok(())
}

/// An opening with the replies in an order of chance.
#[must_use]
pub fn fresh(clock: &Clock, turn: &Turn, own_words: Option<String>, now: Millis) -> Opening {
    let ids = turn.replies.iter().map(|reply| reply.id.clone()).collect();
    Opening { own_words, words_gone: false, reply_order: clock.shuffled(ids), opened_at: now }
}
