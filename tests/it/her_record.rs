//! What is said about a nurse's answers, who looked at them, what she takes along, and what stays when she goes.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use warmly::accounts::audit::{Actor, Event};
use warmly::accounts::staff::Educator;
use warmly::accounts::store::{AuditEntry, note};
use warmly::app::App;
use warmly::practice::load;
use warmly::practice::store::Part;

use crate::app::{TestApp, server};
use crate::assigned::{STRAIGHT, change, spring};
use crate::cast::answer;
use crate::practice::finished;

/// Puts a comment under an answer, as an educator would; gives its id.
async fn remark(
    app: &TestApp,
    attempt: &str,
    number: i64,
    staff: &str,
    text: &str,
    released: bool,
) -> String {
    let (id, token, now) = (app.clock.new_id(), app.clock.new_token(), app.clock.now());
    let row = (id.clone(), attempt.to_owned(), staff.to_owned(), text.to_owned(), token);
    let put = app.app.db.write(move |conn| {
        let (id, attempt, staff, text, token) = row.clone();
        let work: warmly::db::Work<'_, u64, sqlx::Error> = Box::pin(async move {
            warmly::sql!(
                conn,
                execute,
                "INSERT INTO comments
                    (id, attempt_id, turn_number, staff_id, text, token_hash, written_at, released_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                id,
                attempt,
                number,
                staff,
                text,
                token,
                now,
                released.then_some(now)
            )
        });
        work
    });
    put.await.expect("a comment");
    id
}

#[tokio::test]
async fn a_released_comment_is_read_and_answered_once_and_a_draft_is_never_seen() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let said = remark(&app, &id, 1, ruth.id.as_str(), "What did you want him to feel?", true).await;
    let draft = remark(&app, &id, 1, ruth.id.as_str(), "DRAFT-WORDS", false).await;
    let me = ana.browser.open("/me").await;
    assert!(me.words().contains("Ruth Reyes on The garden gate, turn 1 New What did you want him to feel?"));
    let page = ana.browser.follow(&me, "Ruth Reyes on The garden gate").await;
    let words = page.words();
    for shown in ["Not today, sorry.", "replytext one", "reactiontext one", "What did you want him to feel?"]
    {
        assert!(words.contains(shown), "{shown}: {words}");
    }
    for place in ["/me", &format!("/attempts/{id}/transcript"), "/me/practice.json", "/me/practice.csv"] {
        assert!(!ana.browser.get(place).await.text().contains("DRAFT-WORDS"), "{place}");
    }
    let action = format!("/me/comments/{said}");
    let too_long = "x".repeat(1_001);
    let refused = ana.browser.press(&page, "Send answer", &[("text", &too_long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.title().starts_with("Problem: ") && refused.text().contains(&too_long));
    assert_eq!(ana.browser.press(&page, "Send answer", &[("text", " ")]).await.status, 422);
    let token = page.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str()), ("text", "That I wasn’t leaving him.")];
    let (one, two) = tokio::join!(ana.browser.post(&action, &fields), ana.browser.post(&action, &fields));
    let there = format!("/attempts/{id}/transcript?sent={said}#comment-{said}");
    assert_eq!((one.location(), two.location()), (Some(there.clone()), Some(there.clone())));
    let answers = "SELECT text FROM comment_answers WHERE staff_id IS NULL";
    assert_eq!(app.column(answers).await, ["That I wasn’t leaving him."], "a double click answers once");
    let other = ana.browser.post(&action, &[("token", token.as_str()), ("text", "Something else.")]).await;
    assert_eq!(other.status, 422);
    assert!(other.text().contains("Something else."), "nothing typed is lost");
    let shown = ana.browser.open(&there).await;
    assert!(
        shown.words().contains("Your answer is sent") && shown.words().contains("That I wasn’t leaving him.")
    );
    assert!(!ana.browser.open("/me").await.words().contains("turn 1 New"), "an answered comment was read");
    let hidden = ana.browser.post(&format!("/me/comments/{draft}"), &fields).await;
    let missing = ana.browser.post("/me/comments/01234567-89ab-7def-8123-456789abcdef", &fields).await;
    assert_eq!((hidden.status.as_u16(), hidden.bytes), (404, missing.bytes));
    let bea = app.member(&cohort, "Bea").await;
    assert_eq!(bea.browser.post(&action, &fields).await.status, 404, "another nurse's comment");
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 1);
}

