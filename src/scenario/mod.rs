//! A scenario: a conversation to practice, with its people, turns, replies and endings.

pub mod check;
pub mod cmd;
pub mod drawing;
pub mod file;
pub mod library;
pub mod local_words;
pub mod parse;
pub mod person;
pub mod policy;
pub mod publish;
pub mod reading;
pub mod refresh;
pub mod rubric;
pub mod spoken;
pub mod store;
pub mod web;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use person::{Mood, Person};
use rubric::{Distance, Element, Score, Verdict};

/// A whole conversation as its author wrote it (the shape of a file in `scenarios/`).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name in addresses: lower-case words joined by hyphens.
    pub slug: String,
    /// What nurses see in the catalogue.
    pub title: String,
    /// One or two sentences for the catalogue and the prebrief.
    pub summary: String,
    /// Where it happens.
    pub setting: String,
    /// How the patient reaches the nurse.
    pub channel: Channel,
    /// How long it takes, in minutes.
    pub minutes: u8,
    /// What is practiced, in one sentence.
    pub objective: String,
    /// Siblings that practice the same thing share this.
    pub family: String,
    /// What follows "If" in the sentence a nurse takes along: "a patient asks to stay in touch".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub if_asked: String,
    /// What may be hard to read, said before the first turn; empty when nothing is.
    #[serde(default)]
    pub content_note: String,
    /// What the teaching rests on.
    pub sources: Vec<Source>,
    /// What differs by employer or place.
    #[serde(default)]
    pub varies: String,
    /// Who agreed the key; empty until someone has.
    #[serde(default)]
    pub reviewed: Vec<String>,
    /// Narration at the first turn.
    pub opening: String,
    /// Id of the first turn.
    pub start: String,
    /// Everyone who speaks, by id; one is the patient.
    pub people: IndexMap<String, Person>,
    /// Who the nurse is in this story.
    pub you: You,
    /// The turns by id, in the author's order.
    pub turns: IndexMap<String, Turn>,
    /// Where the conversation can stop, by id.
    pub endings: IndexMap<String, Ending>,
}

/// How the patient reaches the nurse.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// In the patient's room.
    Bedside,
    /// Anywhere else, face to face.
    #[serde(alias = "in person")]
    InPerson,
    /// On the unit's phone.
    Phone,
    /// A message or a friend request.
    Online,
}

impl Channel {
    /// All four, in the catalogue's order.
    pub const ALL: [Self; 4] = [Self::Bedside, Self::InPerson, Self::Phone, Self::Online];

    /// The words nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bedside => "At the bedside",
            Self::InPerson => "Face to face",
            Self::Phone => "By phone",
            Self::Online => "Online",
        }
    }
}

/// A published text that the teaching rests on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Who said it, and in what.
    pub title: String,
    /// Where it can be found.
    #[serde(default)]
    pub place: String,
    /// What it supports here.
    pub supports: String,
}

/// Who the nurse is in this story.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct You {
    /// Her role.
    pub role: String,
    /// What has happened so far.
    pub situation: String,
}

/// One moment: what the patient says or does, and the replies to it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// A name for the debrief and for educators.
    pub title: String,
    /// A question to open with in class.
    #[serde(default)]
    pub question: String,
    /// What the nurse is asked before the replies are shown.
    #[serde(default = "default_prompt")]
    pub prompt: String,
    /// Who speaks, where it is not the patient.
    #[serde(default)]
    pub speaker: Option<String>,
    /// The words, without quotation marks.
    #[serde(default)]
    pub says: String,
    /// What the nurse sees or hears.
    #[serde(default)]
    pub does: String,
    /// How the speaker feels.
    pub mood: Mood,
    /// Whether there is danger that must be answered first.
    #[serde(default)]
    pub red_flag: bool,
    /// Whether the nurse is asked for her own words first.
    #[serde(default = "yes")]
    pub ask_own_words: bool,
    /// Two to four replies, in the author's order.
    pub replies: Vec<Reply>,
}

