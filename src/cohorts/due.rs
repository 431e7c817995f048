//! Until when something is to be done, and how that is said.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::Assignment;

impl Assignment {
    /// Its last day, where it has one.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        self.due_on.as_deref().and_then(read_day)
    }

    /// Whether it is asked for today: not taken back, and its last day is not over. What is late can still be done.
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        self.withdrawn_at.is_none() && !self.is_late(today)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.due().is_some_and(|due| due < today)
    }

    /// Its last day in words, to go on a sentence: "for Friday, March 6", "due today", "was due March 6".
    #[must_use]
    pub fn due_in_words(&self, today: Date) -> Option<String> {
        let due = self.due()?;
        let year = if due.year() == today.year() { "" } else { ", %Y" };
        Some(match due.cmp(&today) {
            Ordering::Equal => "due today".to_owned(),
            Ordering::Less => due.strftime(&format!("was due %B %-d{year}")).to_string(),
            Ordering::Greater => due.strftime(&format!("for %A, %B %-d{year}")).to_string(),
        })
    }
}

/// The day that is written so: 2026-03-02. None where it can't be one.
#[must_use]
pub fn read_day(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if plain { text.parse().ok() } else { None }
}
