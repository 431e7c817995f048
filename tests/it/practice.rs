//! A nurse practices a conversation from start to finish.

use crate::app::{TestApp, begin, fixtures};

#[tokio::test]
async fn a_stranger_starts_says_it_first_and_reaches_the_end() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let catalogue = nurse.open("/practice").await;
    assert!(nurse.cookies.borrow().is_empty(), "browsing alone makes nobody known");
    let prebrief = nurse.follow(&catalogue, "The garden gate").await;
    assert!(prebrief.words().contains("Your employer’s policy and your regulator’s rules come first"));
    let turn = nurse.press(&prebrief, "Begin", &[]).await;
    assert_eq!(turn.heading(), "Turn 1: What would you say?");
    assert!(turn.words().contains("It is noon. He leans on the gate."));
    let replies = nurse.press(&turn, "Continue", &[("own", "Um, not today?")]).await;
    assert!(replies.words().contains("You, in your own words Um, not today?"));
    let maybe = replies.position("replytext three");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &maybe), ("sure", "fairly")]).await;
    assert_eq!(reaction.title(), "That reply blurs the line, turn 1. The garden gate – Warmly, no");
    for text in ["reactiontext three", "kepttext three", "whytext three", "bettertext three"] {
        assert!(reaction.words().contains(text), "{text}");
    }
    let turn = nurse.press(&reaction, "Go on", &[("place", "blurs")]).await;
    assert!(turn.words().contains("Ready when you are"), "the slip leads to its own turn");
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    assert!(!replies.words().contains("in your own words"), "a skip is not remarked on");
    let back = replies.position("replytext six");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &back)]).await;
    let turn = nurse.follow(&reaction, "Go on").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let help = replies.position("replytext eight");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &help)]).await;
    let debrief = nurse.follow(&reaction, "Look back").await;
    assert_eq!(debrief.heading(), "Help comes up the lane");
    let words = debrief.words();
    assert!(words.contains("Put right at the very next turn."), "{words}");
    assert!(words.contains("Your own words, which you put at Blurs"));
    assert!(words.contains("One reply slipped, and you brought it back."));
    assert!(words.contains("Your employer’s policy and your regulator’s rules come first"));
    assert!(!words.contains("A danger was left unanswered"));
}

#[tokio::test]
async fn every_answer_can_be_found_in_the_record() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    app.clock.advance(5_000);
    let replies = nurse.press(&turn, "Continue", &[("own", "No, sorry.")]).await;
    app.clock.advance(7_000);
    let no = replies.position("replytext one");
    nurse.press(&replies, "Say this", &[("reply", &no), ("sure", "sure")]).await;
    let shown: Vec<String> = replies.all(".choice label");
    let stored = app.column("SELECT reply_order FROM openings WHERE turn_number = 1").await.concat();
    let ids: Vec<&str> = stored.split(' ').collect();
    let number = |id: &str| match id {
        "id-plain-no" => "one",
        "id-kind-no" => "two",
        _ => "three",
    };
    for (id, text) in ids.iter().zip(&shown) {
        assert!(text.contains(&format!("replytext {}", number(id))), "{stored} against {shown:?}");
    }
    let rows = "SELECT s.slug || ' ' || s.number || ' ' || o.turn_id || ' ' || o.own_words || ' ' || r.reply_id
            || ' ' || r.sureness || ' ' || (r.answered_at - o.opened_at) || ' ' || (o.opened_at - a.started_at)
            || ' ' || a.policy_version || ' ' || a.purpose
        FROM attempts a JOIN revisions s ON s.id = a.revision_id
        JOIN openings o ON o.attempt_id = a.id
        JOIN responses r ON r.attempt_id = o.attempt_id AND r.turn_number = o.turn_number";
    assert_eq!(
        app.column(rows).await,
        ["garden-gate 1 lift No, sorry. id-plain-no sure 7000 5000 1 practice"]
    );
}

#[tokio::test]
async fn a_turn_that_asks_for_no_own_words_shows_its_replies_at_once() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let no = replies.position("replytext one");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &no)]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM openings").await, 2, "the opening comes with the response");
    let next = nurse.follow(&reaction, "Go on").await;
    assert!(next.words().contains("replytext four"), "{}", next.words());
}

