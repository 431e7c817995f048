//! Exactly once: whatever is sent again, an answer is never lost, doubled or changed.

use crate::app::{TestApp, begin, fixtures};
use crate::practice::finished;

const RESPONSES: &str = "SELECT COUNT(*) FROM responses";
const OPENINGS: &str = "SELECT COUNT(*) FROM openings";
const ATTEMPTS: &str = "SELECT COUNT(*) FROM attempts";
const NURSES: &str = "SELECT COUNT(*) FROM nurses";

#[tokio::test]
async fn a_double_click_on_a_reply_records_it_once() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let form = replies.form("Say this");
    let reply = replies.position("replytext one");
    let fields = [("reply", reply.as_str())];
    let (first, second) = tokio::join!(nurse.post(&form.action, &fields), nurse.post(&form.action, &fields));
    assert_eq!(first.status, 303);
    assert_eq!((first.status, first.location()), (second.status, second.location()));
    assert_eq!(app.number(RESPONSES).await, 1);
}

#[tokio::test]
async fn a_double_click_on_continue_keeps_one_opening_and_one_order() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let form = turn.form("Continue");
    let fields = [("own", "No, I can’t.")];
    let (first, second) = tokio::join!(nurse.post(&form.action, &fields), nurse.post(&form.action, &fields));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(app.number(OPENINGS).await, 1);
    let one = nurse.open(&first.location().expect("on")).await;
    let two = nurse.open(&second.location().expect("on")).await;
    assert_eq!(one.all(".choice label"), two.all(".choice label"));
}

#[tokio::test]
async fn back_and_the_same_form_again_gives_the_same_page_again() {
    let mut app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "No.")]).await;
    let reply = replies.position("replytext two");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    let again = nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    assert_eq!(again.path, reaction.path);
    assert_eq!(nurse.press(&turn, "Continue", &[("own", "No.")]).await.path, replies.path);
    let cookies = nurse.cookies.clone();
    app.restart(&fixtures()).await;
    let nurse = app.browser();
    nurse.cookies.replace(cookies.into_inner());
    let after = nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    assert_eq!(after.path, reaction.path, "the same form after a restart");
    assert_eq!(app.number(RESPONSES).await, 1);
}

#[tokio::test]
async fn another_reply_for_an_answered_turn_is_refused_and_the_recorded_one_shown() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "No.")]).await;
    let kept = replies.position("replytext two");
    nurse.press(&replies, "Say this", &[("reply", &kept)]).await;
    let other = replies.position("replytext three");
    let refused = nurse.press(&replies, "Say this", &[("reply", &other)]).await;
    assert_eq!(refused.status, 409);
    let words = refused.words();
    assert!(words.contains("Recorded “That’s kind to ask, replytext two."), "{words}");
    assert!(words.contains("replytext three"), "what was sent is shown too");
    assert!(nurse.follow(&refused, "Go on").await.words().contains("reactiontext two"));
    assert_eq!(app.column("SELECT reply_id FROM responses").await, ["id-kind-no"]);
}

#[tokio::test]
async fn two_tabs_with_two_replies_record_the_first_only() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let action = replies.form("Say this").action;
    let (one, three) = (replies.position("replytext one"), replies.position("replytext three"));
    let (mine, yours) = ([("reply", one.as_str())], [("reply", three.as_str())]);
    let (first, second) = tokio::join!(nurse.post(&action, &mine), nurse.post(&action, &yours));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(app.number(RESPONSES).await, 1);
}

#[tokio::test]
async fn own_words_are_frozen_once_the_replies_are_shown() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    nurse.press(&turn, "Continue", &[("own", "First thought.")]).await;
    let refused = nurse.press(&turn, "Continue", &[("own", "Better thought.")]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.words().contains("First thought."));
    assert!(refused.words().contains("Better thought."), "what was typed is not lost from sight");
    assert_eq!(app.column("SELECT own_words FROM openings").await, ["First thought."]);
    let skipped = nurse.press(&turn, "Skip to the replies", &[]).await;
    assert!(skipped.words().contains("First thought."), "a late skip simply goes on");
}

