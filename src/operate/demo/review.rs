//! Looks through the answers of the demo for those that its educator said something about, and writes that.

use std::collections::HashSet;
use std::sync::Arc;

use super::fill::Filled;
use super::remarks::{Became, MARKS, Mark, REMARKS, TICKED, can_be_shown};
use crate::accounts::StaffId;
use crate::accounts::audit::Event;
use crate::clock::{Clock, Millis};
use crate::cohorts::CohortId;
use crate::db::{Conn, Db};
use crate::operate::write::{self, Note, Simulated};
use crate::practice::Step;
use crate::review::store::{
    Answer, MadeComment, MadeMarking, insert_made_comment, insert_made_marking, insert_made_sample,
};
use crate::scenario::rubric::Element;

const HOUR: Millis = 60 * 60 * 1000;

/// Everything the educator said.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Comments.
    pub comments: Vec<MadeComment>,
    /// Markings.
    pub markings: Vec<MadeMarking>,
    /// Own words ticked for class, and when.
    pub samples: Vec<(CohortId, Answer, Millis)>,
    /// What the audit log says of it.
    pub notes: Vec<Note>,
    /// The nurse whose comment was answered.
    pub commented: Option<String>,
}

/// Decides what the educator said, from what the nurses answered.
#[must_use]
pub fn say(clock: &Clock, educator: &StaffId, cohorts: &[Filled], now: Millis) -> Said {
    let mut said =
        Said { markings: markings(cohorts, now), samples: samples(cohorts, now), ..Said::default() };
    let mut nurses = HashSet::new();
    for remark in &REMARKS {
        let fits = |simulated: &&Simulated, step: &Step<'_>| {
            let reply = step.answer.map(|answer| answer.reply.id.as_str());
            simulated.attempt.revision.scenario.slug == remark.slug
                && step.turn_id == remark.turn
                && reply.is_some_and(|reply| remark.replies.contains(&reply))
                && !nurses.contains(&simulated.nurse_id)
        };
        let Some((cohort, simulated, answer, answered_at)) = find(cohorts, fits).next() else { continue };
        nurses.insert(simulated.nurse_id.clone());
        let (comment, is_answered) = comment(clock, remark.text, remark.became, answer, answered_at, now);
        if is_answered && said.commented.is_none() {
            said.commented = Some(simulated.nurse_id.clone());
        }
        let note = |event| Note {
            id: clock.new_id_at(comment.written_at),
            at: comment.written_at,
            event,
            staff: educator.clone(),
            cohort: cohort.clone(),
            nurse: Some(simulated.nurse_id.clone()),
            object: Some(simulated.attempt.id.as_str().to_owned()),
        };
        said.notes.push(note(Event::TranscriptViewed));
        said.notes.extend(comment.released_at.map(|_| note(Event::Commented)));
        said.comments.push(comment);
    }
    said
}

/// Two markings of own words.
fn markings(cohorts: &[Filled], now: Millis) -> Vec<MadeMarking> {
    let marking = |mark: &Mark| {
        let fits = |_: &&Simulated, step: &Step<'_>| own_words(step).starts_with(mark.words);
        let (_, _, answer, answered_at) = find(cohorts, fits).next()?;
        let marked_at = (answered_at + 30 * HOUR).min(now - HOUR);
        Some(MadeMarking {
            answer,
            seen: [Element::Warm, Element::Clear, Element::Honest].into_iter().zip(mark.seen).collect(),
            marked_at,
            released_at: mark.released.then_some(marked_at),
        })
    };
    MARKS.iter().filter_map(marking).take(2).collect()
}

/// Own words of the first cohort for class, each of another nurse.
fn samples(cohorts: &[Filled], now: Millis) -> Vec<(CohortId, Answer, Millis)> {
    let (slug, turn, most) = TICKED;
    let fits = |simulated: &&Simulated, step: &Step<'_>| {
        simulated.attempt.revision.scenario.slug == slug
            && step.turn_id == turn
            && can_be_shown(own_words(step))
    };
    let mut shown = HashSet::new();
    let found = find(cohorts.get(..1).unwrap_or_default(), fits);
    let found = found.filter(|(_, simulated, _, _)| shown.insert(simulated.nurse_id.clone())).take(most);
    found
        .map(|(cohort, _, answer, answered_at)| (cohort, answer, (answered_at + 40 * HOUR).min(now - HOUR)))
        .collect()
}

fn own_words<'a>(step: &Step<'a>) -> &'a str {
    step.opening.and_then(|opening| opening.own_words.as_deref()).unwrap_or_default()
}

/// The answers of assigned work that fit, oldest first, with their cohort, attempt and time.
fn find<'a>(
    cohorts: &'a [Filled],
    fits: impl Fn(&&'a Simulated, &Step<'a>) -> bool,
) -> impl Iterator<Item = (CohortId, &'a Simulated, Answer, Millis)> {
    let mut found = Vec::new();
    for cohort in cohorts {
        for simulated in cohort.attempts.iter().filter(|simulated| simulated.attempt.assigned.is_some()) {
            for (step, answered) in simulated.attempt.replay().answered() {
                if fits(&simulated, step) {
                    let answer = Answer { attempt: simulated.attempt.id.clone(), number: step.number };
                    found.push((cohort.id.clone(), simulated, answer, answered.response.answered_at));
                }
            }
        }
    }
    found.into_iter()
}

/// The comment as it is written, and whether the nurse answered.
fn comment(
    clock: &Clock,
    text: &str,
    became: Became,
    answer: Answer,
    answered_at: Millis,
    now: Millis,
) -> (MadeComment, bool) {
    let after = |hours: Millis| (answered_at + hours * HOUR).min(now - HOUR + hours * 60_000);
    let written_at = after(20);
    let reply = match became {
        Became::Answered(text) | Became::Resolved(text) => Some(text),
        _ => None,
    };
    let made = MadeComment {
        id: clock.new_id_at(written_at),
        answer,
        text: text.to_owned(),
        token_hash: clock.new_token(),
        written_at,
        released_at: (became != Became::Draft).then_some(written_at),
        read_at: (!matches!(became, Became::Draft | Became::Released)).then(|| after(26)),
        resolved_at: matches!(became, Became::Resolved(_)).then(|| after(45)),
        answered: reply
            .map(|text| (clock.new_id_at(after(27)), text.to_owned(), clock.new_token(), after(27))),
    };
    (made, reply.is_some())
}

/// Writes all of it in one transaction.
pub async fn write(db: &Db, educator: &StaffId, said: Said) -> sqlx::Result<()> {
    let (educator, said) = (educator.clone(), Arc::new(said));
    db.write(move |conn| {
        let (educator, said) = (educator.clone(), Arc::clone(&said));
        Box::pin(async move { put(conn, &educator, &said).await })
    })
    .await
}

async fn put(conn: &mut Conn, educator: &StaffId, said: &Said) -> sqlx::Result<()> {
    for comment in &said.comments {
        insert_made_comment(conn, educator, comment).await?;
    }
    for marking in &said.markings {
        insert_made_marking(conn, educator, marking).await?;
    }
    for note in &said.notes {
        write::note(conn, note).await?;
    }
    for (cohort, answer, at) in &said.samples {
        insert_made_sample(conn, educator, cohort, answer, *at).await?;
    }
    Ok(())
}
