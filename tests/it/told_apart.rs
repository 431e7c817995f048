//! Where the line runs between a real person's details and what nurses write all day: each case stands beside one that
//! is almost the same and is told otherwise.

use warmly::practice::guard::{look, look_beside};

/// What is found in a text: of which kind, and which words.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    look(text).into_iter().map(|find| (find.kind.stored(), &text[find.range])).collect()
}

#[track_caller]
fn fires(cases: &[(&str, &'static str, &str)]) {
    for (text, kind, words) in cases {
        assert_eq!(found(text), [(*kind, *words)], "{text}");
    }
}

#[track_caller]
fn is_quiet(cases: &[&str]) {
    for text in cases {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn signs_and_digits_of_any_kind_are_read_as_what_they_look_like() {
    for dash in "\u{2010}\u{2012}\u{2013}\u{2014}\u{2043}\u{2212}\u{fe58}\u{fe63}".chars() {
        let text = format!("03{dash}04{dash}1952");
        assert_eq!(found(&text), [("full-date", text.as_str())]);
    }
    for dot in "·•․∙⋅。｡・".chars() {
        let text = format!("03{dot}04{dot}1952");
        assert_eq!(found(&text), [("full-date", text.as_str())]);
    }
    for slash in "⁄∕⧸".chars() {
        let text = format!("born 3{slash}4");
        assert_eq!(found(&text), [("birth-date", text.as_str())]);
    }
    for (open, close) in [('﹙', '﹚'), ('⁽', '⁾'), ('₍', '₎')] {
        let text = format!("{open}415{close}5550142");
        assert_eq!(found(&text), [("phone", text.as_str())]);
    }
    for room in ['\t', '\u{b}', '\u{c}'] {
        let text = format!("mrn{room}123456");
        assert_eq!(found(&text), [("record-number", text.as_str())]);
    }
    fires(&[("Write to jo﹫example.org", "email", "jo﹫example.org")]);
    let digits = "¹1²2³3⁰0⁴4⁵5⁶6⁷7⁸8⁹9⓪0⓿0①1②2⑤5⑨9⑴1⑵2⒈1⒉2❶1❼7❾9➀1➊1₀0₉9٠0٩9𝟎0𝟗9";
    let digits: Vec<char> = digits.chars().collect();
    for pair in digits.chunks(2) {
        let (typed, plain) = (format!("Ring 415-555-01{}2", pair[0]), format!("415-555-01{}2", pair[1]));
        assert_eq!(found(&typed).len(), 1, "{typed}");
        assert_eq!(look_beside(&typed, || vec![plain.clone()]), [], "{typed} is {plain}");
    }
}

#[test]
fn two_details_that_touch_are_two_and_what_was_told_is_not_told_again() {
    assert_eq!(
        found("Write jo@example.org+1_415_555_0142 tonight"),
        [("email", "jo@example.org"), ("phone", "+1_415_555_0142")]
    );
    fires(&[("Fax 555*0142-10-7", "phone", "555*0142")]);
}

#[test]
fn nobody_is_reached_at_an_address_by_a_verb() {
    fires(&[
        ("going at gmail.com", "email", "going at gmail.com"),
        ("red at gmail.com", "email", "red at gmail.com"),
    ]);
    is_quiet(&["edited at gmail.com", "visited at gmail.com", "needing at gmail.com", "look at gmail.com"]);
}

#[test]
fn a_record_number_is_long_enough_and_no_year() {
    fires(&[
        ("MR #19521", "record-number", "MR #19521"),
        ("nhs 19521", "record-number", "nhs 19521"),
        ("record 1852", "record-number", "record 1852"),
        ("mrn 1952", "record-number", "mrn 1952"),
    ]);
    is_quiet(&["record 1952", "record 2012", "record 185", "nhs 1852", "mrn 123"]);
}

#[test]
fn a_long_number_is_a_phone_number_or_another_or_an_amount() {
    fires(&[
        ("bp 4155550142", "phone", "4155550142"),
        ("It is 5550142", "long-number", "5550142"),
        ("It is +5550142", "phone", "+5550142"),
    ]);
    is_quiet(&["1200000", "5500000 people", "glucose 5550142", "5550142 units"]);
}

#[test]
fn three_groups_are_dialed_or_measured() {
    fires(&[
        ("415-555-0142 mg", "phone", "415-555-0142"),
        ("bp 727.518.0730", "phone", "727.518.0730"),
        ("415.080.1950", "phone", "415.080.1950"),
        ("612.890.733", "phone", "612.890.733"),
        ("call 210-310-4100", "phone", "210-310-4100"),
        ("0142.250.080", "phone", "0142.250.080"),
        ("01.555014 7", "phone", "01.555014 7"),
        ("call 1-234-567", "phone", "1-234-567"),
    ]);
    is_quiet(&[
        "210-310-4100",
        "678 415 4155 mg",
        "bp 985 412 2001",
        "bp 555.155.0142",
        "1.0/260/080/0018",
        "call 1.234.567",
        "0.376.5000 7",
        "bp 410-4455-10000",
    ]);
}

#[test]
fn two_groups_are_dialed_or_a_time_and_what_was_counted() {
    fires(&[("555-0142", "phone", "555-0142"), ("call 700-2500", "phone", "700-2500")]);
    is_quiet(&[
        "1.612.1950",
        "12 250 0142",
        "260 1000",
        "555 1905",
        "550.1000",
        "700-2500",
        "120-2500",
        "hr 80 555 0142",
    ]);
}

#[test]
fn groups_are_as_long_as_those_of_numbers_that_are_dialed_somewhere() {
    fires(&[
        ("0/412/4155 7", "phone", "0/412/4155 7"),
        ("155-5000", "phone", "155-5000"),
        ("12345-55", "phone", "12345-55"),
        ("555014 7", "phone", "555014 7"),
        ("261-20-55", "phone", "261-20-55"),
        ("call 12-345-67", "phone", "12-345-67"),
        ("call 3-261-885", "phone", "3-261-885"),
    ]);
    is_quiet(&[
        "06-12-30-80-7",
        "02)55)20)20-7",
        "411(98/16",
        "201.33.25",
        "260-20-55",
        "call 1/234/567",
        "12-345-67",
        "07211 12",
        "12345 20",
    ]);
}

#[test]
fn three_numbers_of_three_digits_are_far_apart_where_they_are_dialed() {
    fires(&[("612-890-733", "phone", "612-890-733"), ("call 612-650-712", "phone", "612-650-712")]);
    is_quiet(&["612-650-712", "712-700-660", "260 412 800", "610-890-735"]);
}

#[test]
fn odd_signs_join_groups_where_nothing_is_listed() {
    fires(&[
        ("985:080:1234", "phone", "985:080:1234"),
        ("212, 555, 0142", "phone", "212, 555, 0142"),
        ("1 612:155:1905", "phone", "612:155:1905"),
        ("1:612:155:1905", "phone", "1:612:155:1905"),
        ("Ring 555*0142", "phone", "555*0142"),
    ]);
    is_quiet(&["120, 415, 1000", "120; 612; 0745", "080= 261= 5000", "+555*0142", "1.555*0142"]);
}

#[test]
fn letters_stand_for_fewer_digits_than_are_left() {
    fires(&[("5o5-o142", "phone", "5o5-o142"), ("2i2-5o5-o142", "phone", "2i2-5o5-o142")]);
    is_quiet(&["5o5-ol42", "ool.014l", "2i2-5o5-ol42", "lol-oill"]);
}
