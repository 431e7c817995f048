//! Real people's details however they are typed, and what nurses type all day that is nobody's: sentence by sentence.

use warmly::practice::blacking::{BLACK, black_out};
use warmly::practice::guard::look;

use crate::rules::files;

const PHONE: &str = "phone";
const BIRTH: &str = "birth-date";
const DATE: &str = "full-date";
const RECORD: &str = "record-number";
const SOCIAL: &str = "social-security-number";
const EMAIL: &str = "email";
const LONG: &str = "long-number";

/// A text, the words of it that are to be found, and what they look like.
const REAL: &[(&str, &str, &str)] = &[
    ("call 212\t555\t0142", "212\t555\t0142", PHONE),
    ("555\n0142\n33", "555\n0142\n33", PHONE),
    ("212\n555\n0142", "212\n555\n0142", PHONE),
    ("her cell\n617-555-0142", "617-555-0142", PHONE),
    ("212, 555, 0142", "212, 555, 0142", PHONE),
    ("212   -   555   -  0142", "212   -   555   -  0142", PHONE),
    ("it is 212*555*0142", "212*555*0142", PHONE),
    ("it is 212|555|0142", "212|555|0142", PHONE),
    ("it is 212~555~0142", "212~555~0142", PHONE),
    ("it is 212;555;0142", "212;555;0142", PHONE),
    ("it is 212=555=0142", "212=555=0142", PHONE),
    ("it is 212+555+0142", "212+555+0142", PHONE),
    ("it is 212\\555\\0142", "212\\555\\0142", PHONE),
    ("it is 212[555]0142", "212[555]0142", PHONE),
    ("it is 212 / 555 / 0142", "212 / 555 / 0142", PHONE),
    ("it is 212…555…0142", "212…555…0142", PHONE),
    ("it is 212•555•0142", "212•555•0142", PHONE),
    ("+1*212*555*0142", "+1*212*555*0142", PHONE),
    ("just 555*0142", "555*0142", PHONE),
    ("just 555-O142", "555-O142", PHONE),
    ("try 2I2-555-0l42 ok", "2I2-555-0l42", PHONE),
    ("try 617.555.O142 ok", "617.555.O142", PHONE),
    ("tel5550142", "tel5550142", LONG),
    ("call 212-555-0142ext4", "212-555-0142ext4", PHONE),
    ("cell:2125550142x3", "2125550142x3", PHONE),
    ("my cell’s (617)555.0142 anytime", "(617)555.0142", PHONE),
    ("room 12, 555-0142", "555-0142", PHONE),
    ("after 1900 on 617-555-0142", "617-555-0142", PHONE),
    ("HR 110, ring 617 555 0142", "617 555 0142", PHONE),
    ("call me 0800 617-555-0142", "617-555-0142", PHONE),
    ("1 - (617) 555 - 0142", "1 - (617) 555 - 0142", PHONE),
    ("six one seven five five five oh one four two", "six one seven five five five oh one four two", PHONE),
    ("triple five zero one four two", "triple five zero one four two", PHONE),
    ("double five five double oh double one", "double five five double oh double one", PHONE),
    ("five five five 0142", "five five five 0142", PHONE),
    ("555 oh one four two", "555 oh one four two", PHONE),
    ("Handy 0151 23456789", "0151 23456789", PHONE),
    ("0151/2345-6789", "0151/2345-6789", PHONE),
    ("+49 (0) 30 / 901820", "+49 (0) 30 / 901820", PHONE),
    ("0049 30 901820", "0049 30 901820", PHONE),
    ("+44 20 7946 0018", "+44 20 7946 0018", PHONE),
    ("07700 900123", "07700 900123", PHONE),
    ("07700 900 123", "07700 900 123", PHONE),
    ("0161 496 0123", "0161 496 0123", PHONE),
    ("06.12.34.56.78", "06.12.34.56.78", PHONE),
    ("98765 43210", "98765 43210", PHONE),
    ("415 5550142", "415 5550142", PHONE),
    ("call 314 159 265", "314 159 265", PHONE),
    ("MRN\n004512", "MRN\n004512", RECORD),
    ("MR# 12345", "MR# 12345", RECORD),
    ("MRN number 004512", "MRN number 004512", RECORD),
    ("MRN: number 4512", "4512", RECORD),
    ("M.R.N. 004512", "M.R.N. 004512", RECORD),
    ("med rec 88812", "med rec 88812", RECORD),
    ("med rec # 88812", "med rec # 88812", RECORD),
    ("chart# 88812", "chart# 88812", RECORD),
    ("pt id 100233", "pt id 100233", RECORD),
    ("pt. # 100233", "pt. # 100233", RECORD),
    ("acct# 1002334", "acct# 1002334", RECORD),
    ("MRN12345678b", "MRN12345678b", RECORD),
    ("MRN: H0012345", "MRN: H0012345", RECORD),
    ("passport AB1234567 she said", "passport AB1234567", RECORD),
    ("ID H0012345.", "H0012345", LONG),
    ("her SSN: 123 - 45 - 6789", "123 - 45 - 6789", SOCIAL),
    ("social 123-45-6789", "social 123-45-6789", SOCIAL),
    ("social sec no. 123456789", "123456789", SOCIAL),
    ("S.S.N. 6789", "S.S.N. 6789", SOCIAL),
    ("ana @ example . com", "ana @ example . com", EMAIL),
    ("ana at example.com", "ana at example.com", EMAIL),
    ("ana dot okafor at gmail dot com", "ana dot okafor at gmail dot com", EMAIL),
    ("ana {at} example.com", "ana {at} example.com", EMAIL),
    ("write ana.okafor@gmail", "ana.okafor@gmail", EMAIL),
    ("ana_77 at gmail", "ana_77 at gmail", EMAIL),
    ("ana@example.comы ok", "ana@example.comы", EMAIL),
    ("born 3/4/1951yes", "born 3/4/1951yes", BIRTH),
    ("born on the\n4th of March 1951", "born on the\n4th of March 1951", BIRTH),
    ("DOB the chart says is 3/4/1951", "3/4/1951", BIRTH),
    ("b-day 3/4/51", "b-day 3/4/51", BIRTH),
    ("born 3 4 51 in town", "born 3 4 51", BIRTH),
    ("03\n04\n1951", "03\n04\n1951", DATE),
    ("3/4 1951", "3/4 1951", DATE),
    ("31.12.1948", "31.12.1948", DATE),
    ("2026-11-26", "2026-11-26", DATE),
    ("02-04-06", "02-04-06", DATE),
    ("admitted\t03/04/2026", "03/04/2026", DATE),
];