#[tokio::test]
async fn an_answered_turn_can_be_read_but_not_answered() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let reply = replies.position("replytext one");
    nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    let again = nurse.open(&turn.path).await;
    assert_eq!(again.path, replies.path);
    assert!(again.all("form button").is_empty(), "there is nothing to send");
    assert!(again.words().contains("You chose: “No, replytext one."));
    assert!(again.link("Go on").ends_with("/1/answer"));
}

#[tokio::test]
async fn a_double_start_starts_once() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    let form = prebrief.form("Begin");
    let fields = form.filled(&[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let (first, second) = tokio::join!(nurse.post(&form.action, &fields), nurse.post(&form.action, &fields));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(first.location(), second.location());
    assert_eq!((app.number(ATTEMPTS).await, app.number(NURSES).await), (1, 1));
    assert_eq!(nurse.open(&first.location().expect("on")).await.status, 200, "whichever cookie arrived last");
    let third = nurse.press(&prebrief, "Begin", &[]).await;
    assert_eq!(Some(third.path), first.location(), "and later, in the same session");
}

#[tokio::test]
async fn a_start_form_left_behind_on_a_shared_computer_opens_nobodys_practice() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    let turn = nurse.press(&prebrief, "Begin", &[]).await;
    let leaving = nurse.open("/sign-out").await;
    nurse.press(&leaving, "Sign out without one", &[]).await;
    let next = app.browser();
    let page = next.press(&prebrief, "Begin", &[]).await;
    assert_eq!(page.path, "/scenarios/garden-gate", "a spent form leads to a fresh one");
    assert!(next.cookies.borrow().is_empty());
    assert_eq!(next.get(&turn.path).await.status, 401);
}

#[tokio::test]
async fn a_start_form_sent_late_opens_nobodys_practice() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    nurse.press(&prebrief, "Begin", &[]).await;
    app.clock.advance(3 * 60 * 1000);
    let other = app.browser();
    other.press(&prebrief, "Begin", &[]).await;
    assert!(other.cookies.borrow().is_empty());
}

#[tokio::test]
async fn the_same_start_form_with_other_words_loses_none_of_them() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let welcome = nurse.open("/").await;
    let empty = nurse.press(&welcome, "Say it", &[]).await;
    assert_eq!(empty.status, 422, "nothing is started by an empty answer");
    assert!(empty.words().contains("Write a few words, or look at some replies"));
    assert_eq!(app.number(ATTEMPTS).await, 0);
    let replies = nurse.press(&welcome, "Say it", &[("own", "Back again, with words.")]).await;
    assert!(replies.words().contains("Back again, with words."), "{}", replies.words());
    assert_eq!(
        nurse.press(&welcome, "Say it", &[("own", "Back again, with words.")]).await.path,
        replies.path
    );
    let conflict = nurse.press(&welcome, "Say it", &[("own", "And others.")]).await;
    assert_eq!(conflict.status, 409);
    assert!(conflict.words().contains("And others."));
}

#[tokio::test]
async fn deleting_everything_while_other_tabs_send_breaks_nothing() {
    let app = TestApp::new().await;
    for _ in 0..6 {
        let (nurse, debrief) = finished(&app).await;
        let id = debrief.path.split('/').nth(2).expect("an id").to_owned();
        let prebrief = nurse.open("/scenarios/garden-gate").await;
        let token = prebrief.attributes("input[name=token]", "value").concat();
        let start = [("token", token.as_str())];
        let (answer, back) = (format!("/attempts/{id}/1/answer"), format!("/attempts/{id}/looking-back"));
        let (gone, started, placed, reflected, code) = tokio::join!(
            nurse.post("/me/delete", &[]),
            nurse.post("/scenarios/garden-gate/attempts", &start),
            nurse.post(&answer, &[("place", "keeps")]),
            nurse.post(&back, &[("aim", "x")]),
            nurse.post("/me/return-code", &start),
        );
        for page in [gone, started, placed, reflected, code] {
            assert!(!page.status.is_server_error(), "{} {}", page.path, page.status);
        }
    }
}

