//! What stands around digits in a sentence: whether they are called, or measured.

use std::ops::Range;

/// What the words around digits say about them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Around {
    /// Somebody is to be reached by them: "my cell is".
    Called,
    /// Something is measured, counted or placed with them: "glucose", "rooms".
    Measured,
    /// A unit stands behind them: "mg".
    InUnits,
    /// Nothing.
    Nothing,
}

/// Words after which digits reach somebody.
const CALLS: [&str; 19] = [
    "call",
    "phone",
    "cell",
    "cellphone",
    "tel",
    "telephone",
    "mobile",
    "landline",
    "number",
    "text",
    "txt",
    "fax",
    "ring",
    "reach",
    "dial",
    "pager",
    "whatsapp",
    "contact",
    "ph",
];

/// Words after which digits are what was measured, given or counted, or a place or a time.
const MEASURES: &str = " hr bp rr pulse pulses rate rates sat sats spo2 o2 oxygen glucose sugar sugars bg bgs bgl cbg fsbs accucheck \
    accuchecks temp temps pain score scores scale scales rate rated rating ratings gcs weight weights wt wts height dose doses dosed intake output outputs urine \
    uop voided drained drain drains flow pressure pressures systolic diastolic map maps cvp wbc rbc platelets plt hgb hct \
    sodium potassium creatinine lab labs level levels reading readings vital vitals peep fio2 tidal volume volumes feed \
    feeds bolus boluses rotation shift shifts schedule room rooms rm rms bed beds bay bays unit units floor floors \
    step steps calories count counts counted ";

/// Words after which it is no use to look for an earlier one.
const STOPS: &str = " if when above below over under than between every after before within for about from ";

/// What digits are given in.
const UNITS: &str = " mg mgs mcg ug gm gms grams kg kgs lb lbs oz ml mls cc ccs liters litres units iu meq mmol mmhg bpm kcal cal \
    calories steps feet cm mm percent degrees shift shifts dollars hrs hr mins minutes tabs tablets reps people ";

/// How many words before digits are looked at.
const WORDS: usize = 4;

/// How far before them they are looked for, in bytes.
const FAR: usize = 48;

/// What the words around a range of a folded text say about it.
pub(super) fn around(text: &str, range: &Range<usize>) -> Around {
    if is_unit(text.get(range.end..).unwrap_or_default()) {
        return Around::InUnits;
    }
    let before = text.get(range.start.saturating_sub(FAR)..range.start).unwrap_or_default();
    let sentence = before.rsplit(['!', '?', '\n']).next().unwrap_or_default();
    let sentence = sentence.rsplit(". ").next().unwrap_or_default();
    let mut words =
        sentence.rsplit(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    for _ in 0..WORDS {
        let Some(word) = words.next() else { break };
        if CALLS.contains(&word) {
            // Who is on call works then.
            let on_call = word == "call" && words.next() == Some("on");
            return if on_call { Around::Measured } else { Around::Called };
        }
        if holds(MEASURES, word) {
            return Around::Measured;
        }
        if holds(STOPS, word) {
            break;
        }
    }
    Around::Nothing
}

/// Whether a text goes on with a unit.
fn is_unit(after: &str) -> bool {
    let after = after.strip_prefix([' ', '-']).unwrap_or(after);
    let word = after.split(|char: char| !char.is_ascii_lowercase()).next().unwrap_or_default();
    after.starts_with('%') || holds(UNITS, word)
}

fn holds(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split(' ').any(|one| one == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_digits_and_units_behind_them_say_what_they_are() {
        for (text, is) in [
            ("glucose 250", Around::Measured),
            ("250 mg", Around::InUnits),
            ("250-mg", Around::InUnits),
            ("250%", Around::InUnits),
            ("250 %", Around::InUnits),
            ("250 mgx", Around::Nothing),
            ("my cell is 250", Around::Called),
            ("please call 250", Around::Called),
            ("call 250", Around::Called),
            ("on call 250", Around::Measured),
            ("i am on phone 250", Around::Called),
            ("off call 250", Around::Called),
            ("glucose. then 250", Around::Nothing),
            ("glucose! 250", Around::Nothing),
            ("glucose? 250", Around::Nothing),
            ("glucose\n250", Around::Nothing),
            ("glucose if 250", Around::Nothing),
            ("glucose was a bit 250", Around::Measured),
            ("glucose was a bit high 250", Around::Nothing),
            ("glucose                                           250", Around::Nothing),
            ("glucose                                 250", Around::Measured),
            ("nothing 250", Around::Nothing),
            ("250", Around::Nothing),
        ] {
            let start = text.find("250").unwrap_or_default();
            assert_eq!(around(text, &(start..start + 3)), is, "{text}");
        }
    }
}