/// More of them; something is found in each.
const MORE: &[&str] = &[
    "hit me up 857 555 0191",
    "it's 857.555.0191 after 8",
    "(857)-555-0191",
    "857-5550191",
    "8575550191!!",
    "+1.857.555.0191",
    "1 857 555 0191",
    "call 857–555–0191",
    "857 555-0191 x12",
    "tel: 5550191",
    "her num 555 0191",
    "the daughter’s phone # is 555-0191",
    "pager 4421 no, 857-555-0191",
    "eight five seven five five five zero one nine one",
    "eight-five-seven, five-five-five, oh-one-nine-one",
    "Mr Alvarez, DOB 2/29/1952, MRN 7741123",
    "dob: feb 29 1952",
    "DOB 02291952",
    "born feb 29th '52",
    "bday is 2/29",
    "2/29/52 female",
    "29.02.52",
    "29 February 1952",
    "mrn=7741123",
    "MRN-7741123",
    "his MRN ends 1123",
    "record # 77411",
    "CSN 100200300",
    "acct 7741123",
    "NHS no 943 476 5919",
    "SSN 078-05-1120",
    "078 05 1120",
    "social: 078051120",
    "jo.alvarez@example.org",
    "jo.alvarez(at)example.org",
    "jo.alvarez at example dot org",
    "joalvarez @example.org",
    "jalvarez AT GMAIL DOT COM",
    "+49 151 23456789",
    "0151-23456789",
    "030 23125 999",
    "+44 7700 900456",
    "07700900456",
    "020 7946 0958",
    "0118 496 0999",
    "+33 6 12 34 56 78",
    "+61 412 345 678",
    "0412 345 678",
    "+52 55 1234 5678",
    "my whatsapp 612 345 678",
];

