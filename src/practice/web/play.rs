//! The player: one way through a conversation, recorded or only explored, with the addresses of its pages.

use std::collections::BTreeMap;

use crate::practice::{Attempt, Opening, Page, Response, Walk};
use crate::scenario::Turn;

/// Whether what happens on a page is recorded, and who can read it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Every answer is recorded, for her alone.
    Practice,
    /// Every answer is recorded, and the educators of her group can read it.
    Assigned,
    /// After the end: paths not taken, nothing recorded.
    Exploring,
    /// The staff look through a conversation, nothing recorded.
    Preview,
}

impl Mode {
    /// Whether answers are recorded.
    #[must_use]
    pub const fn records(self) -> bool {
        matches!(self, Self::Practice | Self::Assigned)
    }
}

/// A conversation as its pages show it: an attempt as it is recorded, or as it would be had she gone another way.
#[derive(Clone, Debug)]
pub struct Play {
    attempt: Attempt,
    way: Way,
}

/// What a conversation is shown along.
#[derive(Clone, Debug)]
enum Way {
    /// What is recorded. Of assigned work: who can read it besides her, in a few words.
    Recorded { readers: Option<String> },
    /// A way that is explored after the end.
    Exploring(Trail),
    /// A way that somebody of the staff looks at.
    Preview(Trail),
}

impl Play {
    /// The attempt as it is recorded; `readers`: who can read it besides her, where it is assigned work.
    #[must_use]
    pub const fn recorded(attempt: Attempt, readers: Option<String>) -> Self {
        Self { attempt, way: Way::Recorded { readers } }
    }

    /// The attempt as it would be along this trail. None where there is no such way.
    #[must_use]
    pub fn exploring(attempt: &Attempt, trail: Trail) -> Option<Self> {
        let attempt = trail.walked(attempt)?;
        Some(Self { attempt, way: Way::Exploring(trail) })
    }

    /// A conversation as it would be along this trail, for somebody of the staff. None where there is no such way.
    #[must_use]
    pub fn preview(nobodys: &Attempt, trail: Trail) -> Option<Self> {
        let attempt = trail.walked(nobodys)?;
        Some(Self { attempt, way: Way::Preview(trail) })
    }

    /// The attempt that is shown.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// Whether what happens is recorded, and who can read it.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        match &self.way {
            Way::Recorded { readers: None } => Mode::Practice,
            Way::Recorded { readers: Some(_) } => Mode::Assigned,
            Way::Exploring(_) => Mode::Exploring,
            Way::Preview(_) => Mode::Preview,
        }
    }

    /// Who can read it besides her, in a few words; empty where nobody can.
    #[must_use]
    pub fn readers(&self) -> String {
        match &self.way {
            Way::Recorded { readers } => readers.clone().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Where this page of it is.
    #[must_use]
    pub fn address(&self, page: Page) -> String {
        match (&self.way, page) {
            (Way::Preview(_), Page::LookingBack) => self.prebrief(),
            (Way::Recorded { .. }, page) | (Way::Exploring(_), page @ Page::LookingBack) => {
                page.address(&self.attempt.id)
            }
            (Way::Exploring(trail) | Way::Preview(trail), Page::Reaction(number)) => {
                self.along(&trail.first(number))
            }
            (Way::Exploring(trail) | Way::Preview(trail), Page::OwnWords(number) | Page::Replies(number)) => {
                format!("{}/replies", self.along(&trail.first(number.saturating_sub(1))))
            }
        }
    }

    /// The address of what the last reply of a way does, of the same kind as this one.
    #[must_use]
    pub fn along(&self, trail: &Trail) -> String {
        match &self.way {
            Way::Preview(_) => preview_address(&self.attempt.revision.scenario.slug, trail),
            _ => trail.address(&self.attempt),
        }
    }

    fn prebrief(&self) -> String {
        format!("/scenarios/{}", self.attempt.revision.scenario.slug)
    }

    /// Where "Back" leads from the question of this turn.
    #[must_use]
    pub fn back_from(&self, number: u32) -> String {
        match (self.mode(), &self.attempt.assigned, number) {
            (Mode::Assigned, Some(assigned), 0 | 1) => {
                format!("/assignments/{}", assigned.assignment.as_str())
            }
            (Mode::Practice | Mode::Assigned, _, 0 | 1) => self.prebrief(),
            (Mode::Exploring | Mode::Preview, _, 0 | 1) => self.address(Page::LookingBack),
            (_, _, later) => self.address(Page::Reaction(later - 1)),
        }
    }

    /// Where leaving leads.
    #[must_use]
    pub fn leave(&self) -> String {
        if self.mode().records() { "/practice".to_owned() } else { self.address(Page::LookingBack) }
    }
}

/// The address of what the last reply of a way does, for somebody of the staff who looks through a conversation.
#[must_use]
pub fn preview_address(slug: &str, trail: &Trail) -> String {
    format!("/scenarios/{slug}/preview/{}", trail.written())
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
        format!("/attempts/{}/explore/{}", attempt.id.as_str(), self.written())
    }

    fn written(&self) -> String {
        let positions: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        if positions.is_empty() { "start".to_owned() } else { positions.join("-") }
    }

    /// The attempt as it would be along this way. None where there is no such way.
    fn walked(&self, attempt: &Attempt) -> Option<Attempt> {
        let (openings, responses) = self.records(attempt)?;
        Some(Attempt { openings, responses, placements: BTreeMap::new(), ..attempt.clone() })
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
