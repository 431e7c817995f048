//! What can be read on the debrief: the ending, the path along the line, repair, paths not taken.

use std::collections::BTreeMap;

use crate::practice::progress::Repair;
use crate::practice::web::play::Trail;
use crate::practice::web::reaction::{SourceLine, sources};
use crate::practice::web::view::Scene;
use crate::practice::{Answer, Attempt, Placement, Step, Walk};
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Place;

/// A turn on the path along the line.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) title: String,
    pub(super) class: &'static str,
    pub(super) next_class: &'static str,
    pub(super) place: &'static str,
    pub(super) missed_red_flag: bool,
    pub(super) reply: String,
    pub(super) own_words: Option<String>,
    pub(super) number: u32,
    pub(super) placed: Option<&'static str>,
    pub(super) own_words_kept: bool,
    pub(super) repair: Option<String>,
    pub(super) better: String,
    pub(super) first_time: Option<String>,
}

/// A danger that was left unanswered.
#[derive(Clone, Debug)]
pub(super) struct Missed {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) why: String,
}

/// A path not taken.
#[derive(Clone, Debug)]
pub(super) struct Untaken {
    pub(super) text: String,
    pub(super) address: String,
}

/// The paths not taken at one turn.
#[derive(Clone, Debug)]
pub(super) struct Fork {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) replies: Vec<Untaken>,
}

/// What can be read on the debrief, whoever fills its form.
#[derive(Clone, Debug)]
pub struct Story {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) ending: String,
    pub(super) ending_text: String,
    pub(super) last: Scene,
    pub(super) missed: Vec<Missed>,
    pub(super) borrow: Vec<String>,
    pub(super) path_in_words: String,
    pub(super) marks: Vec<Mark>,
    pub(super) tell: String,
    pub(super) questions: Vec<String>,
    pub(super) forks: Vec<Fork>,
    pub(super) varies: String,
    pub(super) sources: Vec<SourceLine>,
    pub(super) sensitive: bool,
    pub(super) crisis_line: String,
    pub(super) date: String,
}

impl Story {
    /// The story as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let mark = Mark {
            title: "She asks".to_owned(),
            class: "blurs",
            next_class: "",
            place: "Blurs",
            missed_red_flag: true,
            reply: "“Maybe.”".to_owned(),
            own_words: Some("Um".to_owned()),
            number: 1,
            placed: Some("Keeps"),
            own_words_kept: true,
            repair: Some("Put right one turn later.".to_owned()),
            better: "“No.”".to_owned(),
            first_time: Some("“Yes.”".to_owned()),
        };
        Self {
            title: "A goodbye".to_owned(),
            slug: "a-goodbye".to_owned(),
            ending: "She knows".to_owned(),
            ending_text: "She waves.".to_owned(),
            last: Scene::sample(),
            missed: vec![Missed {
                number: 1,
                title: "She can’t breathe".to_owned(),
                why: "Nobody came.".to_owned(),
            }],
            borrow: vec!["“No.”".to_owned()],
            path_in_words: "One reply left the line.".to_owned(),
            marks: vec![mark],
            tell: "The charge nurse.".to_owned(),
            questions: vec!["What helped?".to_owned()],
            forks: vec![Fork { number: 1, title: "She asks".to_owned(), replies: Vec::new() }],
            varies: "Units differ.".to_owned(),
            sources: Vec::new(),
            sensitive: true,
            crisis_line: "988".to_owned(),
            date: "1 January 2026".to_owned(),
        }
    }

    /// `firsts`: the replies of her first answers, by turn; `now`: the local words in force, for real help.
    pub(super) fn new(
        attempt: &Attempt,
        walk: &Walk<'_>,
        firsts: &BTreeMap<String, String>,
        now: &Policy,
    ) -> Option<Self> {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let (_, ending) = walk.ending?;
        let (last_step, last_answer) = walk.answered().next_back()?;
        let missed = walk.missed_red_flags();
        let missed = missed.iter().filter_map(|step| {
            let why = policy.speak(&step.answer?.reply.why);
            Some(Missed { number: step.number, title: policy.speak(&step.turn.title), why })
        });
        let sensitive = !scenario.content_note.is_empty();
        Some(Self {
            title: policy.speak(&scenario.title),
            slug: scenario.slug.clone(),
            ending: policy.speak(&ending.title),
            ending_text: policy.speak(&ending.text),
            last: Scene::of_reaction(scenario, policy, last_step, last_answer.reply),
            missed: missed.collect(),
            borrow: borrow(attempt, walk),
            path_in_words: walk.in_words(),
            marks: marks(attempt, walk, firsts),
            tell: policy.speak(&ending.tell),
            questions: ending.debrief.iter().map(|question| policy.speak(question)).collect(),
            forks: walk.answered().filter_map(|(step, _)| fork(attempt, walk, step)).collect(),
            varies: policy.speak(&scenario.varies),
            sources: sources(scenario, policy),
            sensitive,
            crisis_line: now.crisis_line(),
            date: crate::clock::day(attempt.started_at),
        })
    }
}

