//! The three moments to talk about first, each with a question to open with.

use std::collections::HashMap;

use serde::Serialize;

use super::summary::People;
use super::turns::Gathering;
use super::{Count, FEW, Met};
use crate::scenario::rubric::Place;

/// How many moments a debrief begins with.
pub const MOMENTS: usize = 3;

/// How many of them may come from one scenario.
const OF_ONE_SCENARIO: usize = 2;

/// A turn at which first answers slipped.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// The scenario's slug.
    pub slug: String,
    /// The scenario's title.
    pub scenario: String,
    /// The turn's id.
    pub turn: String,
    /// The turn's title; with the revision, where that makes a difference.
    pub title: String,
    /// Which turn of the conversation it is, from 1.
    pub number: u32,
    /// What is said to the nurse at this turn.
    pub says: String,
    /// Where the first answers sit.
    pub first: Count,
    /// Of those who came here again in a later attempt: their first answers, and their latest.
    pub again: Option<(Count, Count)>,
    /// The question to open with.
    pub question: String,
    /// One reply that keeps the line here.
    pub kept: String,
}

impl Moment {
    /// A moment as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let first =
            Count { turns_away: 3, keeps: 8, blurs: 11, crosses: 2, missed_red_flags: 1, ..Count::default() };
        Self {
            slug: "a".to_owned(),
            scenario: "A goodbye".to_owned(),
            turn: "asks".to_owned(),
            title: "She asks to call you".to_owned(),
            number: 1,
            says: "May I call you?".to_owned(),
            first,
            again: Some((first, first)),
            question: "What makes it hard?".to_owned(),
            kept: "“I won’t give you my number.”".to_owned(),
        }
    }

    /// Whether a danger was left unanswered here.
    #[must_use]
    pub const fn missed(&self) -> bool {
        self.first.missed_red_flags > 0
    }

    /// What to begin with, in a sentence.
    #[must_use]
    pub fn begin(&self) -> String {
        let (title, all) = (quoted(&self.title), self.first.total());
        match (self.first.missed_red_flags, self.first.slips()) {
            (0, slips) => format!("Begin with {title}: {slips} of {all} first answers slipped there."),
            (missed, _) => format!("Begin with {title}: {missed} of {all} left a danger unanswered there."),
        }
    }

    /// Whether so many were here that their answers can be drawn.
    #[must_use]
    pub const fn drawn(&self) -> bool {
        self.first.total() >= FEW
    }
}

/// A title between quotation marks, also where it is somebody's words already.
#[must_use]
pub fn quoted(title: &str) -> String {
    if title.starts_with('“') { title.to_owned() } else { format!("“{title}”") }
}

/// What a debrief begins with.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Moments {
    /// The moments to talk about first.
    pub talk: Vec<Moment>,
    /// Further turns at which a danger was left unanswered, so that none goes unsaid.
    pub also_missed: Vec<Moment>,
}

/// What is gathered of one turn: the first answers; of those who came here again in a later attempt the first and the
/// latest ones.
#[derive(Debug, Default)]
struct Talked {
    first: Count,
    before: Count,
    after: Count,
}

/// The moments to talk about first: missed dangers, then where most first answers slipped; at most two of one
/// scenario. With fewer than five nurses there are none: their transcripts say more.
#[must_use]
pub fn moments(people: &People) -> Moments {
    let mut moments = Moments::default();
    if people.answered().count() < FEW {
        return moments;
    }
    let mut met = gathered(people);
    met.retain(|met| met.answers.first.slips() > 0);
    // The share that slipped times the number who came here is the number that slipped.
    met.sort_by_key(|met| {
        let count = met.answers.first;
        let share = count.slips() * 1_000 / count.total().max(1);
        std::cmp::Reverse((count.missed_red_flags, count.slips(), share))
    });
    let mut of_scenario: HashMap<&str, usize> = HashMap::new();
    for met in &met {
        let taken = of_scenario.entry(met.slug).or_default();
        if *taken < OF_ONE_SCENARIO && moments.talk.len() < MOMENTS {
            *taken += 1;
            moments.talk.push(moment(met));
        } else if met.answers.first.missed_red_flags > 0 {
            moments.also_missed.push(moment(met));
        }
    }
    moments
}

/// The first answers by turn, and beside them the latest ones of those who came there again.
fn gathered(people: &People) -> Vec<Met<'_, Talked>> {
    let mut gathering: Gathering<'_, Talked> = Gathering::default();
    for (_, summary) in people.each() {
        for turn in &summary.turns {
            let Some((spot, first)) = summary.look_up(turn.content, &turn.first) else { continue };
            let again = turn.latest.as_ref().filter(|latest| latest.attempt != turn.first.attempt);
            let again = again.and_then(|latest| summary.look_up(turn.content, latest));
            gathering.add(spot, |talked| {
                talked.first.add(first);
                if let Some((_, latest)) = again {
                    talked.before.add(first);
                    talked.after.add(latest);
                }
            });
        }
    }
    gathering.met(&people.assignments)
}

fn moment(met: &Met<'_, Talked>) -> Moment {
    let Talked { first, before, after } = met.answers;
    let speak = |text: &str| met.policy.speak(text);
    let question = speak(&met.turn.question);
    let kept = met.turn.replies.iter().find(|reply| met.turn.verdict(reply).place == Place::Keeps);
    Moment {
        slug: met.slug.to_owned(),
        scenario: met.scenario.clone(),
        turn: met.turn_id.to_owned(),
        title: format!("{}{}", met.title, met.edition()),
        number: met.number,
        says: speak(&met.turn.says),
        question: if question.is_empty() { usual_question(&first).to_owned() } else { question },
        first,
        kept: kept.map(|reply| speak(&reply.text)).unwrap_or_default(),
        again: (before.total() > 0).then_some((before, after)),
    }
}

/// A question for a turn whose author wrote none, after the most serious thing that happened there.
#[must_use]
pub fn usual_question(count: &Count) -> &'static str {
    let more_distant = count.at(Place::TurnsAway) > count.at(Place::Blurs);
    match () {
        () if count.missed_red_flags > 0 => "What here could not wait, and what would you do first?",
        () if count.at(Place::Crosses) > 0 => "What makes it so hard to say no here?",
        () if more_distant => "What does the person hear when the answer is this short?",
        () => "What can the person still hope for after these words?",
    }
}

/// Three questions for class: those of the moments, and then those that always fit.
#[must_use]
pub fn questions(moments: &[Moment]) -> Vec<String> {
    let always = [
        "What was going on in you when it got hard?",
        "What were you trying to do for the person?",
        "What will you say next time?",
    ];
    let asked = moments.iter().map(|moment| moment.question.clone());
    let mut questions: Vec<String> = Vec::new();
    for question in asked.chain(always.into_iter().map(str::to_owned)) {
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions.truncate(MOMENTS);
    questions
}