/// What nurses type all day: times, shifts, vital signs, rooms, doses, ages, days without a year.
const ORDINARY: &[&str] = &[
    "0700-1900",
    "I’m on 0700-1900 tomorrow",
    "1900-0700 shift",
    "0730-1930",
    "715-1930",
    "720-1905, then home",
    "7-3, 3-11 or 11-7",
    "(0700-1900)",
    "on call 0700 1900",
    "Q4H 0800 1200 1600 2000",
    "q6h at 0600 1200 1800 2400",
    "meds 0800\n1200\n1600",
    "0800 500 mg, 2000 500 mg",
    "0600 100 units",
    "0900 250 ml then 1100 250 ml",
    "at 08.15-09.45",
    "08.30 - 16.00, 08.30 - 12.00",
    "rooms 410 411 412",
    "rooms 410, 412, 1204",
    "rooms 412 and 414, 1204 too",
    "beds 001 002 003",
    "HR 110-120-130",
    "HR 88 92 110 104",
    "pulse 120 118 116 110",
    "BP 120/80 130/85 118/76",
    "BP 120/80 HR 72 RR 16 T 98.6 O2 98%",
    "0800 120/80 72 18 98",
    "0800 120/80 72 18 98.6\n1200 118/76 70 16 98.4",
    "120/80, 88, 16, 98.6, 97% RA",
    "120/80 88 16 98.6",
    "BP 120 80 1905",
    "BP\n120/80\n118/76\n122/84",
    "98.6 99.1 100.4",
    "T 98.6-99.1-100.4",
    "temps 101.2 100.8 99.9 98.7",
    "glucose 110 180 220",
    "glucose 250 0800, 180 1200",
    "sugars were 312 288 190 145",
    "FSBS 110-180-220-160",
    "200-250-300",
    "intake 1200 output 1450",
    "output 650 420 380",
    "250-1000 ml",
    "325-1000 mg",
    "500 1000 mg",
    "650 mg, 1000 mg, 325 mg",
    "5-325 and 10-325",
    "heparin 5000 units, then 1000 an hour",
    "penicillin 2400000 units",
    "1200-1800 calories",
    "1500-2000 ml a day",
    "10000 12000 steps",
    "5 4 3 2 1 0 0",
    "pain 7 6 5 4 3 3 2",
    "pain scores 8 6 7 5 4 3 2",
    "10 9 8 7 6 5 4 3 2 1",
    "one two three four five six seven",
    "seven, six, five, four, three, two, one",
    "one, two, three, four and push",
    "one of the two or three nurses on six, not seven",
    "two of them, three of us, one chair, four hours and five beds",
    "sets of 10-15-20",
    "5-10-15 minutes",
    "she is 71, he is 58, they are 49 and 36",
    "71 yo F, POD 3, 2 drains",
    "A&O x3, GCS 15, 4/4/4",
    "gave it 3/4 at 1930",
    "3/4 1930 refused",
    "on 3/4 and 3/5",
    "03/04-05/04",
    "since 3/4, 0700",
    "11/26 0700-1900 and 11/27 0700-1900",
    "the 2019-2024 rules",
    "2019 2020 2021",
    "from 2019/20 to 2020/21",
    "born at 36 weeks, 5 lb 2 oz",
    "born 2-3 weeks early",
    "born 36 2/7",
    "at 2000 5 10 mg tabs",
    "unit 4 west, extension 5512",
    "ext. 4412 or 4413",
    "page one, step 2 of 3",
    "1-800-222-1222 is poison control",
    "Call 911, then 988",
    "look us up at hospital.org",
    "sign in at mychart.com",
    "your results at mychart.com",
    "meet me @ work. see you",
    "I’m @ home. net is down",
    "I’ll look at it. Me too.",
    "a record 2024",
    "the social 2026 in May",
    "Mr. No-one, mr 12",
    "case 3 of 10",
    "patient 3 of 12",
    "his record is 12 days",
    "50 mg/2 ml x 4, 25 mg/ml",
    "3 x 250, 2 x 500",
    "2 500 ml bags",
    "SpO2 98 97 96 95 on 2L",
    "O2 2l-4l, 10l if he drops",
    "I/O 1450/1200, 1300/1250",
    "peep 5, FiO2 40, TV 450 500 480",
    "weights 80.5 81.2 79.9",
    "K 3.5, Na 140, Cl 102, Cr 1.1",
    "call if SBP over 180 200 220",
    "call if HR 120 130 140",
    "2-4-6-8",
    "15-20 min, 30-45 min, 60-90 min",
    "98-100 72-80 16-18",
    "20/20/20 rule",
    "C-diff x 2, MRSA 1, 4 NKDA",
    "12 hours, 4 days, 36 a week, 1872 a year",
    "Day shift 0645-1915, night shift 1845-0715",
    "I work 3 12s, 0700 to 1930",
    "BP 142/88 at 0800, 138/84 at 1200, 150/92 at 1600",
    "VS 0400: 98.2 76 18 118/64 96%",
    "VS 98.2-76-18-118/64-96",
    "Blood sugars 145-167-210-98",
    "HR 60-100, RR 12-20, sats 92-100",
    "Fluids 75 ml/hr x 24, total 1800",
    "In 1250 out 1100 net +150",
    "Labs 140 4.1 102 24 18 0.9 110",
    "Na 138 K 4.2 Cl 101 CO2 25 BUN 14 Cr 0.8",
    "WBC 12.4 Hgb 9.8 Plt 245",
    "plt 150000 to 90000",
    "Vanc 1250 mg q12, trough 15-20",
    "insulin 10 units at 0730 1130 1630",
    "Lasix 40 IV at 0900, 40 PO at 1700",
    "tylenol 325-650 mg q4-6h prn",
    "norco 5-325 1-2 tabs",
    "20 mEq K x 3 runs",
    "Room 4112 bed 2, unit 4W",
    "moved from 4112 to 5230",
    "beds 12 14 16 18 20 22 24",
    "in 301, 302, 303 and 1410",
    "patients 1 2 3 4 5 6 7",
    "she’s 84, lives alone since 2019",
    "POD 2, chest tube 120 80 60 40",
    "drain 250 180 120 90",
    "JP 45 30 25 20 15 10 5",
    "wt 81.4 82.0 82.6 83.1",
    "temp 38.2 38.5 39.1 37.9",
    "GCS 15 15 14 15",
    "NIHSS 4 3 3 2",
    "pain 8/10 6/10 4/10",
    "turns at 0000 0200 0400 0600",
    "up at 0530, home by 2000",
    "class of 2024 and 2025",
    "since 2019-2020",
    "on 11/3 and 11/17 and 12/1",
    "from 11/3-11/17",
    "seen 3/12 @ 1400",
    "2 of 3 at 1500 2 of 3 at 1900",
    "q2h 0800 1000 1200 1400",
    "rated 4 4 5 3 5 4 4",
    "steps 3500 4200 5100",
    "walked 150 ft x 2, 200 ft x 1",
    "1:1 sitter 1900-0700 x 3 nights",
    "extension 55120",
    "code 4 on 3 west at 0312",
    "floor 7 rooms 701-732",
    "call 911 or 211 or 988",
    "I told her 50 times, 100 times, 1000 times",
    "$1,200 a month, $14,400 a year",
    "a 1 in 10000 chance",
    "10,000 steps, 7,500 steps",
    "tidal 420 440 460, peep 8, fio2 0.4",
    "ABG 7.35 45 80 24",
    "7.35/45/80/24",
    "heparin 25000 units in 250 ml at 12",
    "PT 14.2 INR 1.3 PTT 32",
    "urine 30 25 30 40 35",
    "sats 91 92 94 95 on 2 3 4 L",
];