#[tokio::test]
async fn she_leaves_and_carries_on_at_the_same_turn() {
    let mut app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "Hm.")]).await;
    let order = replies.all(".choice label");
    let cookies = nurse.cookies.clone();
    app.restart(&fixtures()).await;
    let nurse = app.browser();
    nurse.cookies.replace(cookies.into_inner());
    let catalogue = nurse.open("/practice").await;
    assert!(catalogue.words().contains("You stopped at turn 1"));
    let replies = nurse.follow(&catalogue, "Carry on").await;
    assert_eq!(replies.all(".choice label"), order, "the replies stand where they stood");
    assert!(replies.words().contains("Hm."));
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    assert!(prebrief.words().contains("Carry on where you stopped"));
}

#[tokio::test]
async fn a_missed_red_flag_is_said_first() {
    let app = TestApp::new().await;
    let (nurse, mut page) = begin(&app, "garden-gate").await;
    for text in ["replytext one", "replytext four", "replytext nine", "replytext eleven"] {
        if !page.path.ends_with("/replies") {
            page = nurse.press(&page, "Skip to the replies", &[]).await;
        }
        let reply = page.position(text);
        let reaction = nurse.press(&page, "Say this", &[("reply", &reply)]).await;
        if text == "replytext nine" {
            assert!(reaction.title().starts_with("A danger was left unanswered"));
            assert!(reaction.words().contains("That reply crosses the line"));
        }
        if text == "replytext eleven" {
            assert!(
                reaction.words().contains("That reply crosses the line"),
                "coldness does not hide the danger"
            );
        }
        page =
            nurse.open(&reaction.link(if text == "replytext eleven" { "Look back" } else { "Go on" })).await;
    }
    let words = page.words();
    let flag = words.find("Look at this first: a danger was left unanswered").expect("the flag");
    assert!(flag < words.find("Your path along the line").expect("the path"));
    assert_eq!(words.matches("Still open at the end.").count(), 2);
    assert!(words.contains("whytext nine") && words.contains("whytext eleven"), "what happened is said");
    let mine = nurse.open("/me").await;
    assert!(mine.words().contains("A danger was left unanswered"));
}

#[tokio::test]
async fn looking_back_keeps_the_sentence_and_prints_it_on_a_card() {
    let app = TestApp::new().await;
    let (nurse, debrief) = finished(&app).await;
    assert!(debrief.attributes("#if_asked", "value").concat().contains("a patient asks me this"));
    let kept =
        [("then_say", "I don’t drive patients."), ("readiness", "nearly"), ("feeling", "I felt mean.")];
    let saved = nurse.press(&debrief, "Save", &kept).await;
    let told = saved.all("[role=status][autofocus]").concat();
    assert!(told.starts_with("Saved. You can change it here at any time."), "{told}");
    assert!(nurse.open(&debrief.path).await.all("[role=status]").is_empty(), "that is said once");
    assert_eq!(saved.attributes("input[name=readiness][checked]", "value"), ["nearly"]);
    assert!(nurse.open("/me/card").await.words().contains("I don’t drive patients."));
    let too_long = "x".repeat(1_001);
    let refused = nurse.press(&saved, "Save", &[("aim", &too_long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(&too_long), "what was typed is still there");
    assert!(refused.text().contains("I felt mean."));
    assert_eq!(
        refused.all("#aim-e"),
        ["What you were trying to do is too long to keep, by 1 (the most is 1000 characters)"]
    );
    assert!(refused.link("too long").ends_with("#aim"), "the problem leads to its field");
    let stranger = app.browser();
    let lost = stranger.post(&debrief.path, &[("then_say", "I don’t drive."), ("aim", "To be kind.")]).await;
    assert_eq!(lost.status, 401);
    assert!(
        lost.text().contains("I don’t drive.") && lost.text().contains("To be kind."),
        "nothing typed is lost"
    );
}

#[tokio::test]
async fn paths_not_taken_can_be_followed_and_leave_no_trace() {
    let app = TestApp::new().await;
    let (nurse, debrief) = finished(&app).await;
    let rows = "SELECT (SELECT COUNT(*) FROM openings) + (SELECT COUNT(*) FROM responses)";
    let before = app.number(rows).await;
    let reaction = nurse.follow(&debrief, "replytext three").await;
    assert!(reaction.words().contains("Nothing on this page is recorded."));
    assert!(reaction.words().contains("reactiontext three"));
    let replies = nurse.follow(&reaction, "Go on").await;
    assert!(replies.words().contains("Ready when you are"));
    let yes = replies.position("replytext seven");
    let end = nurse.press(&replies, "See where it leads", &[("reply", &yes)]).await;
    assert!(end.words().contains("reactiontext seven"));
    let back = nurse.follow(&end, "Back to looking back").await;
    assert_eq!(back.heading(), debrief.heading());
    assert_eq!(app.number(rows).await, before);
}

#[tokio::test]
async fn exploring_waits_for_the_end() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for trail in ["0", "2", "2/replies"] {
        let page = nurse.open(&format!("/attempts/{id}/explore/{trail}")).await;
        assert_eq!(page.path, turn.path, "{trail}");
    }
}

#[tokio::test]
async fn trying_again_tells_the_first_answer_from_the_latest() {
    let app = TestApp::new().await;
    let (nurse, debrief) = finished(&app).await;
    app.clock.advance(60_000);
    let turn = nurse.press(&debrief, "Try it again from the start", &[]).await;
    let mut page = nurse.press(&turn, "Skip to the replies", &[]).await;
    for text in ["replytext three", "replytext six", "replytext eight"] {
        if !page.path.ends_with("/replies") {
            page = nurse.press(&page, "Skip to the replies", &[]).await;
        }
        let reply = page.position(text);
        let reaction = nurse.press(&page, "Say this", &[("reply", &reply)]).await;
        page = nurse.open(&reaction.link(if text.ends_with("eight") { "Look back" } else { "Go on" })).await;
    }
    let words = page.words();
    assert!(words.contains("The first time you met this turn you chose: “No, replytext one."), "{words}");
    assert_eq!(nurse.open("/practice").await.words().matches("Tried twice").count(), 1);
}

#[tokio::test]
async fn the_welcome_page_is_a_start() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let welcome = nurse.open("/").await;
    assert!(welcome.words().contains("Sending it starts a practice that only you can read"));
    let replies = nurse.press(&welcome, "Say it", &[("own", "Oh, just call the hospital.")]).await;
    assert!(replies.path.ends_with("/1/replies"), "{}", replies.path);
    assert!(replies.words().contains("Oh, just call the hospital."));
    assert_eq!(nurse.open("/").await.path, "/practice", "who is known goes on from the catalogue");
}

