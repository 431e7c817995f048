//! What an author is told about the ways through the conversation and the scores of its replies.

use super::{GOOD, changed, error, findings, line_of, with};

#[test]
fn a_next_that_names_nothing_is_an_error() {
    let text = with("next = \"open\"", "next = \"opne\"");
    let text = changed(
        &text,
        "next = \"opne\"",
        "next = \"opne\"\n\n[[turns.again.replies]]\nid = \"third\"\ntext = \"Yes.\"\nscores = { clear = \"crosses\" }\nreaction = { says = \"Oh.\", mood = \"glad\" }\nwhy = \"It is a yes.\"\nnext = \"open\"",
    );
    error(&text, "next = \"opne\"", "no turn or ending called “opne”; did you mean “open”?");
}

#[test]
fn a_start_that_names_no_turn_is_an_error() {
    error(
        &with("start = \"ask\"", "start = \"aks\""),
        "start = ",
        "there is no turn called “aks”; did you mean “ask”?",
    );
    error(&with("start = \"ask\"", "start = \"kept\""), "start = ", "must name the first turn");
}

#[test]
fn a_turn_that_is_never_reached_is_an_error() {
    let text = GOOD.replace("next = \"again\"", "next = \"ask\"");
    let found: Vec<_> = findings(&text).into_iter().map(|finding| (finding.line, finding.message)).collect();
    assert!(
        found.iter().any(|(line, message)| *line == line_of(&text, "[turns.again]")
            && message.contains("leads to the turn “again”")),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|(line, message)| *line == line_of(&text, "[endings.open]")
            && message.contains("leads to the ending “open”")),
        "{found:#?}"
    );
}

#[test]
fn an_ending_that_is_never_reached_is_an_error() {
    error(&with("next = \"open\"", "next = \"kept\""), "[endings.open]", "leads to the ending “open”");
}

#[test]
fn a_turn_without_replies_is_a_dead_end() {
    let text = with("next = \"open\"", "next = \"void\"");
    let void =
        "[turns.void]\ntitle = \"Void\"\nsays = \"Hm.\"\nmood = \"glad\"\nreplies = []\n\n[endings.kept]";
    let found = findings(&changed(&text, "[endings.kept]", void));
    assert!(found.iter().any(|finding| finding.message.contains("“void” is a dead end")), "{found:#?}");
}

#[test]
fn a_loop_without_a_way_out_is_an_error() {
    // From "round" one only comes to "round", though from "ask" there is an ending.
    let text = with("next = \"open\"", "next = \"round\"");
    let round = "[turns.round]\ntitle = \"Round\"\nsays = \"Hm.\"\nmood = \"glad\"\n\
        [[turns.round.replies]]\nid = \"a\"\ntext = \"No.\"\nscores = { clear = \"keeps\" }\nreaction = { says = \"Hm.\", mood = \"glad\" }\nkept = \"Yes.\"\nwhy = \"So.\"\nnext = \"round\"\n\
        [[turns.round.replies]]\nid = \"b\"\ntext = \"Yes.\"\nscores = { clear = \"blurs\" }\nreaction = { says = \"Hm.\", mood = \"glad\" }\nwhy = \"So.\"\nnext = \"round\"\n\n[endings.kept]";
    let text = changed(&text, "[endings.kept]", round);
    let stuck: Vec<_> =
        findings(&text).into_iter().filter(|finding| finding.message.contains("round for ever")).collect();
    assert_eq!(stuck.len(), 1, "{stuck:#?}");
    assert_eq!(stuck[0].line, line_of(&text, "[turns.round]\n"));
}

#[test]
fn a_turn_without_a_keeping_reply_is_an_error() {
    error(
        &with("{ warm = \"keeps\", clear = \"keeps\" }", "{ warm = \"keeps\", honest = \"blurs\" }")
            .replacen("next = \"kept\"", "next = \"again\"", 1),
        "[turns.ask]",
        "no reply that keeps the line",
    );
}

