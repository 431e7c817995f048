//! Which timed backups there should be: when the next one is due, and which of the older ones may go.

use std::collections::BTreeSet;

use crate::clock::{Millis, compact, read_compact};

const HOUR: Millis = 60 * 60 * 1000;
const DAY: Millis = 24 * HOUR;

/// Of how many days one is kept.
const DAYS: usize = 14;

/// Of how many weeks one is kept. Weeks begin on Monday.
const WEEKS: usize = 8;

const BEGINNING: &str = "warmly-";
const ENDING: &str = ".sqlite";

/// This time as it stands in names, or the first one after it whose name nobody has taken.
#[must_use]
pub fn free_time(mut at: Millis, is_taken: impl Fn(&str) -> bool) -> String {
    while is_taken(&compact(at)) {
        at += 1000;
    }
    compact(at)
}

/// The name of a backup that is made at this time.
#[must_use]
pub fn name(at: Millis) -> String {
    format!("{BEGINNING}{}{ENDING}", compact(at))
}

/// When the backup of this name was made; None for every name that [`name`] does not give.
#[must_use]
pub fn made_at(file: &str) -> Option<Millis> {
    read_compact(file.strip_prefix(BEGINNING)?.strip_suffix(ENDING)?)
}

/// Whether a backup is due: none of these was made within the last `every` hours. What seems to be made in the future,
/// by a clock that went wrong, does not count.
#[must_use]
pub fn is_due<'a>(files: impl IntoIterator<Item = &'a str>, every: u32, now: Millis) -> bool {
    let since = now - Millis::from(every) * HOUR;
    !files.into_iter().filter_map(made_at).any(|at| since < at && at <= now)
}

/// When each of these backups was made, newest first. Left out is what has another name, and what seems to be made in the
/// future.
#[must_use]
pub fn newest_first<'a>(files: impl IntoIterator<Item = &'a str>, now: Millis) -> Vec<(Millis, &'a str)> {
    let dated = files.into_iter().filter_map(|file| Some((made_at(file)?, file)));
    let mut past: Vec<(Millis, &str)> = dated.filter(|(at, _)| *at <= now).collect();
    past.sort_unstable_by(|one, other| other.cmp(one));
    past
}