/// A nurse who went straight through, and her debrief.
pub(crate) async fn finished(app: &TestApp) -> (crate::app::Browser<'_>, crate::page::Page) {
    let (nurse, mut page) = begin(app, "garden-gate").await;
    for text in ["replytext one", "replytext four", "replytext eight"] {
        if !page.path.ends_with("/replies") {
            page = nurse.press(&page, "Skip to the replies", &[]).await;
        }
        let reply = page.position(text);
        let reaction = nurse.press(&page, "Say this", &[("reply", &reply)]).await;
        page = nurse.open(&reaction.link(if text.ends_with("eight") { "Look back" } else { "Go on" })).await;
    }
    (nurse, page)
}

#[tokio::test]
async fn where_very_many_have_begun_from_one_network_the_next_waits_and_keeps_what_she_chose() {
    const MINUTE: i64 = 60 * 1000;
    let app = TestApp::new().await;
    let (known, _) = begin(&app, "garden-gate").await;
    app.alter("UPDATE tries SET count = 300").await;
    app.clock.advance(3 * MINUTE);
    let next = app.browser();
    let prebrief = next.open("/scenarios/garden-gate").await;
    let wait = next.press(&prebrief, "Begin", &[("own_device", "1")]).await;
    assert_eq!((wait.status.as_u16(), wait.heading().as_str()), (429, "Wait a little before you begin"));
    assert!(wait.words().contains("Try again in 12 minutes."), "{}", wait.words());
    assert_eq!((wait.header("retry-after"), wait.cookies().len()), (Some("720"), 0));
    let other = app.browser();
    let welcome = other.open("/").await;
    let told = other.press(&welcome, "Say it", &[("own", "I can’t, and I care.")]).await;
    assert_eq!(
        (told.status.as_u16(), told.all("textarea#own")),
        (429, vec!["I can’t, and I care.".to_owned()])
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 1, "no nurse is made");
    let again = known.open("/scenarios/garden-gate").await;
    let again = known.press(&again, "Begin again from the start", &[]).await;
    assert!(again.path.contains("/attempts/"), "whoever has a session waits for nobody");
    app.clock.advance(12 * MINUTE);
    let begun = next.press(&wait, "Begin", &[]).await;
    assert!(begun.path.contains("/attempts/"), "when the page said: {}", begun.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions WHERE own_device").await, 1, "as she had chosen");
    let said = other.press(&told, "Say it", &[]).await;
    assert!(said.path.ends_with("/1/replies"), "{}", said.words());
    assert_eq!(
        app.column("SELECT own_words FROM openings WHERE own_words IS NOT NULL").await,
        ["I can’t, and I care."]
    );
}
