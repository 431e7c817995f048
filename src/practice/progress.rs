//! What a walk shows when it is looked back on: slips, whether they were put right, what was missed.

use std::collections::BTreeSet;

use super::{Step, Walk};
use crate::scenario::Reply;
use crate::scenario::rubric::{Element, Place, Score, Verdict};

/// Whether a slip was put right later in the same attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repair {
    /// There was nothing to put right.
    NotNeeded,
    /// Later answers keep every element that failed; after this many turns.
    After(usize),
    /// Something stayed open.
    Open,
}

/// The elements that a reply with this verdict failed on. A danger left unanswered always counts as SAFE.
#[must_use]
pub fn failed(reply: &Reply, verdict: Verdict) -> BTreeSet<Element> {
    let scored = reply.scores.iter();
    let mut failed: BTreeSet<Element> =
        scored.filter(|(_, score)| **score != Score::Keeps).map(|(element, _)| *element).collect();
    if verdict.missed_red_flag {
        failed.insert(Element::Safe);
    }
    failed
}

impl<'a> Walk<'a> {
    /// Whether the slip at this turn was put right: every element it failed on is kept by a later answer.
    #[must_use]
    pub fn repair(&self, number: u32) -> Repair {
        let mut open = match self.step(number).and_then(|step| step.answer) {
            Some(answer) => failed(answer.reply, answer.verdict),
            None => return Repair::NotNeeded,
        };
        if open.is_empty() {
            return Repair::NotNeeded;
        }
        let later = self.answered().filter(|(step, _)| step.number > number);
        for (index, (_, answer)) in later.enumerate() {
            open.retain(|element| answer.reply.scores.get(element) != Some(&Score::Keeps));
            if open.is_empty() {
                return Repair::After(index + 1);
            }
        }
        Repair::Open
    }

    /// The turns where a danger was left unanswered.
    #[must_use]
    pub fn missed_red_flags(&self) -> Vec<Step<'a>> {
        let missed = self.answered().filter(|(_, answer)| answer.verdict.missed_red_flag);
        missed.map(|(step, _)| *step).collect()
    }

    /// The places of her answers, in order.
    #[must_use]
    pub fn path(&self) -> Vec<Place> {
        self.answered().map(|(_, answer)| answer.verdict.place).collect()
    }

    /// The path in two short sentences: how many slips there were, and what became of them.
    #[must_use]
    pub fn in_words(&self) -> String {
        let slips: Vec<u32> = self
            .answered()
            .filter(|(_, answer)| answer.verdict.place != Place::Keeps)
            .map(|(step, _)| step.number)
            .collect();
        let open = slips.iter().filter(|number| self.repair(**number) == Repair::Open).count();
        match (slips.len(), open) {
            (0, _) => "Every reply kept the line, and the person on the other side of it. It can still have \
                       felt unkind to say. That feeling is not a sign that it was."
                .to_owned(),
            (1, 0) => "One reply slipped, and you brought it back. Bringing it back is the skill: most \
                       conversations need it somewhere."
                .to_owned(),
            (count, 0) => format!(
                "{} replies slipped, and you brought each one back. Bringing it back is the skill: most \
                 conversations need it somewhere.",
                number_word(count)
            ),
            (1, _) => "One reply slipped, and something of it was still open at the end. Other words for it \
                       stand below."
                .to_owned(),
            (count, open) if count == open => format!(
                "{} replies slipped, and something was still open at the end. Other words for them stand below.",
                number_word(count)
            ),
            (count, open) => format!(
                "{} replies slipped. You brought {} back; {} still open at the end.",
                number_word(count),
                number_word(count - open).to_lowercase(),
                if open == 1 {
                    "one was".to_owned()
                } else {
                    format!("{} were", number_word(open).to_lowercase())
                }
            ),
        }
    }
}

/// A small number as a word that begins a sentence.
#[must_use]
pub fn number_word(number: usize) -> String {
    let words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    words.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
