//! The answers to one wording of a turn, as they stand on the page.

use std::collections::HashSet;

use super::place::{address as nurse_address, took};
use super::tick::answer;
use crate::cohorts::Cohort;
use crate::review::replies::{Chosen, tally};
use crate::review::{FEW, Given, Met, Work};
use crate::scenario::drawing::Picture;

/// One reply with its numbers.
#[derive(Clone, Debug)]
pub struct ReplyLine {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) place: &'static str,
    pub(super) policy_decides: bool,
    pub(super) first: usize,
    pub(super) first_percent: usize,
    pub(super) later: usize,
    pub(super) later_percent: usize,
    /// Names and the addresses of their transcripts: who chose it first.
    pub(super) who: Vec<(String, String)>,
}

/// Own words, and the id of the reply chosen after them.
#[derive(Clone, Debug)]
pub struct OwnLine {
    pub(super) words: String,
    pub(super) reply: String,
    pub(super) again: bool,
    /// The answer as the buttons name it.
    pub(super) answer: String,
    pub(super) ticked: bool,
}

/// Everything that was written before one reply was chosen.
#[derive(Clone, Debug)]
pub struct OwnGroup {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) place: &'static str,
    pub(super) lines: Vec<OwnLine>,
}

/// One wording of the turn: more than one only where revisions differ.
#[derive(Clone, Debug)]
pub struct Wording {
    pub(super) key: usize,
    pub(super) edition: String,
    pub(super) picture: Picture,
    pub(super) name: String,
    pub(super) does: String,
    pub(super) says: String,
    pub(super) first: usize,
    pub(super) later: usize,
    pub(super) median: Option<String>,
    pub(super) replies: Vec<ReplyLine>,
    pub(super) own: Vec<OwnGroup>,
    pub(super) found: usize,
    pub(super) shown: usize,
    pub(super) skipped: usize,
}

impl Wording {
    pub(super) fn new(
        key: usize,
        cohort: &Cohort,
        work: &Work,
        met: &Met<'_>,
        (mut own, most): (Vec<OwnLine>, usize),
    ) -> Self {
        let tally = tally(&met.answers);
        let totals = (tally.first, tally.later);
        let (found, shown) = (own.len(), own.len().min(most));
        own.truncate(most);
        let scenario = met.answers.last().map(|given| &given.attempt.revision.scenario);
        let person = scenario.and_then(|scenario| scenario.speaker(met.turn.speaker.as_deref()));
        let picture = scenario.map(|scenario| Picture::on_stage(scenario, person, met.turn.mood));
        let speak =
            |text: &str| met.answers.last().map_or_else(|| text.to_owned(), |given| given.speak(text));
        let replies = tally.replies.iter().map(|reply| reply_line(cohort, work, reply, totals, met));
        let own = tally.replies.iter().map(|chosen| {
            let (here, rest) = own.drain(..).partition(|line| line.reply == chosen.reply.id);
            own = rest;
            let verdict = met.turn.verdict(chosen.reply);
            let (class, place) = (verdict.place.class(), verdict.place.name());
            OwnGroup { text: speak(&chosen.reply.text), class, place, lines: here }
        });
        let own = own.filter(|group| !group.lines.is_empty()).collect();
        let openings = met.answers.iter().filter_map(|given| given.step.opening);
        let skipped = openings.filter(|opening| opening.own_words.is_none() && !opening.words_gone);
        Self {
            key,
            edition: met.edition(),
            picture: picture.unwrap_or_else(Picture::sample),
            name: person.map(|person| speak(person.called())).unwrap_or_default(),
            does: speak(&met.turn.does),
            says: speak(&met.turn.says),
            first: tally.first,
            later: tally.later,
            median: tally.median.map(took),
            replies: replies.collect(),
            skipped: if met.turn.ask_own_words { skipped.count() } else { 0 },
            own,
            found,
            shown,
        }
    }

    /// Whether there are enough nurses for bars.
    pub(super) fn drawn(&self) -> bool {
        self.first >= FEW
    }

    /// How many own words stand on the page only when all are asked for.
    pub(super) fn hidden(&self) -> usize {
        self.found - self.shown
    }

    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let reply = ReplyLine {
            text: "“Maybe.”".to_owned(),
            class: "blurs",
            place: "Blurs",
            policy_decides: true,
            first: 4,
            first_percent: 67,
            later: 1,
            later_percent: 50,
            who: vec![("Ana Okafor".to_owned(), "/cohorts/c/people/s/a".to_owned())],
        };
        let own = OwnLine {
            words: "Um, no?".to_owned(),
            reply: "maybe".to_owned(),
            again: true,
            answer: "a.1".to_owned(),
            ticked: true,
        };
        let own =
            OwnGroup { text: "“Maybe.”".to_owned(), class: "blurs", place: "Blurs", lines: vec![own] };
        Self {
            key: 0,
            edition: ", as in revision 1".to_owned(),
            picture: Picture::sample(),
            name: "Mr. Gate".to_owned(),
            does: "He leans on the gate.".to_owned(),
            says: "Could you drive me?".to_owned(),
            first: 6,
            later: 2,
            median: Some("38 s".to_owned()),
            replies: vec![reply],
            own: vec![own],
            found: 70,
            shown: 1,
            skipped: 1,
        }
    }
}

fn reply_line(
    cohort: &Cohort,
    work: &Work,
    chosen: &Chosen<'_>,
    (first, later): (usize, usize),
    met: &Met<'_>,
) -> ReplyLine {
    let verdict = met.turn.verdict(chosen.reply);
    let speak = |text: &str| met.answers.last().map_or_else(|| text.to_owned(), |given| given.speak(text));
    let who = chosen.first.iter().map(|given| {
        let name = work.seat(given.seat).map_or("", |seat| seat.shown()).to_owned();
        (name, nurse_address(cohort.id.as_str(), given.seat, Some(&given.attempt.id)))
    });
    ReplyLine {
        text: speak(&chosen.reply.text),
        class: verdict.place.class(),
        place: verdict.place.name(),
        policy_decides: chosen.reply.policy_dependent,
        first: chosen.first.len(),
        first_percent: chosen.first.len() * 100 / first.max(1),
        later: chosen.later.len(),
        later_percent: chosen.later.len() * 100 / later.max(1),
        who: who.collect(),
    }
}

/// Own words as they are listed: first ones before later ones, each with the reply chosen after them.
pub(super) fn own_lines(met: &Met<'_>, ticked: &HashSet<(String, i64)>) -> Vec<OwnLine> {
    let mut seen = HashSet::new();
    let mut in_time: Vec<&Given<'_>> = met.answers.iter().collect();
    in_time.sort_by_key(|given| (given.answer.response.answered_at, given.step.number));
    let line = |given: &Given<'_>| {
        let again = !seen.insert(given.seat.clone());
        let words = given.step.opening?.own_words.clone()?;
        let attempt = given.attempt.id.as_str().to_owned();
        Some(OwnLine {
            words,
            reply: given.answer.reply.id.clone(),
            again,
            answer: answer(&attempt, given.step.number),
            ticked: ticked.contains(&(attempt, i64::from(given.step.number))),
        })
    };
    let mut lines: Vec<OwnLine> = in_time.into_iter().filter_map(line).collect();
    // The order of time would tell who is who.
    lines.sort_by(|one, other| (one.again, &one.words).cmp(&(other.again, &other.words)));
    lines
}