/// Sentences of this conversation that she could take along: other words for her slips, else what kept the line.
fn borrow(attempt: &Attempt, walk: &Walk<'_>) -> Vec<String> {
    let slips = walk.answered().filter(|(_, answer)| answer.verdict.place != Place::Keeps);
    let mut words: Vec<&str> = slips.map(|(_, answer)| answer.reply.better.as_str()).collect();
    words.retain(|words| words.starts_with('"'));
    if words.is_empty() {
        words = walk.answered().map(|(_, answer)| answer.reply.text.as_str()).collect();
    }
    words.into_iter().take(2).map(|words| attempt.policy.speak(words)).collect()
}

fn marks(attempt: &Attempt, walk: &Walk<'_>, firsts: &BTreeMap<String, String>) -> Vec<Mark> {
    let classes: Vec<&'static str> = walk.path().into_iter().map(Place::class).collect();
    let nexts = classes.iter().copied().skip(1).chain([""]);
    let marks = walk.answered().zip(nexts);
    marks.map(|((step, answer), next_class)| mark(attempt, walk, step, answer, next_class, firsts)).collect()
}

fn mark(
    attempt: &Attempt,
    walk: &Walk<'_>,
    step: &Step<'_>,
    answer: Answer<'_>,
    next_class: &'static str,
    firsts: &BTreeMap<String, String>,
) -> Mark {
    let policy = &attempt.policy;
    let repair = match walk.repair(step.number) {
        Repair::NotNeeded => None,
        Repair::After(1) => Some("Put right at the very next turn.".to_owned()),
        Repair::After(turns) => Some(format!("Put right {turns} turns later.")),
        Repair::Open => Some("Still open at the end.".to_owned()),
    };
    let placed = attempt.placements.get(&step.number).map(|placement| match placement {
        Placement::At(place) => place.name(),
        Placement::NotSure => "Not sure",
    });
    let better = if answer.verdict.place == Place::Keeps { "" } else { &answer.reply.better };
    let first_time = firsts
        .get(step.turn_id)
        .filter(|first| **first != answer.reply.id)
        .and_then(|first| step.turn.reply(first))
        .map(|reply| policy.speak(&reply.text));
    Mark {
        title: policy.speak(&step.turn.title),
        class: answer.verdict.place.class(),
        next_class,
        place: answer.verdict.place.name(),
        missed_red_flag: answer.verdict.missed_red_flag,
        reply: policy.speak(&answer.reply.text),
        own_words: step.opening.and_then(|opening| opening.own_words.clone()),
        number: step.number,
        own_words_kept: placed == Some(Place::Keeps.name()) && answer.verdict.place != Place::Keeps,
        placed,
        repair,
        better: policy.speak(better),
        first_time,
    }
}

fn fork(attempt: &Attempt, walk: &Walk<'_>, step: &Step<'_>) -> Option<Fork> {
    let chosen = &step.answer?.reply.id;
    let others = step.replies().into_iter().filter(|reply| reply.id != *chosen);
    let replies = others.filter_map(|reply| {
        let address = Trail::branching(walk, step.number, &reply.id)?.address(attempt);
        Some(Untaken { text: attempt.policy.speak(&reply.text), address })
    });
    Some(Fork {
        number: step.number,
        title: attempt.policy.speak(&step.turn.title),
        replies: replies.collect(),
    })
}
