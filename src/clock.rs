//! Time, new ids and chance: injected, so that a test can hold them still.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng, SeedableRng as _};

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// The clock every part of the app asks. Cheap to clone; clones share a held time, a seeded chance and the last id.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    held: Option<Arc<Held>>,
    /// When the last id was made, and its chance.
    last: Arc<Mutex<(Millis, u128)>>,
}

/// A time that stands still, and chance that repeats itself.
#[derive(Debug)]
struct Held {
    now: AtomicI64,
    chance: Mutex<StdRng>,
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn real() -> Self {
        Self::default()
    }

    /// A clock that stands at `start` until it is moved with [`Clock::advance`]; the same seed gives the same chance.
    #[must_use]
    pub fn held(start: Millis, seed: u64) -> Self {
        let chance = Mutex::new(StdRng::seed_from_u64(seed));
        Self { held: Some(Arc::new(Held { now: AtomicI64::new(start), chance })), last: Arc::default() }
    }

    /// Moves a held clock forward (or, with a negative number, back); the real one stays as it is.
    pub fn advance(&self, millis: Millis) {
        if let Some(held) = &self.held {
            held.now.fetch_add(millis, Ordering::SeqCst);
        }
    }

    /// Now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> Millis {
        match &self.held {
            Some(held) => held.now.load(Ordering::SeqCst),
            None => jiff::Timestamp::now().as_millisecond(),
        }
    }

    /// A new id (UUID version 7, 36 characters) that sorts by the time it was made; of one millisecond, after those that
    /// this clock and its clones made before (RFC 9562, section 6.2, method 2).
    #[must_use]
    pub fn new_id(&self) -> String {
        let (now, chance) = (self.now(), self.new_chance());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // From 74 bits on, with the first of them 0, 2³² at a time: no millisecond has room for so many.
        let chance = if last.0 == now && last.1 > 0 { last.1 + 1 + (chance >> 48) } else { chance >> 7 };
        *last = (now, chance);
        id(now, chance)
    }

    /// A new id that sorts as if it had been made at this time.
    #[must_use]
    pub fn new_id_at(&self, millis: Millis) -> String {
        id(millis, self.new_chance() >> 6)
    }

    /// 80 bits of chance.
    fn new_chance(&self) -> u128 {
        let mut bytes = [0_u8; 10];
        self.with_chance(|source| source.fill_bytes(&mut bytes));
        bytes.iter().fold(0, |all, byte| (all << 8) | u128::from(*byte))
    }

    /// An unguessable token: 256 random bits as 64 hexadecimal digits.
    #[must_use]
    pub fn new_token(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.with_chance(|chance| chance.fill_bytes(&mut bytes));
        crate::hex(&bytes)
    }

    /// The same things in an order of chance.
    #[must_use]
    pub fn shuffled<T>(&self, mut things: Vec<T>) -> Vec<T> {
        self.with_chance(|mut chance| things.shuffle(&mut chance));
        things
    }

    fn with_chance<T>(&self, take: impl FnOnce(&mut dyn Rng) -> T) -> T {
        match &self.held {
            Some(held) => take(&mut *held.chance.lock().unwrap_or_else(PoisonError::into_inner)),
            None => take(&mut rand::rng()),
        }
    }
}

/// The id of this millisecond with these 74 bits.
fn id(millis: Millis, chance: u128) -> String {
    // Twelve of them stand before the two bits of the variant, 62 behind.
    let [_, _, _, _, _, _, bytes @ ..] = ((chance >> 62 << 64) | (chance & (u128::MAX >> 66))).to_be_bytes();
    let millis = u64::try_from(millis).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().to_string()
}

/// Whether a text is written as ids are: 36 characters, hexadecimal digits and hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A day in words: "November 24, 2026", in the machine's time zone.
#[must_use]
pub fn day(millis: Millis) -> String {
    zoned(millis).map_or_else(String::new, |zoned| zoned.strftime("%B %-d, %Y").to_string())
}

/// The date in the machine's time zone, for what is due on a day.
#[must_use]
pub fn date(millis: Millis) -> jiff::civil::Date {
    zoned(millis).map_or(jiff::civil::Date::ZERO, |zoned| zoned.date())
}

/// A day and a time in words: "November 24, 2026, 3:05 PM", in the machine's time zone.
#[must_use]
pub fn moment(millis: Millis) -> String {
    zoned(millis).map_or_else(String::new, |zoned| zoned.strftime("%B %-d, %Y, %-I:%M %p").to_string())
}

/// A moment as machines and spreadsheets read it: RFC 3339 in UTC, to the millisecond.
#[must_use]
pub fn rfc3339(millis: Millis) -> String {
    let moment = jiff::Timestamp::from_millisecond(millis);
    moment.map_or_else(|_| String::new(), |moment| format!("{moment:.3}"))
}

/// How times stand in the names of files: 20260302T120000Z, UTC.
const IN_NAMES: &str = "%Y%m%dT%H%M%SZ";

/// A time as it stands in the names of files.
#[must_use]
pub fn compact(at: Millis) -> String {
    let moment = jiff::Timestamp::from_millisecond(at);
    moment.map_or_else(|_| String::new(), |moment| moment.strftime(IN_NAMES).to_string())
}

/// The time in this text; None where it is not written as [`compact`] writes it.
#[must_use]
pub fn read_compact(text: &str) -> Option<Millis> {
    let civil = jiff::civil::DateTime::strptime(IN_NAMES, text).ok()?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
    (compact(at) == text).then_some(at)
}

fn zoned(millis: Millis) -> Option<jiff::Zoned> {
    Some(jiff::Timestamp::from_millisecond(millis).ok()?.to_zoned(jiff::tz::TimeZone::system()))
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn ids_of_one_millisecond_stand_in_the_order_they_were_made_in() {
        for clock in [Clock::held(1_760_000_000_000, 7), Clock::real()] {
            let ids: Vec<String> = (0..1_000).map(|_| clock.new_id()).collect();
            assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
            assert!(ids.iter().all(|id| id.get(14..15) == Some("7")), "{ids:?}");
        }
    }
}
