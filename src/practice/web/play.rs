//! The player: one way through a conversation, recorded or only explored, with the addresses of its pages.

use std::collections::BTreeMap;

use crate::practice::{Attempt, Opening, Page, Response, Walk};
use crate::scenario::Turn;

/// Whether what happens on a page is recorded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Every answer is recorded, for her alone.
    Practice,
    /// After the end: paths not taken, nothing recorded.
    Exploring,
}

impl Mode {
    /// Whether nothing is recorded.
    #[must_use]
    pub fn is_exploring(self) -> bool {
        self == Self::Exploring
    }
}

/// A conversation as its pages show it: an attempt as it is recorded, or as it would be had she gone another way.
#[derive(Clone, Debug)]
pub struct Play {
    attempt: Attempt,
    /// The way that is explored; None where the attempt is as it is recorded.
    trail: Option<Trail>,
}

impl Play {
    /// The attempt as it is recorded.
    #[must_use]
    pub const fn recorded(attempt: Attempt) -> Self {
        Self { attempt, trail: None }
    }

    /// The attempt as it would be along this trail. None where there is no such way.
    #[must_use]
    pub fn exploring(attempt: &Attempt, trail: Trail) -> Option<Self> {
        let (openings, responses) = trail.records(attempt)?;
        let attempt = Attempt { openings, responses, placements: BTreeMap::new(), ..attempt.clone() };
        Some(Self { attempt, trail: Some(trail) })
    }

    /// The attempt that is shown.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// Whether what happens is recorded.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        if self.trail.is_some() { Mode::Exploring } else { Mode::Practice }
    }

    /// Where this page of it is.
    #[must_use]
    pub fn address(&self, page: Page) -> String {
        match (&self.trail, page) {
            (None, page) | (Some(_), page @ Page::LookingBack) => page.address(&self.attempt.id),
            (Some(trail), Page::Reaction(number)) => trail.first(number).address(&self.attempt),
            (Some(trail), Page::OwnWords(number) | Page::Replies(number)) => {
                format!("{}/replies", trail.first(number.saturating_sub(1)).address(&self.attempt))
            }
        }
    }

    /// Where "Back" leads from the question of this turn.
    #[must_use]
    pub fn back_from(&self, number: u32) -> String {
        match (self.mode(), number) {
            (Mode::Practice, 0 | 1) => format!("/scenarios/{}", self.attempt.revision.scenario.slug),
            (Mode::Exploring, 0 | 1) => self.address(Page::LookingBack),
            (_, later) => self.address(Page::Reaction(later - 1)),
        }
    }

    /// Where leaving leads.
    #[must_use]
    pub fn leave(&self) -> String {
        match self.mode() {
            Mode::Practice => "/practice".to_owned(),
            Mode::Exploring => self.address(Page::LookingBack),
        }
    }
}

/// A way through a scenario: the replies' positions in the author's order, from 0, joined by hyphens; "start" where
/// nothing has been said yet.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trail(Vec<usize>);

/// The longest trail that is read, in turns.
const LONGEST: usize = 60;

impl Trail {
    /// The way she went up to (not including) this turn, and then this reply.
    #[must_use]
    pub fn branching(walk: &Walk<'_>, number: u32, reply_id: &str) -> Option<Self> {
        let mut trail = Vec::new();
        for step in &walk.steps {
            let id = if step.number == number { reply_id } else { &step.answer?.reply.id };
            trail.push(position(step.turn, id)?);
            if step.number == number {
                return Some(Self(trail));
            }
        }
        None
    }

    /// The trail that is written so in an address.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text == "start" {
            return Some(Self::default());
        }
        let positions = text.split('-').take(LONGEST + 1).map(|part| part.parse().ok());
        positions.collect::<Option<Vec<_>>>().filter(|positions| positions.len() <= LONGEST).map(Self)
    }

    /// This way and one reply more.
    #[must_use]
    pub fn and(&self, turn: &Turn, reply_id: &str) -> Option<Self> {
        Some(Self(self.0.iter().copied().chain([position(turn, reply_id)?]).collect()))
    }

    /// The address of what the last reply of this way does.
    #[must_use]
    pub fn address(&self, attempt: &Attempt) -> String {
        let positions: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        let written = if positions.is_empty() { "start".to_owned() } else { positions.join("-") };
        format!("/attempts/{}/explore/{written}", attempt.id.as_str())
    }

    fn first(&self, turns: u32) -> Self {
        let turns = usize::try_from(turns).unwrap_or(usize::MAX);
        Self(self.0.iter().copied().take(turns).collect())
    }

    /// The records that going this way would make, with the turn after it opened. None where there is no such way.
    fn records(&self, attempt: &Attempt) -> Option<(BTreeMap<u32, Opening>, BTreeMap<u32, Response>)> {
        let scenario = &attempt.revision.scenario;
        let (mut openings, mut responses) = (BTreeMap::new(), BTreeMap::new());
        let mut turn_id = scenario.start.clone();
        let positions = self.0.iter().copied().map(Some).chain([None]);
        for (said, number) in positions.zip(1_u32..) {
            let Some(turn) = scenario.turns.get(&turn_id) else {
                // An ending: the way must stop here.
                return said.is_none().then_some((openings, responses));
            };
            let reply_order = order(attempt, number, turn);
            openings
                .insert(number, Opening { own_words: None, words_gone: false, reply_order, opened_at: 0 });
            if let Some(said) = said {
                let reply = turn.replies.get(said)?;
                let (reply_id, next) = (reply.id.clone(), reply.next.clone());
                responses.insert(number, Response { turn_id, reply_id, sureness: None, answered_at: 0 });
                turn_id = next;
            }
        }
        Some((openings, responses))
    }
}

/// The order in which she saw the replies, where she came to this very turn; else an order that tells nothing.
fn order(attempt: &Attempt, number: u32, turn: &Turn) -> Vec<String> {
    let walk = attempt.replay();
    let seen = walk.step(number).filter(|step| std::ptr::eq(step.turn, turn));
    if let Some(opening) = seen.and_then(|step| step.opening) {
        return opening.reply_order.clone();
    }
    let mut replies: Vec<_> = turn.replies.iter().collect();
    replies.sort_by(|a, b| a.text.cmp(&b.text));
    replies.into_iter().map(|reply| reply.id.clone()).collect()
}

fn position(turn: &Turn, reply_id: &str) -> Option<usize> {
    turn.replies.iter().position(|reply| reply.id == reply_id)
}