#[tokio::test]
async fn a_comment_counts_as_read_when_she_says_so() {
    let app = TestApp::new().await;
    let (ruth, _cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    remark(&app, &id, 2, ruth.id.as_str(), "You held on.", true).await;
    let page = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    assert!(
        ana.browser.open("/me").await.words().contains("turn 2 New"),
        "looking at it alone writes nothing"
    );
    ana.browser.press(&page, "I’ve read this : Ruth Reyes on turn 2", &[]).await;
    assert!(!ana.browser.open("/me").await.words().contains("turn 2 New"));
    assert!(app.number("SELECT COUNT(*) FROM comments WHERE read_at IS NOT NULL").await == 1);
}

#[tokio::test]
async fn what_an_educator_saw_in_her_words_is_shown_once_it_is_released() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    change(
        &app,
        "INSERT INTO markings (attempt_id, turn_number, staff_id, marked_at)
         SELECT r.attempt_id, 1, s.id, 1 FROM responses r, staff s WHERE r.turn_number = 1",
    )
    .await;
    change(
        &app,
        "INSERT INTO marked_elements (attempt_id, turn_number, staff_id, element, seen)
         SELECT m.attempt_id, 1, m.staff_id, 'warm', 'not-there' FROM markings m",
    )
    .await;
    let address = format!("/attempts/{id}/transcript");
    assert!(!ana.browser.open(&address).await.words().contains("on your own words"));
    change(&app, "UPDATE markings SET released_at = marked_at").await;
    let words = ana.browser.open(&address).await.words();
    assert!(words.contains("Ruth Reyes on your own words"), "{words}");
    assert!(words.contains("Warm"), "{words}");
}

#[tokio::test]
async fn every_attempt_with_an_answer_can_be_read_turn_by_turn() {
    let app = TestApp::new().await;
    let (nurse, debrief) = finished(&app).await;
    let page = nurse.follow(&debrief, "Read it turn by turn").await;
    let words = page.words();
    assert!(words.contains("You went straight to the replies."), "{words}");
    assert!(words.contains("You chose “No, replytext one.") && words.contains("Help comes up the lane"));
    assert!(page.all(".banner").concat().starts_with("Practice: only you can read this."));
    let (nurse, turn) = crate::app::begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id");
    assert_eq!(
        nurse.open(&format!("/attempts/{id}/transcript")).await.path,
        turn.path,
        "nothing to read yet"
    );
}

#[tokio::test]
async fn she_sees_who_looked_at_her_record_and_nothing_about_others() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let bea = app.member(&cohort, "Bea").await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    assert!(
        ana.browser.open("/me/record").await.words().contains("Nobody has opened anything of yours yet.")
    );
    for (event, nurse, object) in [
        (Event::TranscriptViewed, Some(ana.nurse_id.clone()), Some(id.clone())),
        (Event::Exported, None, None),
        (Event::RosterImported, None, None),
        (Event::TranscriptViewed, Some(bea.nurse_id.clone()), None),
    ] {
        app.clock.advance(60_000);
        let (entry, now) = (app.clock.new_id(), app.clock.now());
        let (staff, cohort) = (ruth.id.clone(), cohort.clone());
        let noting = app.app.db.write(move |conn| {
            let (entry, nurse, object) = (entry.clone(), nurse.clone(), object.clone());
            let (staff, cohort) = (staff.clone(), cohort.clone());
            let work: warmly::db::Work<'_, (), sqlx::Error> = Box::pin(async move {
                let entry = AuditEntry {
                    id: entry,
                    at: now,
                    event,
                    actor: Actor::Staff(staff.as_str()),
                    nurse_id: nurse.as_deref(),
                    staff_id: None,
                    cohort_id: Some(cohort.as_str()),
                    object_id: object.as_deref(),
                };
                note(conn, &entry).await
            });
            work
        });
        noting.await.expect("noted");
    }
    let me = ana.browser.open("/me").await;
    let page = ana.browser.follow(&me, "What happened to my record").await;
    assert!(page.words().contains("and what you did yourself"), "{}", page.words());
    let entries = page.all(".list li");
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[0].contains("Ruth Reyes downloaded answers of Spring residency"), "{entries:?}");
    assert!(entries[1].contains("Ruth Reyes opened your answers to “The garden gate”"), "{entries:?}");
    assert!(entries[1].contains("2026"), "{entries:?}");
}

