//! A tally as bytes: about 25 an attempt and 5 an answer.
//!
//! A version byte; how many revisions, and their ids; how many assignments, and their ids, each in the order in which
//! the attempts first name them; how many attempts. Of each attempt: its id, which revision, which assignment, the
//! version of the local words, how long after the time in its id it was started; how many answers. Of each answer:
//! turn, reply, how long after the answer before (or the start) it came. Numbers take seven bits a byte, lowest first;
//! those that can be negative have their sign in the lowest bit. An id is a 0 and 16 bytes where it is a UUID as the
//! program writes them, else one more than its length and its bytes.

use uuid::Uuid;

use super::{Tallied, TalliedAnswer, Tally};
use crate::clock::Millis;
use crate::cohorts::AssignmentId;
use crate::practice::AttemptId;

/// What the bytes begin with.
const VERSION: u8 = 1;

/// Why bytes are no tally.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// They are written in a way that this program doesn't know.
    #[error("it is written in way {0}, which this version doesn’t know")]
    Version(u8),
    /// They end too early.
    #[error("it ends too early")]
    Short,
    /// Something comes after the end.
    #[error("something comes after its end")]
    Long,
    /// A number is too large, or speaks of something that isn't there.
    #[error("a number in it can’t be right")]
    Number,
    /// An id is none.
    #[error("an id in it is none")]
    Id,
}

impl Tally {
    /// Reads what [`Tally::pack`] wrote.
    pub fn unpack(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut from = Reader(bytes);
        match from.byte()? {
            VERSION => {}
            other => return Err(Unreadable::Version(other)),
        }
        let mut revisions = Vec::new();
        for _ in 0..from.count()? {
            revisions.push(from.id()?);
        }
        let mut assignments = Vec::new();
        for _ in 0..from.count()? {
            assignments.push(AssignmentId::read(&from.id()?).ok_or(Unreadable::Id)?);
        }
        let mut attempts = Vec::new();
        for _ in 0..from.count()? {
            attempts.push(from.attempt(&revisions, &assignments)?);
        }
        if from.0.is_empty() { Ok(Self { attempts }) } else { Err(Unreadable::Long) }
    }

    /// As few bytes as it takes; the same tally always gives the same bytes.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let (mut revisions, mut assignments) = (Vec::new(), Vec::new());
        let mut attempts = Vec::new();
        for attempt in &self.attempts {
            let which = (
                place(&mut revisions, attempt.revision.as_str()),
                place(&mut assignments, attempt.assignment.as_str()),
            );
            put_attempt(&mut attempts, attempt, which);
        }
        let mut bytes = vec![VERSION];
        for ids in [revisions, assignments] {
            put_count(&mut bytes, ids.len());
            ids.iter().for_each(|id| put_id(&mut bytes, id));
        }
        put_count(&mut bytes, self.attempts.len());
        bytes.append(&mut attempts);
        bytes
    }
}

/// Where this id is among those named before, or is now.
fn place<'a>(ids: &mut Vec<&'a str>, id: &'a str) -> usize {
    ids.iter().position(|known| *known == id).unwrap_or_else(|| {
        ids.push(id);
        ids.len() - 1
    })
}

fn put_attempt(bytes: &mut Vec<u8>, attempt: &Tallied, (revision, assignment): (usize, usize)) {
    put_id(bytes, attempt.id.as_str());
    put_count(bytes, revision);
    put_count(bytes, assignment);
    put_signed(bytes, attempt.policy_version);
    put_signed(bytes, attempt.started_at.wrapping_sub(time_in(attempt.id.as_str())));
    put_count(bytes, attempt.answers.len());
    let mut before = attempt.started_at;
    for answer in &attempt.answers {
        put(bytes, answer.turn.into());
        put(bytes, answer.reply.into());
        put_signed(bytes, answer.answered_at.wrapping_sub(before));
        before = answer.answered_at;
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(seven(number) | 0x80);
        number >>= 7;
    }
    bytes.push(seven(number));
}

/// The lowest seven bits.
fn seven(number: u64) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

fn put_count(bytes: &mut Vec<u8>, count: usize) {
    put(bytes, u64::try_from(count).unwrap_or(u64::MAX));
}

fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned());
}

fn put_id(bytes: &mut Vec<u8>, id: &str) {
    if let Some(uuid) = uuid(id) {
        bytes.push(0);
        bytes.extend_from_slice(uuid.as_bytes());
    } else {
        put_count(bytes, id.len().saturating_add(1));
        bytes.extend_from_slice(id.as_bytes());
    }
}

/// The UUID that is written exactly so.
fn uuid(id: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(id).ok()?;
    (*uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == *id).then_some(uuid)
}

/// The time in an id, in milliseconds; 0 where it is no UUID.
fn time_in(id: &str) -> Millis {
    let first = uuid(id).map(|uuid| uuid.as_u64_pair().0 >> 16);
    first.and_then(|millis| millis.try_into().ok()).unwrap_or_default()
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, Unreadable> {
        let (first, rest) = self.0.split_first().ok_or(Unreadable::Short)?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, count: usize) -> Result<&[u8], Unreadable> {
        let (these, rest) = self.0.split_at_checked(count).ok_or(Unreadable::Short)?;
        self.0 = rest;
        Ok(these)
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.byte()?;
            let seven = u64::from(byte & 0x7f);
            let shifted = seven << (7 * place);
            if shifted >> (7 * place) != seven {
                return Err(Unreadable::Number);
            }
            number |= shifted;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Unreadable::Number)
    }

    fn count(&mut self) -> Result<usize, Unreadable> {
        self.number()?.try_into().map_err(|_| Unreadable::Number)
    }

    fn small(&mut self) -> Result<u32, Unreadable> {
        self.number()?.try_into().map_err(|_| Unreadable::Number)
    }

    fn signed(&mut self) -> Result<i64, Unreadable> {
        let number = self.number()?;
        let sign = if number & 1 == 1 { -1 } else { 0 };
        Ok((number >> 1).cast_signed() ^ sign)
    }

    fn id(&mut self) -> Result<String, Unreadable> {
        match self.count()? {
            0 => {
                let uuid = Uuid::from_slice(self.bytes(16)?).map_err(|_| Unreadable::Id)?;
                Ok(uuid.hyphenated().to_string())
            }
            more => {
                let text = self.bytes(more - 1)?;
                std::str::from_utf8(text).map(str::to_owned).map_err(|_| Unreadable::Id)
            }
        }
    }

    fn attempt(&mut self, revisions: &[String], assignments: &[AssignmentId]) -> Result<Tallied, Unreadable> {
        let id = AttemptId::read(&self.id()?).ok_or(Unreadable::Id)?;
        let revision = revisions.get(self.count()?).ok_or(Unreadable::Number)?.clone();
        let assignment = assignments.get(self.count()?).ok_or(Unreadable::Number)?.clone();
        let policy_version = self.signed()?;
        let started_at = self.signed()?.wrapping_add(time_in(id.as_str()));
        let (mut answers, mut before) = (Vec::new(), started_at);
        for _ in 0..self.count()? {
            let (turn, reply) = (self.small()?, self.small()?);
            let answered_at = self.signed()?.wrapping_add(before);
            answers.push(TalliedAnswer { turn, reply, answered_at });
            before = answered_at;
        }
        Ok(Tallied { id, assignment, revision, policy_version, started_at, answers })
    }
}