#[tokio::test]
async fn a_later_turn_cannot_be_answered_by_skipping_ahead() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for (address, field) in [
        (format!("/attempts/{id}/1/replies"), "reply"),
        (format!("/attempts/{id}/2"), "own"),
        (format!("/attempts/{id}/2/replies"), "reply"),
        (format!("/attempts/{id}/1/answer"), "place"),
        (format!("/attempts/{id}/looking-back"), "feeling"),
    ] {
        let page = nurse.submit(&address, &[(field, "1")]).await;
        assert_eq!(page.path, turn.path, "{address}");
    }
    assert_eq!((app.number(OPENINGS).await, app.number(RESPONSES).await), (0, 0));
}

#[tokio::test]
async fn an_attempt_that_is_not_hers_is_like_one_that_does_not_exist() {
    let app = TestApp::new().await;
    let (_, turn) = begin(&app, "garden-gate").await;
    let (other, _) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id");
    let nobody = "01234567-89ab-7def-8123-456789abcdef";
    for rest in ["", "/1", "/1/replies", "/1/answer", "/looking-back", "/explore/0"] {
        let foreign = other.get(&format!("/attempts/{id}{rest}")).await;
        let missing = other.get(&format!("/attempts/{nobody}{rest}")).await;
        assert_eq!(foreign.status, 404, "{rest}");
        assert_eq!(foreign.bytes, missing.bytes, "{rest}");
    }
    for (rest, fields) in
        [("/1", ("own", "Hello")), ("/1/replies", ("reply", "1")), ("/looking-back", ("aim", "x"))]
    {
        assert_eq!(other.post(&format!("/attempts/{id}{rest}"), &[fields]).await.status, 404, "{rest}");
    }
    assert_eq!(app.number(OPENINGS).await, 0);
}

#[tokio::test]
async fn a_revision_published_in_between_leaves_an_attempt_as_it_was() {
    let mut app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let cookies = nurse.cookies.clone();
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the fixture");
    let edited = text.replace("Could you drive me to town?", "Would you drive me to the market?");
    std::fs::write(folder.path().join("garden-gate.toml"), edited).expect("written");
    app.restart(folder.path()).await;
    let nurse = app.browser();
    nurse.cookies.replace(cookies.into_inner());
    assert!(nurse.open(&turn.path).await.words().contains("drive me to town"));
    assert!(nurse.open("/practice").await.words().contains("drive me to the market"));
    let numbers = app.column("SELECT CAST(number AS TEXT) FROM revisions WHERE slug = 'garden-gate'").await;
    assert_eq!(numbers, ["1", "2"]);
    let same =
        "SELECT COUNT(*) FROM revision_turns a JOIN revision_turns b ON a.content_hash = b.content_hash
        AND a.turn_id = b.turn_id AND a.revision_id < b.revision_id";
    assert_eq!(app.number(same).await, 4, "four of the five turns are unchanged");
    app.restart(&fixtures()).await;
    let count = "SELECT COUNT(*) FROM revisions WHERE slug = 'garden-gate'";
    assert_eq!(app.number(count).await, 2, "old content is found again, not published again");
}

#[tokio::test]
async fn her_own_placement_can_be_moved_and_is_stored_once() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "No.")]).await;
    let reply = replies.position("replytext one");
    let reaction = nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    nurse.press(&reaction, "Go on", &[("place", "blurs")]).await;
    nurse.press(&reaction, "Go on", &[("place", "keeps")]).await;
    assert_eq!(app.column("SELECT place FROM placements").await, ["keeps"]);
    nurse.press(&reaction, "Go on", &[]).await;
    assert_eq!(app.column("SELECT place FROM placements").await, ["keeps"], "going on without leaves it");
    let odd = nurse.post(&reaction.path, &[("place", "elsewhere")]).await;
    assert_eq!(odd.status, 422);
}

#[tokio::test]
async fn deleting_everything_deletes_everything_of_hers_only() {
    let app = TestApp::new().await;
    let (_other, _) = begin(&app, "garden-gate").await;
    let (nurse, _) = finished(&app).await;
    let asked = nurse.open("/me/delete").await;
    let gone = nurse.press(&asked, "Delete everything", &[]).await;
    assert_eq!(gone.heading(), "Everything is deleted");
    assert!(nurse.cookies.borrow().is_empty());
    assert_eq!((app.number(NURSES).await, app.number(ATTEMPTS).await), (1, 1));
    assert_eq!((app.number(OPENINGS).await, app.number(RESPONSES).await), (0, 0));
}