#[tokio::test]
async fn she_takes_assigned_work_along_with_what_was_said_about_it() {
    let app = TestApp::new().await;
    let (ruth, _cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    remark(&app, &id, 1, ruth.id.as_str(), "You held on.", true).await;
    let json: serde_json::Value =
        serde_json::from_slice(&ana.browser.get("/me/practice.json").await.bytes).expect("JSON");
    let attempt = &json["attempts"][0];
    assert_eq!(attempt["purpose"], "assigned");
    assert_eq!(attempt["group"], "Spring residency");
    assert_eq!(attempt["comments"][0]["by"], "Ruth Reyes");
    assert_eq!(attempt["comments"][0]["text"], "You held on.");
    let csv = ana.browser.get("/me/practice.csv").await.text();
    assert!(csv.lines().next().expect("heads").trim_end().ends_with("\"answered_at\",\"group\""));
    assert!(csv.contains("\"Spring residency\""));
}

#[tokio::test]
async fn deleting_everything_takes_what_she_wrote_about_work_that_is_somebody_elses_by_now() {
    let app = TestApp::new().await;
    let (_ruth, cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &crate::assigned::STRAIGHT).await;
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    ana.browser.press(&debrief, "Save", &[("feeling", "ZEBRA")]).await;
    app.member(&cohort, "Bea").await;
    let moved = "UPDATE attempts SET seat_id = (SELECT id FROM seats WHERE name = 'Bea'),
        nurse_id = (SELECT nurse_id FROM seats WHERE name = 'Bea')";
    change(&app, moved).await;
    ana.browser.post("/me/delete", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1, "the work stays with the place");
    assert_eq!(app.number("SELECT COUNT(*) FROM reflections").await, 0, "her words don’t");
}

#[tokio::test]
async fn deleting_everything_leaves_replies_without_a_name_and_no_words_at_all() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let turns =
        [("ZEBRA-CROSSING words", "replytext one"), ("", "replytext four"), ("ZEBRA-TWO", "replytext eight")];
    let id = app.worked(&ana, &gate, "garden-gate", &turns).await;
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    ana.browser.press(&debrief, "Save", &[("feeling", "ZEBRA-THREE"), ("wants_talk", "1")]).await;
    remark(&app, &id, 1, ruth.id.as_str(), "About ZEBRA-FOUR.", true).await;
    let page = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    ana.browser.press(&page, "Send answer", &[("text", "ZEBRA-FIVE")]).await;
    let practice = ana.browser.open("/scenarios/garden-gate").await;
    ana.browser.press(&practice, "Begin", &[]).await;
    change(&app, "INSERT INTO samples (cohort_id, attempt_id, turn_number, staff_id, ticked_at)
        SELECT s.cohort_id, r.attempt_id, 1, c.created_by, 1 FROM responses r JOIN attempts a ON a.id = r.attempt_id
        JOIN seats s ON s.id = a.seat_id JOIN cohorts c ON c.id = s.cohort_id WHERE r.turn_number = 1").await;
    change(&app, "UPDATE seats SET external_id = 'ZEBRA-SIX'").await;
    let bea = app.member(&cohort, "Bea").await;
    let asked = ana.browser.open("/me/delete").await;
    assert!(asked.words().contains("Left, under the name “Deleted”: which replies were chosen"));
    let deleted = ana.browser.press(&asked, "Delete everything", &[]).await.words();
    assert!(deleted.contains("the replies you chose there stay under the name “Deleted”"), "{deleted}");
    let replies = "SELECT r.reply_id FROM responses r JOIN attempts a ON a.id = r.attempt_id
        JOIN seats s ON s.id = a.seat_id AND s.nurse_id = a.nurse_id ORDER BY r.turn_number";
    assert_eq!(app.column(replies).await, ["id-plain-no", "id-still-no", "id-help"]);
    let seats = "SELECT name || '|' || COALESCE(external_id, '') || '|' || (left_at IS NOT NULL) FROM seats ORDER BY name";
    let seats = app.column(seats).await;
    assert!(seats[0].starts_with("||") && seats[1].starts_with("Bea|"), "{seats:?}");
    let gone = "SELECT (SELECT COUNT(*) FROM comments) + (SELECT COUNT(*) FROM comment_answers)
        + (SELECT COUNT(*) FROM samples) + (SELECT COUNT(*) FROM reflections) + (SELECT COUNT(*) FROM placements)
        + (SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL)
        + (SELECT COUNT(*) FROM attempts WHERE purpose = 'practice')";
    assert_eq!(app.number(gone).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE words_gone_at IS NOT NULL").await, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 1, "that it was done stays");
    let noted = app.column("SELECT what || ' ' || actor_id || ' ' || nurse_id FROM audit").await;
    assert_eq!(noted, [format!("erased {0} {0}", ana.nurse_id)]);
    let ghosts =
        "SELECT COUNT(*) FROM nurses n WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.nurse_id = n.id)";
    assert_eq!(app.number(ghosts).await, 1, "nobody is the nurse who has the replies now");
    if server().is_none() {
        assert!(!app.files_hold("ZEBRA"), "her words are in no file");
    }
    let me = ana.browser.get("/me").await;
    assert_eq!(me.status, 401);
    assert!(me.words().contains("If you deleted everything, it is gone"), "{}", me.words());
    assert!(!me.words().contains("Your practice is still there"), "it is not");
    let found = warmly::operate::tallies::compare(&app.app.db).await.expect("compared");
    assert!(found.different.is_empty() && found.responses == 3, "the tallies still say what the records say");
    bea.browser.post("/me/delete", &[]).await;
    let left = app.number("SELECT COUNT(*) FROM seats").await;
    assert_eq!(left, 1, "a seat without any work is gone");
}

/// Everything of a cohort's work that its educators' pages are made of.
async fn seen(State(app): State<App>, educator: Educator) -> String {
    let mut conn = app.db.read().await.expect("a connection");
    let attempts = load::of_cohort(&mut conn, &app.library, &educator, Part::All).await.expect("attempts");
    let talks = warmly::practice::store::talks(&mut conn, &educator, Part::All).await.expect("talks");
    format!("{attempts:?} {talks:?}")
}

#[tokio::test]
async fn nothing_of_practice_and_nothing_kept_back_reaches_an_educator() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let look = async || {
        let router = Router::new().route("/cohorts/{cohort}", get(seen)).with_state(app.app.clone());
        let cookie = ruth.browser.cookies.borrow()["warmly"].clone();
        let request = Request::get(format!("/cohorts/{}", cohort.as_str()))
            .header("cookie", format!("warmly={cookie}"))
            .body(Body::empty());
        let answer = router.oneshot(request.expect("a request")).await.expect("an answer");
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(bytes.to_vec()).expect("text")
    };
    let practice = ana.browser.open("/scenarios/garden-gate").await;
    let turn = ana.browser.press(&practice, "Begin", &[]).await;
    ana.browser.press(&turn, "Continue", &[("own", "PRIVATE-WORDS")]).await;
    let before = ana.browser.open(&format!("/assignments/{}", gate.as_str())).await;
    let turn = ana.browser.press(&before, "Begin the assigned work", &[]).await;
    let replies = ana.browser.press(&turn, "Continue", &[("own", "ASSIGNED-WORDS")]).await;
    let reply = replies.position("replytext one");
    let sure = [("reply", reply.as_str()), ("sure", "guessing")];
    let reaction = ana.browser.press(&replies, "Say this", &sure).await;
    ana.browser.press(&reaction, "Go on", &[("place", "crosses")]).await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for (own, reply) in [STRAIGHT[1], STRAIGHT[2]] {
        answer(&ana.browser, &id, own, reply).await;
    }
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    ana.browser.press(&debrief, "Save", &[("feeling", "FEELING-WORDS")]).await;
    let all = look().await;
    assert!(all.contains("ASSIGNED-WORDS"), "this test looks where the words are");
    for hers in ["PRIVATE-WORDS", "FEELING-WORDS", "Guessing", "At(Crosses)"] {
        assert!(!all.contains(hers), "{hers}");
    }
    ana.browser.press(&debrief, "Save", &[("feeling", "FEELING-WORDS"), ("wants_talk", "1")]).await;
    assert!(look().await.contains("FEELING-WORDS"), "now she asked to talk");
    ana.browser.press(&debrief, "Save", &[("feeling", "FEELING-WORDS")]).await;
    assert!(!look().await.contains("FEELING-WORDS"), "and now no longer");
}

#[tokio::test]
async fn deleting_while_other_tabs_send_leaves_no_word_behind() {
    let app = TestApp::new().await;
    let (_ruth, cohort, _ana, gate) = spring(&app).await;
    for round in 0..6 {
        let bea = app.member(&cohort, &format!("Bea {round}")).await;
        let done = app.worked(&bea, &gate, "garden-gate", &STRAIGHT).await;
        let open = app.started(&bea, &gate, "garden-gate").await;
        let (words, place) = (format!("/attempts/{open}/1"), format!("/attempts/{done}/1/answer"));
        let back = format!("/attempts/{done}/looking-back");
        let pages = tokio::join!(
            bea.browser.post(&words, &[("own", "LATE-WORDS")]),
            bea.browser.post("/me/delete", &[]),
            bea.browser.post(&place, &[("place", "keeps")]),
            bea.browser.post(&back, &[("aim", "LATE-WORDS"), ("wants_talk", "1")]),
        );
        for page in [pages.0, pages.1, pages.2, pages.3] {
            assert!(!page.status.is_server_error(), "{} {}", page.path, page.status);
        }
    }
    let left = "SELECT (SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL)
        + (SELECT COUNT(*) FROM placements) + (SELECT COUNT(*) FROM reflections)";
    assert_eq!(app.number(left).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM seats WHERE name = ''").await, 6);
}