#[test]
fn every_reply_to_a_red_flag_is_scored_on_safe() {
    let flag = |scores: &str| {
        let text = with("mood = \"insistent\"\n", "mood = \"insistent\"\nred_flag = true\n");
        let text = changed(
            &text,
            "scores = { clear = \"keeps\" }",
            "scores = { clear = \"keeps\", safe = \"keeps\" }",
        );
        changed(&text, "scores = { clear = \"crosses\" }", scores)
    };
    assert_eq!(findings(&flag("scores = { safe = \"crosses\" }")), []);
    for scores in ["scores = { clear = \"crosses\" }", "scores = { safe = \"blurs\" }"] {
        error(&flag(scores), scores, "this turn is a red flag");
    }
}

#[test]
fn a_missing_kept_is_an_error() {
    error(
        &with("kept = \"She heard a clear no.\"\n", ""),
        "[[turns.ask.replies]]\nid = \"decline\"",
        "what this reply kept (Warm, Clear)",
    );
    error(&with("\"She heard a clear no.\"", "\" \""), "kept = \" \"", "`kept` is missing");
}

#[test]
fn kept_where_nothing_keeps_is_an_error() {
    let text =
        with("why = \"Maybe sounds like yes.\"", "kept = \"Her mood.\"\nwhy = \"Maybe sounds like yes.\"");
    error(&text, "kept = \"Her mood.\"", "no element is scored as keeps");
}

#[test]
fn a_reaction_in_which_nothing_happens_is_an_error() {
    error(
        &with("{ says = \"Soon then!\", mood = \"glad\" }", "{ mood = \"glad\" }"),
        "{ mood = \"glad\" }",
        "the reaction is empty",
    );
}

#[test]
fn a_turn_in_which_nothing_happens_is_an_error() {
    error(&with("does = \"She holds out a pen.\"\n", ""), "[turns.again]", "nobody says or does anything");
}

#[test]
fn a_reply_without_scores_is_an_error() {
    error(&with("{ clear = \"blurs\" }", "{}"), "scores = {}", "no scores");
    error(
        &with("scores = { clear = \"blurs\" }\n", ""),
        "[[turns.ask.replies]]\nid = \"maybe\"",
        "`scores` is missing",
    );
}

#[test]
fn a_first_slip_that_ends_the_conversation_is_an_error() {
    // From the first turn.
    let text = with(
        "why = \"Maybe sounds like yes.\"\nnext = \"again\"",
        "why = \"Maybe sounds like yes.\"\nnext =  \"open\"",
    );
    error(&text, "next =  \"open\"", "before it can be put right");
    // From a turn that a keeping reply leads to as well.
    let text = with(
        "why = \"It is short and true.\"\nnext = \"kept\"",
        "why = \"It is short and true.\"\nnext = \"again\"",
    );
    error(&text, "next = \"open\"", "before it can be put right");
}

#[test]
fn a_turn_has_two_to_four_replies() {
    let again = "next = \"open\"\n";
    let more = |count: usize| -> String {
        let reply = |n| {
            format!(
                "[[turns.again.replies]]\nid = \"more-{n}\"\ntext = \"Yes.\"\nscores = {{ clear = \"crosses\" }}\nreaction = {{ says = \"Oh.\", mood = \"glad\" }}\nwhy = \"So.\"\nnext = \"open\"\n"
            )
        };
        (0..count).map(reply).collect()
    };
    assert_eq!(findings(&with(again, &format!("{again}{}", more(2)))), []);
    error(&with(again, &format!("{again}{}", more(3))), "[turns.again]", "has 5 replies");
    let (before, rest) = GOOD.split_once("[[turns.again.replies]]\nid = \"give-in\"").unwrap();
    let after = rest.split_once("[endings.kept]").unwrap().1;
    let text = format!("{before}[endings.kept]{after}");
    let found = findings(&text);
    assert!(
        found.iter().any(|finding| finding.line == line_of(&text, "[turns.again]")
            && finding.message.contains("has 1 reply;")),
        "{found:#?}"
    );
}

#[test]
fn coldness_where_every_element_keeps_is_an_error() {
    error(
        &with("kept = \"The no is whole now.\"", "kept = \"The no is whole now.\"\ndistance =  \"under\""),
        "distance =  \"under\"",
        "every element keeps",
    );
}