/// Of texts, each with the words that are to be found in it and what they are to be called: those in which something
/// else is found.
pub(crate) fn found_otherwise(texts: &[(&str, &str, &str)]) -> Vec<String> {
    let mut otherwise = Vec::new();
    for (text, words, kind) in texts {
        let finds = look(text);
        let found: Vec<(&str, &str)> =
            finds.iter().map(|find| (&text[find.range.clone()], find.kind.stored())).collect();
        if !matches!(found.as_slice(), [(found, named)] if found.contains(words) && named == kind) {
            otherwise.push(format!("{text:?}: {found:?}"));
        }
    }
    otherwise
}

#[test]
fn details_are_found_however_they_are_typed() {
    assert!(REAL.len() >= 60);
    let missed = found_otherwise(REAL);
    assert!(missed.is_empty(), "{missed:#?}");
    let missed: Vec<&&str> = MORE.iter().filter(|text| look(text).is_empty()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_found_can_be_blacked_out_as_it_was_found() {
    let others = [
        ("打电话5550142给我", "打电话███给我"),
        ("tel5550142,x555-0142-33y", "███,███"),
        ("ID H0012345.", "ID ███."),
        ("２１２－５５５－０１４２ａ", "███"),
        ("1234567a1234567b", "███"),
    ];
    let texts =
        REAL.iter().map(|(text, ..)| (*text, None)).chain(others.map(|(text, left)| (text, Some(left))));
    for (text, left) in texts {
        let mut rest = text.to_owned();
        for find in look(text) {
            let (without, _) =
                black_out(&rest, &text[find.range]).unwrap_or_else(|| panic!("{text:?}: {rest:?}"));
            rest = without;
        }
        assert!(rest.contains(BLACK) && look(&rest).is_empty(), "{text:?}: {rest:?}");
        assert!(left.is_none_or(|left| rest == left), "{text:?}: {rest:?}");
    }
    let chinese = black_out("昨天王小明来了", "王小明");
    assert_eq!(chinese, Some(("昨天███来了".to_owned(), 1)), "where nobody leaves room between words");
    assert_eq!(black_out("Alsace", "Al"), None);
}

#[test]
fn what_nurses_type_all_day_is_nobodys() {
    assert!(ORDINARY.len() >= 60);
    let found = ORDINARY.iter().filter(|text| !look(text).is_empty());
    let found: Vec<String> = found.map(|text| format!("{text:?}: {:?}", look(text))).collect();
    assert!(found.is_empty(), "{found:#?}");
    // The same in sentences, and one after the other as a hand-off is typed.
    let framed: Vec<String> =
        ORDINARY.iter().map(|text| format!("Pt stable. {text}. Will follow.")).collect();
    let found: Vec<&String> = framed.iter().filter(|text| !look(text).is_empty()).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// What is found in the texts that are written by hand, and may be: numbers that are given away in own words of the
/// demo, and where sources stand.
const WRITTEN: [&str; 5] = ["555-01", "20HDC01728 (2022", "10.1097/01", "0000334058.98940.62", "PMC4491352"];

#[test]
fn nothing_else_in_the_texts_that_are_written_by_hand_is_asked_about() {
    let (mut lines, mut numbers) = (0, 0);
    let mut found = Vec::new();
    let written = files("scenarios", "toml").into_iter().chain(files("src/operate/words", "toml"));
    for (path, file) in written {
        for line in file.lines() {
            lines += 1;
            for find in look(line) {
                let words = &line[find.range];
                numbers += usize::from(words.starts_with("555-01"));
                if !WRITTEN.iter().any(|written| words.starts_with(written)) {
                    found.push(format!("{}: {words}", path.display()));
                }
            }
        }
    }
    assert!(lines > 6000 && numbers == 15, "{lines} lines, {numbers} numbers");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn words_of_any_length_are_looked_through() {
    let odd = [
        "1",
        "12 ",
        "555-",
        "555-0142 ",
        "555_0142",
        "1a",
        "a.",
        "a@a.",
        "a at ",
        "born ",
        "one ",
        "3/4/",
        "(",
        "+1",
        "mrn ",
        "212, 555, 0142 ",
        "1234567a",
        "x dot ",
        "\n1",
    ];
    for piece in odd {
        let text = piece.repeat(4096 / piece.len());
        let mut end = 0;
        for find in look(&text) {
            assert!(find.range.start >= end && find.range.end > find.range.start, "{piece:?}");
            end = find.range.end;
        }
    }
}
