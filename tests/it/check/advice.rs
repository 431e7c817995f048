//! What an author is advised, and how hard a text is to read.

use warmly::scenario::reading::{Counts, syllables};

use super::{GOOD, advice, changed, findings, line_of, with};

#[test]
fn the_keeping_reply_being_always_the_longest_is_advised_against() {
    let text = with("I can't, Rosa.", "I can't, Rosa, and I am really glad we met.");
    advice(&text, "title = \"A goodbye\"", "the longest reply is the one that keeps");
}

#[test]
fn a_scenario_without_a_kind_slip_is_advised_against() {
    let text = with("scores = { clear = \"blurs\" }", "distance = \"under\"\nscores = { clear = \"blurs\" }");
    let text = changed(
        &text,
        "scores = { clear = \"crosses\" }",
        "distance = \"under\"\nscores = { clear = \"crosses\" }",
    );
    advice(&text, "title = \"A goodbye\"", "no reply is kind and wrong");
}

#[test]
fn a_scenario_without_a_cold_slip_is_advised_against() {
    advice(&with("distance = \"under\"\n", ""), "title = \"A goodbye\"", "no reply is cold and wrong");
}

#[test]
fn hard_reading_is_advised_against() {
    let hard = "Ambiguous communication inadvertently perpetuates unrealistic expectations regarding continued availability, \
        consequently complicating subsequent conversations considerably and undermining therapeutic relationships, \
        notwithstanding compassionate intentions regarding individual circumstances.";
    advice(&with("Maybe sounds like yes.", hard), "[turns.ask]", "of the turn “ask” read at grade");
    advice(&with("You cared for her.", hard), "summary =", "background and endings read at grade");
    assert_eq!(findings(&with("Can I call you?", hard)), [], "people may speak as they like");
}

#[test]
fn choices_that_do_not_matter_are_advised_against() {
    let text = GOOD.replace("next = \"kept\"", "next = \"again\"");
    let text = changed(&text, "next = \"open\"", "next = \"last\"");
    let text = text.replacen(
        "next = \"again\"\n\n[[turns.again.replies]]\nid = \"give-in\"",
        "next = \"last\"\n\n[[turns.again.replies]]\nid = \"give-in\"",
        1,
    );
    let last = "[turns.last]\ntitle = \"Last\"\nsays = \"Well?\"\nmood = \"puzzled\"\n\
        [[turns.last.replies]]\nid = \"a\"\ntext = \"No.\"\nscores = { clear = \"keeps\" }\nreaction = { says = \"Hm.\", mood = \"glad\" }\nkept = \"All.\"\nwhy = \"So.\"\nnext = \"kept\"\n\
        [[turns.last.replies]]\nid = \"b\"\ntext = \"No, no.\"\nscores = { clear = \"keeps\" }\nreaction = { says = \"Hm.\", mood = \"glad\" }\nkept = \"All.\"\nwhy = \"So.\"\nnext = \"open\"\n\n[endings.kept]";
    let text = changed(&text, "[endings.kept]", last);
    advice(&text, "title = \"A goodbye\"", "only in 1 of 3 turns");
}

#[test]
fn findings_come_in_the_order_of_the_file() {
    let text = changed(&with("minutes = 4", "minutes = 0"), "She waves.", "She {waves.");
    let text = changed(&text, "kept = \"She heard a clear no.\"", "kept = \" \"");
    let lines: Vec<_> = findings(&text).iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [6, line_of(&text, "kept = \" \""), line_of(&text, "She {waves.")]);
}

#[test]
fn syllables_are_counted_as_they_are_spoken() {
    let spoken = [
        (
            1,
            "the she no hope hopes hoped names eye year tried can't don't I'll they're asked through friend likes",
        ),
        (
            2,
            "patient nurses wanted didn't careful safely table tables handled hundred beyond quiet client someone feeling goodbye about leaves-it nurse's saying going",
        ),
        (3, "employer carrying completely area media actual"),
        (4, "conversation information experience anxiety 2026 nine-eleven"),
    ];
    for (count, words) in spoken {
        for word in words.split(' ') {
            assert_eq!(syllables(word), count, "{word}");
        }
    }
}

#[test]
fn a_grade_is_that_of_the_formula() {
    let names = ["kayla".to_owned()].into();
    let mut counts = Counts::new(&names);
    counts.add(
        "The cat sat on the mat. Mrs. Kayla's cat, at 2.5 or so, sat... down on an ECG {urgent_line} mat",
    );
    // Two sentences; 17 words without the name, the ECG and the slot; 18 syllables.
    assert_eq!(counts.words(), 17);
    assert!((counts.grade().unwrap() - (0.39 * 17.0 / 2.0 + 11.8 * 18.0 / 17.0 - 15.59)).abs() < 1e-9);
    assert_eq!(Counts::new(&names).grade(), None);
    let mut easy = Counts::new(&names);
    easy.add("The cat sat on the mat.");
    assert!((easy.grade().unwrap() - (0.39 * 6.0 + 11.8 - 15.59)).abs() < 1e-9);
}
