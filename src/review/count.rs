//! How many answers sit at each of the four places, in numbers and in words.

use serde::Serialize;

use super::Choice;
use crate::scenario::rubric::Place;

/// Answers by place.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Count {
    /// Too distant.
    pub turns_away: usize,
    /// Boundary and person both kept.
    pub keeps: usize,
    /// A door stands open.
    pub blurs: usize,
    /// The line is crossed, or a danger missed.
    pub crosses: usize,
    /// Of these: a danger was left unanswered.
    pub missed_red_flags: usize,
    /// Of those that do not keep: local policy decides, so they are no slips.
    pub policy_decides: usize,
}

impl Count {
    /// Counts answers.
    #[must_use]
    pub fn of<'a>(answers: impl IntoIterator<Item = Choice<'a>>) -> Self {
        let mut count = Self::default();
        for choice in answers {
            count.add(choice);
        }
        count
    }

    /// One answer more.
    pub fn add(&mut self, choice: Choice<'_>) {
        match choice.verdict.place {
            Place::TurnsAway => self.turns_away += 1,
            Place::Keeps => self.keeps += 1,
            Place::Blurs => self.blurs += 1,
            Place::Crosses => self.crosses += 1,
        }
        self.missed_red_flags += usize::from(choice.missed_red_flag());
        let decided = choice.verdict.place != Place::Keeps && choice.reply.policy_dependent;
        self.policy_decides += usize::from(decided);
    }

    /// Everything that was counted of somebody else, too.
    pub const fn join(&mut self, other: &Self) {
        self.turns_away += other.turns_away;
        self.keeps += other.keeps;
        self.blurs += other.blurs;
        self.crosses += other.crosses;
        self.missed_red_flags += other.missed_red_flags;
        self.policy_decides += other.policy_decides;
    }

    /// How many sit at one place.
    #[must_use]
    pub const fn at(&self, place: Place) -> usize {
        match place {
            Place::TurnsAway => self.turns_away,
            Place::Keeps => self.keeps,
            Place::Blurs => self.blurs,
            Place::Crosses => self.crosses,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.turns_away + self.keeps + self.blurs + self.crosses
    }

    /// How many are slips: they do not keep, and local policy does not decide.
    #[must_use]
    pub const fn slips(&self) -> usize {
        self.total() - self.keeps - self.policy_decides
    }

    /// The places that occur, in order, as (class, whole per cent of `total`).
    #[must_use]
    pub fn parts(&self, total: usize) -> Vec<(&'static str, usize)> {
        let places = Place::ALL.into_iter().filter(|place| self.at(*place) > 0);
        places.map(|place| (place.class(), (self.at(place) * 200 + total) / (total * 2).max(1))).collect()
    }

    /// "Of 24 first answers: 3 turned away, 8 kept, 11 blurred, 2 crossed"; `kind` is "first answer".
    #[must_use]
    pub fn sentence(&self, kind: &str) -> String {
        let many = if self.total() == 1 { "" } else { "s" };
        format!("Of {} {kind}{many}: {}", self.total(), self.words())
    }

    /// "3 turned away, 8 kept, 11 blurred, 2 crossed"; places where nothing sits are left out.
    #[must_use]
    pub fn words(&self) -> String {
        let said = |place: Place| match place {
            Place::TurnsAway => "turned away",
            Place::Keeps => "kept",
            Place::Blurs => "blurred",
            Place::Crosses => "crossed",
        };
        let places = Place::ALL.into_iter().filter(|place| self.at(*place) > 0);
        let parts: Vec<String> = places.map(|place| format!("{} {}", self.at(place), said(place))).collect();
        match (parts.is_empty(), self.policy_decides) {
            (true, _) => "nothing yet".to_owned(),
            (false, 0) => parts.join(", "),
            (false, some) => {
                format!("{} (of those that did not keep, your policy decides {some})", parts.join(", "))
            }
        }
    }
}
