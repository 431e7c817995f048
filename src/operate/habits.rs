//! The habits of simulated nurses: what draws them on the line, how long they think, when they skip or stop.

use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::clock::Millis;
use crate::scenario::rubric::{Distance, Element, Place, Score};
use crate::scenario::{Reply, Turn};

/// How somebody tends to answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Habit {
    /// Says no kindly, from the first word to the last.
    Steady,
    /// So warm that a door stays open.
    WarmAndLeaky,
    /// Turns away, and more so when pressed.
    Cold,
    /// Answers fast and rarely writes anything.
    Rushed,
    /// Makes herself the place to go.
    OverHelper,
    /// Slips first, puts it right at the next turn, and knows it the second time.
    Learner,
    /// Sees danger before anything else.
    SafetyFirst,
    /// Freezes when there is danger.
    Freezes,
}

/// Where somebody stands when she chooses.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The turn.
    pub turn: &'a Turn,
    /// 1 for the first turn of the attempt.
    pub number: u32,
    /// 1 for her first attempt at this scenario.
    pub nth: u32,
    /// Whether the answer before this one slipped.
    pub slipped: bool,
}

impl Moment<'_> {
    /// Whether the patient asks again.
    fn pressed(&self) -> bool {
        self.turn.replies.iter().any(|reply| reply.scores.contains_key(&Element::Steady))
    }

    /// Whether something about safety is in play.
    fn danger(&self) -> bool {
        self.turn.replies.iter().any(|reply| reply.scores.contains_key(&Element::Safe))
    }
}

/// What a habit means in numbers; shares are of a hundred.
struct Ways {
    /// How much each place draws, from turns away to crosses.
    draws: [u32; 4],
    skips: u32,
    stops: u32,
    again: u32,
    says_how_sure: u32,
    /// Seconds between the replies and the answer: at least, and how many more usually at most.
    seconds: (i64, i64),
}

const fn ways(
    draws: [u32; 4],
    skips: u32,
    stops: u32,
    again: u32,
    says_how_sure: u32,
    seconds: (i64, i64),
) -> Ways {
    Ways { draws, skips, stops, again, says_how_sure, seconds }
}

impl Habit {
    /// All eight.
    pub const ALL: [Self; 8] = [
        Self::Steady,
        Self::WarmAndLeaky,
        Self::Cold,
        Self::Rushed,
        Self::OverHelper,
        Self::Learner,
        Self::SafetyFirst,
        Self::Freezes,
    ];

    const fn ways(self) -> Ways {
        match self {
            Self::Steady => ways([8, 74, 14, 4], 16, 3, 15, 60, (12, 40)),
            Self::WarmAndLeaky => ways([3, 29, 48, 20], 17, 6, 40, 45, (14, 50)),
            Self::Cold => ways([50, 34, 11, 5], 30, 9, 20, 40, (9, 28)),
            Self::Rushed => ways([21, 38, 26, 15], 40, 15, 25, 20, (8, 12)),
            Self::OverHelper => ways([4, 32, 24, 40], 19, 5, 45, 55, (14, 45)),
            Self::Learner => ways([16, 24, 38, 22], 15, 4, 80, 70, (16, 55)),
            Self::SafetyFirst => ways([12, 48, 27, 13], 20, 4, 30, 65, (10, 32)),
            Self::Freezes => ways([20, 44, 24, 12], 26, 10, 40, 50, (18, 60)),
        }
    }

    /// How many of a hundred turns she goes through without writing anything.
    #[must_use]
    pub const fn skips(self) -> u32 {
        self.ways().skips
    }

    /// How many of a hundred attempts she breaks off.
    #[must_use]
    pub const fn stops(self) -> u32 {
        self.ways().stops
    }

    /// How many of a hundred times she tries once more.
    #[must_use]
    pub const fn again(self) -> u32 {
        self.ways().again
    }

    /// How many of a hundred times she says how sure she is.
    #[must_use]
    pub const fn says_how_sure(self) -> u32 {
        self.ways().says_how_sure
    }

    /// How much each place of the line draws her now, in the order of [`Place::ALL`].
    #[must_use]
    pub fn draws(self, moment: &Moment<'_>) -> [u32; 4] {
        let [mut away, mut keeps, mut blurs, mut crosses] = self.ways().draws;
        match self {
            Self::Cold if moment.pressed() => away += 30,
            Self::SafetyFirst if moment.danger() => keeps *= 8,
            Self::Learner if moment.number > 1 && !moment.slipped => keeps *= 2,
            _ => {}
        }
        match (moment.turn.red_flag, self) {
            (true, Self::Freezes) => (away, keeps, blurs, crosses) = (52, 40, 4, 10),
            (true, _) => keeps *= 5,
            _ => {}
        }
        if moment.slipped {
            keeps *= if self == Self::Learner { 9 } else { 3 };
        }
        keeps *= match (self, moment.nth) {
            (_, 0 | 1) => 1,
            (Self::Learner, _) => 7,
            (_, 2) => 3,
            _ => 5,
        };
        [away, keeps, blurs, crosses]
    }

    /// How long she thinks before she answers, in milliseconds: mostly short, sometimes long.
    pub fn thinks(self, chance: &mut StdRng) -> Millis {
        let (least, more) = self.ways().seconds;
        let most = if one_of_a_hundred(chance, 8) { 90 } else { (least + more).min(90) };
        let (one, other) = (chance.random_range(least..=most), chance.random_range(least..=most));
        one.min(other) * 1000 + chance.random_range(0..1000)
    }
}

/// The one of these replies that she chooses; none where there are none.
pub fn choose<'a>(chance: &mut StdRng, habit: Habit, moment: &Moment<'a>) -> Option<&'a Reply> {
    let draws = habit.draws(moment);
    let leans: Vec<Place> = moment.turn.replies.iter().map(|reply| leans(moment.turn, reply)).collect();
    let weigh = |(reply, lean): (&Reply, &Place)| {
        let like = leans.iter().filter(|other| *other == lean).count();
        let share = draw(draws, *lean) * 12 / u32::try_from(like).unwrap_or(1).max(1);
        let herself = reply.scores.get(&Element::Route) == Some(&Score::Crosses);
        if habit == Habit::OverHelper && herself { share * 2 } else { share }
    };
    let weights: Vec<u32> = moment.turn.replies.iter().zip(&leans).map(weigh).collect();
    pick(chance, &weights).and_then(|index| moment.turn.replies.get(index))
}

/// Where the wording leans, also where a missed danger makes the verdict another one.
fn leans(turn: &Turn, reply: &Reply) -> Place {
    let verdict = turn.verdict(reply);
    match reply.distance {
        Some(Distance::Under) if verdict.place != Place::Keeps => Place::TurnsAway,
        _ => verdict.place,
    }
}

/// What this place draws.
#[must_use]
pub fn draw(draws: [u32; 4], place: Place) -> u32 {
    let found = Place::ALL.into_iter().zip(draws).find(|(other, _)| *other == place);
    found.map_or(0, |(_, weight)| weight)
}

/// An index, as often as its weight says; none where all weights are nothing.
pub fn pick(chance: &mut StdRng, weights: &[u32]) -> Option<usize> {
    let all: u32 = weights.iter().sum();
    if all == 0 {
        return None;
    }
    let mut at = chance.random_range(0..all);
    weights.iter().position(|weight| {
        let here = at < *weight;
        at = at.saturating_sub(*weight);
        here
    })
}

/// Whether something that happens so many times of a hundred happens now.
pub fn one_of_a_hundred(chance: &mut StdRng, times: u32) -> bool {
    chance.random_range(0..100) < times
}
