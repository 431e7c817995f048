//! The eight things a good answer does, and how they place a reply on the line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One of the eight rubric elements, in the order they are always shown.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// The feeling or the thanks is honored before or with the limit.
    Warm,
    /// A listener could repeat the answer as "no", for this request and the next one.
    Clear,
    /// One short true reason, about the role and not about the patient.
    Honest,
    /// The need under the ask gets a real, reachable place.
    Route,
    /// Danger is looked for and acted on within scope.
    Safe,
    /// The patient's information and the nurse's own stay protected.
    Private,
    /// Under pressure the no stays the same size, calm, and the talk comes to an end.
    Steady,
    /// What must be written down and told is, to the right person.
    Tell,
}

impl Element {
    /// All eight, in order.
    pub const ALL: [Self; 8] = [
        Self::Warm,
        Self::Clear,
        Self::Honest,
        Self::Route,
        Self::Safe,
        Self::Private,
        Self::Steady,
        Self::Tell,
    ];

    /// The word nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warm => "Warm",
            Self::Clear => "Clear",
            Self::Honest => "Honest",
            Self::Route => "Route",
            Self::Safe => "Safe",
            Self::Private => "Private",
            Self::Steady => "Steady",
            Self::Tell => "Tell",
        }
    }

    /// What the element asks of an answer, in one plain sentence.
    #[must_use]
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Warm => "The feeling or the thanks is honored, before the limit or with it.",
            Self::Clear => "The patient could repeat the answer as “no”, for this request and the next one.",
            Self::Honest => "One short, true reason. It is about your role, not about the patient.",
            Self::Route => "The need under the question gets a real place to go.",
            Self::Safe => "Danger is looked for and acted on. That comes before the boundary.",
            Self::Private => "The patient’s information stays protected, and so does yours.",
            Self::Steady => "Under pressure the no stays the same size, and the talk comes to an end.",
            Self::Tell => "What must be known is written down and told to the right person.",
        }
    }

    /// What a score on this element means, in a few words.
    #[must_use]
    pub const fn meaning(self, score: Score) -> &'static str {
        match (self, score) {
            (Self::Warm, Score::Keeps) => "honors the feeling",
            (Self::Warm, Score::Blurs) => "a little bare or brisk",
            (Self::Warm, Score::Crosses) => "leaves the person shamed or alone",
            (Self::Clear, Score::Keeps) => "leaves no maybe",
            (Self::Clear, Score::Blurs) => "can be heard as a maybe",
            (Self::Clear, Score::Crosses) => "says yes",
            (Self::Honest, Score::Keeps) => "true, and in your own name",
            (Self::Honest, Score::Blurs) => "not quite the whole truth",
            (Self::Honest, Score::Crosses) => "says something untrue",
            (Self::Route, Score::Keeps) => "gives the need a real place to go",
            (Self::Route, Score::Blurs) => "points somewhere vague",
            (Self::Route, Score::Crosses) => "makes you the place to go",
            (Self::Safe, Score::Keeps) => "puts safety first",
            (Self::Safe, Score::Blurs) => "the right place, without the urgency or the check",
            (Self::Safe, Score::Crosses) => "leaves a danger unanswered, or gives advice outside your scope",
            (Self::Private, Score::Keeps) => "protects what is private",
            (Self::Private, Score::Blurs) => "lets a little slip",
            (Self::Private, Score::Crosses) => "gives private information away",
            (Self::Steady, Score::Keeps) => "the no stays the same",
            (Self::Steady, Score::Blurs) => "the no gets softer as the talk goes on",
            (Self::Steady, Score::Crosses) => "gives in, or punishes",
            (Self::Tell, Score::Keeps) => "the right person will know",
            (Self::Tell, Score::Blurs) => "told late, or to the wrong person",
            (Self::Tell, Score::Crosses) => "keeps it hidden",
        }
    }
}

/// How a reply does on one element. The order is from good to bad.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Score {
    /// The element is kept.
    Keeps,
    /// The element is unclear.
    Blurs,
    /// The element is broken.
    Crosses,
}

impl Score {
    /// The word nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keeps => "keeps",
            Self::Blurs => "blurs",
            Self::Crosses => "crosses",
        }
    }
}

/// Where an answer sits on the line, from too distant to too close.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Too distant: cold, absent or blaming.
    TurnsAway,
    /// The boundary and the person are both kept.
    Keeps,
    /// A door stands open.
    Blurs,
    /// The line is crossed, or a danger is missed.
    Crosses,
}

impl Place {
    /// All four, from too distant to too close.
    pub const ALL: [Self; 4] = [Self::TurnsAway, Self::Keeps, Self::Blurs, Self::Crosses];

    /// The word nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TurnsAway => "Turns away",
            Self::Keeps => "Keeps",
            Self::Blurs => "Blurs",
            Self::Crosses => "Crosses",
        }
    }

    /// The stylesheet's class, the stored value and the value in exports.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::TurnsAway => "turns-away",
            Self::Keeps => "keeps",
            Self::Blurs => "blurs",
            Self::Crosses => "crosses",
        }
    }

    /// The place stored or posted under this name, if it is one of the four.
    #[must_use]
    pub fn from_class(class: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.class() == class)
    }
}

/// Whether a failing reply fails by coldness or absence.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// Under-involved: cold, absent or blaming.
    Under,
}

/// A reply's derived place on the line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Where it sits.
    pub place: Place,
    /// The worst element. Rules about "crosses without repair" mean this.
    pub level: Score,
    /// Whether a danger was left unanswered.
    pub missed_red_flag: bool,
}

/// Derives the verdict from a reply's scores. An absent SAFE on a red-flag turn counts as missed.
///
/// Source: the level is the worst element; safety outranks distance, distance outranks level.
#[must_use]
pub fn verdict(scores: &BTreeMap<Element, Score>, distance: Option<Distance>, red_flag: bool) -> Verdict {
    let missed_red_flag = red_flag && scores.get(&Element::Safe) != Some(&Score::Keeps);
    let worst = scores.values().copied().max().unwrap_or(Score::Crosses);
    let level = if missed_red_flag { Score::Crosses } else { worst };
    let place = match (level, distance) {
        (Score::Keeps, _) => Place::Keeps,
        _ if missed_red_flag => Place::Crosses,
        (_, Some(Distance::Under)) => Place::TurnsAway,
        (Score::Blurs, None) => Place::Blurs,
        (Score::Crosses, None) => Place::Crosses,
    };
    Verdict { place, level, missed_red_flag }
}