/// Which of these may go. Kept are all of the last 24 hours, the last one of each of the 14 last days that have any, and
/// the last one of each of the 8 last weeks that have any (days and weeks in UTC).
///
/// Days and weeks are counted by the backups there are, not by the calendar: neither a long pause nor a clock that is
/// years ahead for an hour makes all of them old at once. What seems to be made in the future stays, and so does every
/// file with another name.
#[must_use]
pub fn to_delete<'a>(files: impl IntoIterator<Item = &'a str>, now: Millis) -> Vec<&'a str> {
    let past = newest_first(files, now);
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let mut gone = Vec::new();
    for (at, file) in past {
        let day = at.div_euclid(DAY);
        // The first day of 1970 was a Thursday.
        let week = (day + 3).div_euclid(7);
        let is_last_of_day = days.len() < DAYS && days.insert(day);
        let is_last_of_week = weeks.len() < WEEKS && weeks.insert(week);
        if !is_last_of_day && !is_last_of_week && now - at >= DAY {
            gone.push(file);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 2 March 2026, noon UTC.
    const NOON: Millis = 1_772_452_800_000;

    fn gone(files: &[String], now: Millis) -> BTreeSet<String> {
        to_delete(files.iter().map(String::as_str), now).into_iter().map(str::to_owned).collect()
    }

    /// Makes a backup at each of these times and lets go what may go after each, as the program does.
    fn kept_after(times: impl IntoIterator<Item = Millis>) -> Vec<Millis> {
        let mut files: Vec<String> = Vec::new();
        for now in times {
            files.push(name(now));
            let gone = gone(&files, now);
            files.retain(|file| !gone.contains(file));
        }
        let mut times: Vec<Millis> = files.iter().filter_map(|file| made_at(file)).collect();
        times.sort_unstable();
        times
    }

    fn hours(from: Millis, count: i64) -> impl Iterator<Item = Millis> {
        (0..count).map(move |hour| from + hour * HOUR)
    }

    #[test]
    fn a_name_says_when_and_no_other_name_is_ours() {
        assert_eq!(name(NOON), "warmly-20260302T120000Z.sqlite");
        assert_eq!(made_at("warmly-20260302T120000Z.sqlite"), Some(NOON));
        for other in [
            "warmly.sqlite",
            "warmly-20260302.sqlite",
            "warmly-20260302T120000Z.sqlite.part",
            "warmly-20260302T120000Z.sqlite-wal",
            "warmly-20261302T120000Z.sqlite",
            "warmly-2026032T1200000Z.sqlite",
            "warmly- 0260302T120000Z.sqlite",
            "Warmly-20260302T120000Z.sqlite",
            "before-20260302T120000Z.sqlite",
            "warmly-20260302T120000Z",
            "",
        ] {
            assert_eq!(made_at(other), None, "{other}");
        }
    }

    #[test]
    fn of_half_a_year_a_day_of_hours_two_weeks_of_days_and_eight_weeks_stay() {
        let count = 180 * 24;
        let last = NOON + (count - 1) * HOUR;
        let kept = kept_after(hours(NOON, count));
        let within = |from: i64, to: i64| {
            let (from, to) = (last - to * DAY, last - from * DAY);
            kept.iter().filter(|at| from < **at && **at <= to).count()
        };
        assert_eq!(within(0, 1), 24, "all of the last day");
        let days: BTreeSet<i64> = kept.iter().map(|at| at.div_euclid(DAY)).collect();
        let today = last.div_euclid(DAY);
        assert!((today - 13..=today).all(|day| days.contains(&day)), "one of each of 14 days");
        let weeks: BTreeSet<i64> = kept.iter().map(|at| (at.div_euclid(DAY) + 3).div_euclid(7)).collect();
        let this_week = (today + 3).div_euclid(7);
        assert_eq!(weeks, (this_week - 7..=this_week).collect(), "one of each of 8 weeks");
        assert!(kept.len() <= 24 + 13 + 7, "and no more: {}", kept.len());
        assert_eq!(within(56, 400), 0, "nothing is older than eight weeks");
    }

    #[test]
    fn what_goes_step_by_step_is_what_would_go_at_once() {
        let times: Vec<Millis> = hours(NOON, 100 * 24).collect();
        let files: Vec<String> = times.iter().map(|at| name(*at)).collect();
        let now = *times.last().expect("some");
        let gone = gone(&files, now);
        let at_once: Vec<Millis> =
            files.iter().filter(|file| !gone.contains(*file)).filter_map(|file| made_at(file)).collect();
        assert_eq!(kept_after(times), at_once);
    }

    #[test]
    fn the_newest_stays_and_so_does_whatever_is_not_ours() {
        for now in [0, NOON, NOON + 400 * DAY, NOON - 400 * DAY] {
            let files = [
                name(NOON),
                "notes.txt".to_owned(),
                "warmly.sqlite".to_owned(),
                "warmly-x.sqlite".to_owned(),
            ];
            assert!(gone(&files, now).is_empty(), "{now}");
        }
    }

    #[test]
    fn a_clock_that_jumps_takes_no_history_away() {
        let days =
            |times: &[Millis]| -> BTreeSet<i64> { times.iter().map(|at| at.div_euclid(DAY)).collect() };
        let before = kept_after(hours(NOON, 60 * 24));
        let now = NOON + 60 * 24 * HOUR;
        let ten_years = 3_652 * DAY;
        for jump in [ten_years, DAY, -DAY, -ten_years, -NOON] {
            let times =
                hours(NOON, 60 * 24).chain([now + jump, now + jump + HOUR]).chain(hours(now + 2 * HOUR, 24));
            let after = kept_after(times);
            let lost = days(&before).difference(&days(&after)).count();
            assert!(lost <= 4, "{jump}: {lost} days are lost; a day later one or two would be");
        }
        let away_for_a_year = kept_after(hours(NOON, 60 * 24).chain([now + 365 * DAY]));
        assert!(away_for_a_year.len() >= 16, "a pause ends nothing: {}", away_for_a_year.len());
    }

    #[test]
    fn one_is_due_when_there_is_none_within_the_hours() {
        let due = |files: &[&str], every, now| is_due(files.iter().copied(), every, now);
        let one = name(NOON);
        assert!(due(&[], 1, NOON) && due(&["notes.txt"], 1, NOON));
        assert!(!due(&[&one], 1, NOON) && !due(&[&one], 1, NOON + HOUR - 1) && due(&[&one], 1, NOON + HOUR));
        assert!(!due(&[&one], 6, NOON + 6 * HOUR - 1) && due(&[&one], 6, NOON + 6 * HOUR));
        assert!(due(&[&one], 1, NOON - 1), "one from the future says nothing about now");
    }
}