/// One ready-made thing the nurse can say, and what it does.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Name within the turn; never sent to a browser before the turn is answered.
    pub id: String,
    /// Speech in straight quotation marks, actions outside them.
    pub text: String,
    /// The elements in play.
    pub scores: BTreeMap<Element, Score>,
    /// Set where the failing is coldness or absence.
    #[serde(default)]
    pub distance: Option<Distance>,
    /// What the patient then says or does.
    pub reaction: Reaction,
    /// One true sentence, wherever an element keeps.
    #[serde(default)]
    pub kept: String,
    /// What it left open or, where it keeps, what to expect.
    pub why: String,
    /// Other words, where they help.
    #[serde(default)]
    pub better: String,
    /// Whether local policy decides where this sits.
    #[serde(default)]
    pub policy_dependent: bool,
    /// Id of the turn or ending that follows.
    pub next: String,
}

/// What the patient says or does in answer to a reply.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// Who reacts, where it is not the turn's speaker.
    #[serde(default)]
    pub speaker: Option<String>,
    /// The words, without quotation marks.
    #[serde(default)]
    pub says: String,
    /// What the nurse sees or hears.
    #[serde(default)]
    pub does: String,
    /// How the speaker feels now.
    pub mood: Mood,
}

/// Where a conversation stops.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// The ending in the story's terms.
    pub title: String,
    /// What happens then.
    pub text: String,
    /// Who is to be told, and by which channel.
    pub tell: String,
    /// Questions to look back with.
    pub debrief: Vec<String>,
}

fn default_prompt() -> String {
    "What would you say?".to_owned()
}

const fn yes() -> bool {
    true
}

/// Where a reply leads.
#[derive(Clone, Copy, Debug)]
pub enum Next<'a> {
    /// On to another turn.
    Turn(&'a str, &'a Turn),
    /// To the end of the conversation.
    Ending(&'a str, &'a Ending),
}

impl Scenario {
    /// The turn or ending of this id, if the scenario has one.
    #[must_use]
    pub fn next(&self, id: &str) -> Option<Next<'_>> {
        let turn = self.turns.get_key_value(id).map(|(id, turn)| Next::Turn(id, turn));
        turn.or_else(|| self.endings.get_key_value(id).map(|(id, ending)| Next::Ending(id, ending)))
    }

    /// The patient: the person marked so, or the first one.
    #[must_use]
    pub fn patient(&self) -> Option<&Person> {
        self.people.values().find(|person| person.patient).or_else(|| self.people.values().next())
    }

    /// The person a turn or reaction names, or the patient where it names nobody.
    #[must_use]
    pub fn speaker(&self, id: Option<&str>) -> Option<&Person> {
        id.and_then(|id| self.people.get(id)).or_else(|| self.patient())
    }

    /// The words a nurse meets first: what is said at the first turn.
    #[must_use]
    pub fn first_line(&self) -> &str {
        self.turns.get(&self.start).map_or("", |turn| turn.says.as_str())
    }

    /// SHA-256, in hex, of the whole content; comments and spacing of the file do not count.
    #[must_use]
    pub fn content_hash(&self) -> String {
        hash(self)
    }
}

impl Turn {
    /// The reply of this id, if the turn has one.
    #[must_use]
    pub fn reply(&self, id: &str) -> Option<&Reply> {
        self.replies.iter().find(|reply| reply.id == id)
    }

    /// The derived place on the line of one of this turn's replies.
    #[must_use]
    pub fn verdict(&self, reply: &Reply) -> Verdict {
        rubric::verdict(&reply.scores, reply.distance, self.red_flag)
    }

    /// SHA-256, in hex, of this turn's content: equal hashes mean that answers may be counted together.
    #[must_use]
    pub fn content_hash(&self) -> String {
        hash(self)
    }
}

/// SHA-256 of a value's JSON, in hex.
fn hash(value: &impl Serialize) -> String {
    let json = serde_json::to_vec(value).unwrap_or_default();
    crate::hex(&Sha256::digest(json))
}
