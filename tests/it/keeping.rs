//! What was kept long enough goes on its day, not before, and nothing else goes with it.

use warmly::accounts::belief::Belief;
use warmly::accounts::keeping::Keeping;
use warmly::db::Work;
use warmly::operate::keep::{How, keep};
use warmly::operate::keeping::{Due, once_a_day, sweep};
use warmly::operate::rounds::turn;
use warmly::practice::store::{AttemptRow, insert_attempt};
use warmly::scenario::library::Library;

use crate::app::{Browser, NOON, TestApp, begin, server};
use crate::cast::{Member, answer};
use crate::page::Page;

const PAGE: &str = "/administration/retention";
const SAVE: &str = "Keep things this long";
const DAY: i64 = 24 * 60 * 60 * 1000;

const TURNS: [(&str, &str); 3] = [
    ("Not today, wordsone.", "replytext three"),
    ("", "replytext six"),
    ("Sit, wordstwo.", "replytext eight"),
];

/// Moves the clock to this moment.
fn go_to(app: &TestApp, moment: i64) {
    app.clock.advance(moment - app.clock.now());
}

/// Runs a statement with a number and a text.
async fn run(app: &TestApp, statement: &'static str, number: i64, text: &str) {
    let text = text.to_owned();
    let done = app.app.db.write(move |conn| {
        let text = text.clone();
        let work: Work<'_, u64, sqlx::Error> =
            Box::pin(async move { warmly::sql!(conn, execute, statement, number, text) });
        work
    });
    assert_eq!(done.await.expect(statement), 1, "{statement}");
}

async fn look_back(browser: &Browser<'_>, attempt: &str, feeling: &str) {
    let page = browser.open(&format!("/attempts/{attempt}")).await;
    assert!(page.path.ends_with("/looking-back"), "{}", page.path);
    browser.press(&page, "Save", &[("feeling", feeling)]).await;
}

/// Practice from its start to its end, with own words and a look back. Gives its id.
async fn practice(browser: &Browser<'_>) -> String {
    let prebrief = browser.open("/scenarios/garden-gate").await;
    let page = browser.press(&prebrief, "Begin", &[]).await;
    let id = page.path.split('/').nth(2).expect("an id").to_owned();
    for (own, reply) in TURNS {
        answer(browser, &id, own, reply).await;
    }
    look_back(browser, &id, "wordsthree").await;
    id
}

async fn counts(app: &TestApp) -> [i64; 5] {
    [
        app.number("SELECT COUNT(*) FROM nurses").await,
        app.number("SELECT COUNT(*) FROM attempts").await,
        app.number("SELECT COUNT(*) FROM openings").await,
        app.number("SELECT COUNT(*) FROM responses").await,
        app.number("SELECT COUNT(*) FROM reflections").await,
    ]
}

#[tokio::test]
async fn practice_goes_twelve_months_after_the_nurse_was_last_here() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let (leaves, stays) = (app.browser(), app.browser());
    let ana = app.member(&cohort, "Ana").await;
    for browser in [&leaves, &stays, &ana.browser] {
        practice(browser).await;
    }
    app.browser().open("/practice").await;
    assert_eq!(counts(&app).await, [3, 3, 9, 9, 3]);
    let assigned = app.started(&ana, &gate, "garden-gate").await;
    answer(&ana.browser, &assigned, "Assigned words.", "replytext one").await;
    go_to(&app, NOON + 10 * 60 * 1000);
    stays.open("/me").await;

    go_to(&app, NOON + 365 * DAY - 1);
    assert_eq!(sweep(&app.app).await.expect("swept"), Due::default());
    assert_eq!(counts(&app).await, [3, 4, 11, 10, 3], "on the day before, everything is there");
    go_to(&app, NOON + 365 * DAY);
    let gone = sweep(&app.app).await.expect("swept");
    assert_eq!(gone, Due { attempts: 2, nurses: 1, ..Due::default() });
    assert_eq!(counts(&app).await, [2, 2, 5, 4, 1], "hers, and the practice of Ana, whose seat keeps her");
    assert_eq!(app.column("SELECT id FROM attempts WHERE purpose = 'assigned'").await, [assigned]);
    assert_eq!(app.number("SELECT COUNT(*) FROM seats WHERE nurse_id IS NOT NULL").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words = 'Assigned words.'").await, 1);
    go_to(&app, NOON + 10 * 60 * 1000 + 365 * DAY);
    assert_eq!(sweep(&app.app).await.expect("swept").attempts, 1, "the other one’s, ten minutes later");
    if server().is_none() {
        assert!(!app.files_hold("wordsone") && !app.files_hold("wordsthree"), "not even in the files");
        assert!(app.files_hold("Assigned words."));
    }
}

/// Assigned work with own words, a look back and a ticked sample.
async fn assigned<'a>(app: &'a TestApp, name: &str) -> (warmly::cohorts::CohortId, Member<'a>, String) {
    let ruth = app.educator(&format!("Ruth of {name}")).await;
    let cohort = app.cohort(&ruth, name).await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let ana = app.member(&cohort, "Ana").await;
    let attempt = app.worked(&ana, &gate, "garden-gate", &TURNS).await;
    look_back(&ana.browser, &attempt, "wordsthree").await;
    run(
        app,
        "INSERT INTO samples (cohort_id, attempt_id, turn_number, staff_id, ticked_at)
         SELECT s.cohort_id, a.id, 1, g.made_by, $1 FROM attempts a JOIN seats s ON s.id = a.seat_id
         JOIN assignments g ON g.id = a.assignment_id WHERE a.id = $2",
        NOON,
        &attempt,
    )
    .await;
    (cohort, ana, attempt)
}

#[tokio::test]
async fn own_words_go_twelve_months_after_their_cohort_was_archived() {
    let app = TestApp::new().await;
    let (first, ana, attempt) = assigned(&app, "First").await;
    let (second, ..) = assigned(&app, "Second").await;
    let _ = assigned(&app, "Open").await;
    let archived = NOON + DAY;
    for (cohort, at) in [(&first, archived), (&second, archived + 1)] {
        run(&app, "UPDATE cohorts SET archived_at = $1 WHERE id = $2", at, cohort.as_str()).await;
    }
    let gone = async || {
        app.column(
            "SELECT o.attempt_id || ' ' || o.turn_number FROM openings o WHERE o.own_words IS NULL
             AND o.words_gone_at IS NOT NULL ORDER BY o.turn_number",
        )
        .await
    };
    let rest = async || {
        [
            app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await,
            app.number("SELECT COUNT(*) FROM reflections").await,
            app.number("SELECT COUNT(*) FROM samples").await,
            app.number("SELECT COUNT(*) FROM responses").await,
            app.number("SELECT COUNT(*) FROM completions").await,
        ]
    };
    go_to(&app, archived + 365 * DAY - 1);
    assert_eq!(sweep(&app.app).await.expect("swept"), Due::default());
    assert_eq!((gone().await.len(), rest().await), (0, [6, 3, 3, 9, 3]));
    go_to(&app, archived + 365 * DAY);
    assert_eq!(sweep(&app.app).await.expect("swept"), Due { words: 1, ..Due::default() });
    assert_eq!(gone().await, [format!("{attempt} 1"), format!("{attempt} 3")], "a skip stays a skip");
    assert_eq!(rest().await, [4, 2, 2, 9, 3], "replies and completions stay");
    let at = app.number("SELECT MIN(words_gone_at) FROM openings").await;
    assert_eq!(at, archived + 365 * DAY);
    assert_eq!(sweep(&app.app).await.expect("swept"), Due::default());
    let noted = app
        .column("SELECT what || ' ' || actor_kind || ' ' || cohort_id FROM audit WHERE what <> 'lapsed'")
        .await;
    assert_eq!(noted, [format!("words-expired program {}", first.as_str())], "noted once");
    go_to(&app, archived + 366 * DAY);
    sweep(&app.app).await.expect("swept");
    assert_eq!(rest().await, [2, 1, 1, 9, 3], "the second one’s a day later, the open one’s never");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'words-expired'").await, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'lapsed'").await, 2, "one a run");
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 3, "whoever has a seat stays");
    drop(ana);
}

#[tokio::test]
async fn that_work_was_done_is_known_for_six_years() {
    let app = TestApp::new().await;
    let (_, _, attempt) = assigned(&app, "First").await;
    run(&app, "UPDATE completions SET completed_at = $1 WHERE attempt_id = $2", NOON, &attempt).await;
    let six_years = 2_192 * DAY; // Two of the years have a 29 February.
    go_to(&app, NOON + six_years - 1);
    assert_eq!(sweep(&app.app).await.expect("swept").completions, 0);
    go_to(&app, NOON + six_years);
    let mut out = Vec::new();
    keep(&app.app.db, &app.clock, How::Look, &mut out).await.expect("asked");
    let due = String::from_utf8(out).expect("text");
    assert!(due.contains("Due now: 1 completion."), "{due}");
    assert_eq!(sweep(&app.app).await.expect("swept").completions, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM responses").await, 3, "the replies are another matter");
}

#[tokio::test]
async fn a_thousand_attempts_go_in_steps() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let nurse_id = app.column("SELECT id FROM nurses").await.concat();
    let revision = app.app.library.by_slug("garden-gate").expect("a scenario").id.clone();
    let clock = app.clock.clone();
    let many = app.app.db.write(move |conn| {
        let (nurse_id, revision, clock) = (nurse_id.clone(), revision.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            for _ in 0..1_000 {
                let attempt = AttemptRow {
                    id: clock.new_id(),
                    nurse_id: nurse_id.clone(),
                    revision_id: revision.clone(),
                    policy_version: 1,
                    purpose: "practice".to_owned(),
                    assignment_id: None,
                    seat_id: None,
                    started_at: clock.now(),
                };
                insert_attempt(conn, &Library::default(), &attempt, &clock.new_token()).await?;
            }
            Ok(())
        });
        work
    });
    many.await.expect("a thousand attempts");
    app.clock.advance(400 * DAY);
    let gone = sweep(&app.app).await.expect("swept");
    assert_eq!((gone.attempts, gone.nurses), (1_001, 1));
    assert_eq!(counts(&app).await, [0; 5]);
    assert_eq!(nurse.get("/me").await.status, 401, "her cookie is nobody’s now");
}

#[tokio::test]
async fn it_is_looked_for_once_a_day_and_again_when_the_periods_change() {
    let app = TestApp::new().await;
    assert_eq!(once_a_day(&app.app).await.expect("looked"), Some(Due::default()));
    let (_nurse, _) = begin(&app, "garden-gate").await;
    app.clock.advance(DAY - 1);
    assert_eq!(once_a_day(&app.app).await.expect("looked"), None);
    app.clock.advance(1);
    assert_eq!(once_a_day(&app.app).await.expect("looked"), Some(Due::default()));
    app.clock.advance(-3 * DAY);
    assert!(once_a_day(&app.app).await.expect("looked").is_some(), "a clock put back stops nothing");
    app.clock.advance(40 * DAY);
    once_a_day(&app.app).await.expect("looked");
    let admin = app.administrator("Ada").await;
    let confirm = change(&admin.browser, &[("practice_months", "1")]).await;
    admin.browser.press(&confirm, "Delete this, and keep things for a shorter time", &[]).await;
    let gone = once_a_day(&app.app).await.expect("looked").expect("at the next occasion");
    assert_eq!((gone.attempts, gone.nurses), (1, 1));
}

async fn change(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Page {
    let page = browser.open(PAGE).await;
    browser.press(&page, SAVE, fields).await
}

async fn stored(app: &TestApp) -> Vec<String> {
    app.column("SELECT value FROM settings WHERE name = 'keeping'").await
}

#[tokio::test]
async fn before_a_period_gets_shorter_the_page_says_how_much_goes() {
    let app = TestApp::new().await;
    let (first, ..) = assigned(&app, "First").await;
    run(&app, "UPDATE cohorts SET archived_at = $1 WHERE id = $2", NOON, first.as_str()).await;
    practice(&app.browser()).await;
    app.clock.advance(200 * DAY);
    let admin = app.administrator("Ada").await;
    let page = admin.browser.open(PAGE).await;
    assert_eq!(page.attributes(".field input", "value"), ["12", "12", "6"]);
    assert_eq!(page.words().matches("Due now: nothing.").count(), 3, "{}", page.words());
    let shorter = [("practice_months", "6"), ("words_months", "5"), ("completion_years", "7")];
    let confirm = change(&admin.browser, &shorter).await;
    assert_eq!(
        (confirm.status.as_u16(), confirm.heading().as_str()),
        (200, "Keep things for a shorter time?")
    );
    let words = confirm.words();
    assert!(words.contains("12 months until now, 6 months from now on."), "{words}");
    assert!(words.contains("Deleted today: 1 attempt and 1 nurse without a name."), "{words}");
    assert!(words.contains("Deleted today: the own words of 1 attempt."), "{words}");
    assert!(!words.contains("7 years"), "a longer period needs no asking: {words}");
    assert_eq!((stored(&app).await.len(), app.number("SELECT COUNT(*) FROM audit").await), (0, 0));
    let left = admin.browser.follow(&confirm, "Change nothing").await;
    assert_eq!(left.attributes(".field input", "value"), ["12", "12", "6"]);
    let saved = admin.browser.press(&confirm, "Delete this, and keep things for a shorter time", &[]).await;
    assert!(saved.words().contains("Saved. What is due is deleted within a quarter of an hour."));
    assert_eq!(saved.attributes(".field input", "value"), ["6", "5", "7"]);
    assert!(saved.words().contains("Due now: 1 attempt and 1 nurse without a name."));
    assert_eq!(stored(&app).await, ["6 5 7"]);
    let audit = async || app.column("SELECT what || ' ' || object_id FROM audit").await;
    assert_eq!(audit().await, ["retention-changed 6 5 7"]);
    let longer = change(&admin.browser, &[("practice_months", "60"), ("completion_years", "20")]).await;
    assert!(longer.words().contains("Saved."), "longer at once");
    assert_eq!(stored(&app).await, ["60 5 20"]);
    change(&admin.browser, &[]).await;
    assert_eq!(audit().await.len(), 2, "the same again is no change");
}

#[tokio::test]
async fn any_period_that_gets_shorter_is_asked_about_and_no_other() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    for (field, shorter, longer) in
        [("practice_months", "11", "13"), ("words_months", "11", "13"), ("completion_years", "5", "7")]
    {
        let asked = change(&admin.browser, &[(field, shorter)]).await;
        assert_eq!(asked.heading(), "Keep things for a shorter time?", "{field}");
        assert_eq!(asked.words().matches(" until now, ").count(), 1, "{field}: {}", asked.words());
        let saved = change(&admin.browser, &[(field, longer)]).await;
        assert!(saved.words().contains("Saved."), "{field}: {}", saved.words());
    }
    assert_eq!(stored(&app).await, ["13 13 7"]);
}

#[tokio::test]
async fn periods_out_of_bounds_come_back_with_the_problem_beside_them() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    for (field, typed, problem) in [
        ("practice_months", "0", "months from 1 to 60"),
        ("practice_months", "61", "months from 1 to 60"),
        ("words_months", "twelve <b>", "months from 1 to 60"),
        ("words_months", "", "months from 1 to 60"),
        ("words_months", "-1", "months from 1 to 60"),
        ("completion_years", "21", "years from 1 to 20"),
        ("completion_years", "99999999999999999999", "years from 1 to 20"),
    ] {
        let refused = change(&admin.browser, &[("practice_months", "3"), (field, typed)]).await;
        assert_eq!(refused.status, 422, "{field} {typed}");
        assert!(refused.title().starts_with("Problem: "));
        assert!(refused.all(&format!("#{field}-e")).join("").contains(problem), "{field} {typed}");
        assert_eq!(refused.attributes(&format!("#{field}"), "value"), [typed], "what was typed is kept");
        assert!(!refused.text().contains("<b>"));
    }
    assert!(stored(&app).await.is_empty());
    let more = [("practice_months", "1"), ("words_months", "1"), ("completion_years", "1"), ("actor", "me")];
    assert_eq!(admin.browser.post(PAGE, &more).await.status, 400);
}

#[tokio::test]
async fn nobody_but_an_administrator_changes_how_long_things_are_kept() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana").await;
    let fields =
        [("practice_months", "1"), ("words_months", "1"), ("completion_years", "1"), ("confirmed", "yes")];
    for (browser, status) in [(&ruth.browser, 404), (&ana.browser, 401), (&app.browser(), 401)] {
        assert_eq!(browser.get(PAGE).await.status, status);
        assert_eq!(browser.post(PAGE, &fields).await.status, status);
    }
    assert!(stored(&app).await.is_empty());
}

#[tokio::test]
async fn periods_that_cannot_be_read_let_nothing_go() {
    let app = TestApp::new().await;
    let (_nurse, _) = begin(&app, "garden-gate").await;
    run(&app, "INSERT INTO settings (name, value) SELECT $2, 'x' WHERE $1 = 1", 1, "keeping").await;
    app.clock.advance(4_000 * DAY);
    assert!(sweep(&app.app).await.is_err());
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
}

#[test]
fn periods_are_said_in_words_and_stored_as_three_numbers() {
    let keeping = Keeping { practice_months: 1, words_months: 12, completion_years: 6 };
    assert_eq!(
        [keeping.practice_in_words(), keeping.words_in_words(), keeping.completion_in_words()],
        ["1 month", "12 months", "6 years"]
    );
    assert_eq!(Keeping::read(&keeping.stored()), Some(keeping));
    for text in ["", "1 2", "1 2 3 4", "0 12 6", "61 12 6", "12 12 21", "12 12 x"] {
        assert_eq!(Keeping::read(text), None, "{text}");
    }
    // From 31 March back to the last day of February, and over a leap day.
    let of = |text: &str| text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond();
    let limit = |now| keeping.practice_limit(of(now));
    assert_eq!(limit("2026-03-31T10:00:00Z"), of("2026-02-28T10:00:00Z"));
    assert_eq!(limit("2028-03-29T10:00:00Z"), of("2028-02-29T10:00:00Z"));
}

#[tokio::test]
async fn the_command_says_what_would_go_and_lets_it_go() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    practice(&nurse).await;
    let said = async |dry_run| {
        let (mut out, how) = (Vec::new(), if dry_run { How::Look } else { How::LetGo });
        keep(&app.app.db, &app.clock, how, &mut out).await.expect("kept");
        String::from_utf8(out).expect("text")
    };
    let first = "Practice is kept for 12 months, own words of an archived cohort for 12 months, that work was done for 6 \
                 years.\n";
    assert_eq!(said(true).await, format!("{first}Nothing is due.\n"));
    assert_eq!(said(false).await, format!("{first}Nothing was due.\n"));
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0, "a run that does nothing says nothing");
    go_to(&app, NOON + 366 * DAY);
    let due = said(true).await;
    assert!(
        due.ends_with("Due now: 1 attempt at practice, 1 nurse without a name. Without --dry-run it goes.\n"),
        "{due}"
    );
    assert_eq!(counts(&app).await, [1, 1, 3, 3, 1], "nothing went");
    let gone = said(false).await;
    assert!(gone.ends_with("Gone: 1 attempt at practice, 1 nurse without a name.\n"), "{gone}");
    assert_eq!(counts(&app).await, [0, 0, 0, 0, 0]);
    assert_eq!(app.column("SELECT what || ' ' || actor_kind FROM audit").await, ["lapsed program"]);
}

#[tokio::test]
async fn the_command_counts_every_attempt_whose_words_go() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    for name in ["Ana", "Bea"] {
        let nurse = app.member(&cohort, name).await;
        app.worked(&nurse, &gate, "garden-gate", &TURNS).await;
    }
    run(&app, "UPDATE cohorts SET archived_at = $1 WHERE id = $2", NOON, cohort.as_str()).await;
    go_to(&app, NOON + 366 * DAY);
    let mut out = Vec::new();
    keep(&app.app.db, &app.clock, How::Look, &mut out).await.expect("asked");
    let due = String::from_utf8(out).expect("text");
    assert!(due.contains("Due now: the own words of 2 assigned attempts."), "{due}");
}

#[tokio::test]
async fn two_processes_never_let_things_go_at_once() {
    let app = TestApp::new().await;
    practice(&app.browser()).await;
    let other = app.beside(&crate::app::fixtures()).await;
    go_to(&app, NOON + 366 * DAY);
    let now = app.clock.now();
    let claimed: bool = app
        .app
        .db
        .write(move |conn| {
            let work: Work<'_, bool, sqlx::Error> =
                Box::pin(warmly::accounts::store::claim_keeping(conn, now, now + 1_000));
            work
        })
        .await
        .expect("claimed");
    assert!(claimed);
    assert_eq!(once_a_day(&other.app).await.expect("looked"), None, "another process is at it");
    assert_eq!(sweep(&other.app).await.expect("looked"), Due::default());
    app.clock.advance(1_001);
    let (one, two) = tokio::join!(once_a_day(&app.app), once_a_day(&other.app));
    let done: Vec<Due> = [one.expect("done"), two.expect("done")].into_iter().flatten().collect();
    assert_eq!(done, [Due { attempts: 1, nurses: 1, ..Due::default() }], "one of the two did it");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'lapsed'").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM settings WHERE name = 'keeping_runs_until'").await, 0);
}

#[tokio::test]
async fn whoever_took_too_long_does_not_give_back_what_another_has_taken_since() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    let taken: Result<bool, sqlx::Error> = app
        .app
        .db
        .write(move |conn| {
            let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
                warmly::accounts::store::claim_keeping(conn, now, now + 1_000).await?;
                warmly::accounts::store::claim_keeping(conn, now + 1_001, now + 2_001).await?;
                warmly::accounts::store::release_keeping(conn, now + 1_000).await?;
                warmly::accounts::store::claim_keeping(conn, now + 1_002, now + 2_002).await
            });
            work
        })
        .await;
    assert!(!taken.expect("asked"), "the second one still has it");
}

const YEAR: i64 = 365 * DAY;

/// Looks so often, a day apart, at what may go.
async fn days(app: &TestApp, count: i64) {
    for _ in 0..count {
        app.clock.advance(DAY);
        turn(&app.app).await;
    }
}

async fn ready(app: &TestApp) -> String {
    app.browser().get("/readyz").await.text()
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_ends_nothing_that_nobody_gets_back() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    practice(&nurse).await;
    turn(&app.app).await;
    let before = counts(&app).await;
    // For an hour, and once more with another wrong year.
    for years in [10, 3] {
        app.clock.advance(years * YEAR);
        turn(&app.app).await;
        assert!(ready(&app).await.contains("the clock moved by more than a week"), "{}", ready(&app).await);
        app.clock.advance(DAY / 24);
        turn(&app.app).await;
        app.clock.advance(-years * YEAR);
    }
    assert_eq!(nurse.get("/me").await.status, 200, "her cookie still opens her practice");
    turn(&app.app).await;
    assert_eq!(counts(&app).await, before);
    assert_eq!(ready(&app).await, r#"{"ready":true}"#);
    // Ahead in several leaps: each of them is doubted anew.
    for _ in 0..4 {
        app.clock.advance(8 * DAY);
        turn(&app.app).await;
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1, "a shared computer’s would have gone");
}

#[tokio::test]
async fn tries_of_invented_addresses_pile_up_neither_when_they_are_refused_nor_while_the_clock_is_doubted() {
    let app = TestApp::new().await;
    turn(&app.app).await;
    app.clock.advance(10 * YEAR);
    let stranger = app.browser();
    let (mut refused, mut kept) = (0, Vec::new());
    for nth in 0..80 {
        let email = format!("nobody{nth}@ward.example");
        let answer =
            stranger.post("/sign-in", &[("email", &email), ("password", "amber lantern river")]).await;
        if answer.status == 429 {
            refused += 1;
            kept.push(app.number("SELECT COUNT(*) FROM tries").await);
        }
    }
    assert!(refused > 10 && kept.iter().all(|count| Some(count) == kept.first()), "{kept:?}");
    app.clock.advance(DAY / 24);
    turn(&app.app).await;
    assert!(ready(&app).await.contains("the clock moved by more than a week"), "it is doubted");
    assert_eq!(app.number("SELECT COUNT(*) FROM tries").await, 0);
}

#[tokio::test]
async fn a_clock_that_goes_on_for_a_week_after_a_leap_is_believed() {
    let app = TestApp::new().await;
    practice(&app.browser()).await;
    days(&app, 1).await;
    app.clock.advance(2 * YEAR);
    days(&app, 7).await;
    assert_eq!(counts(&app).await[0], 1, "six days after the first look");
    days(&app, 1).await;
    assert_eq!(counts(&app).await, [0; 5], "off for two years, and a week on again");
    assert_eq!(ready(&app).await, r#"{"ready":true}"#);
    // Put back for good, after it was believed: nothing is let go for a week, then as ever.
    app.clock.advance(-2 * YEAR);
    practice(&app.browser()).await;
    days(&app, 9).await;
    for _ in 0..380 {
        days(&app, 1).await;
    }
    assert_eq!(counts(&app).await, [0; 5]);
}

#[tokio::test]
async fn the_command_asks_before_it_believes_a_clock_that_leapt() {
    let app = TestApp::new().await;
    practice(&app.browser()).await;
    turn(&app.app).await;
    app.clock.advance(2 * YEAR);
    let mut out = Vec::new();
    let refused = keep(&app.app.db, &app.clock, How::LetGo, &mut out).await.expect_err("asked");
    assert!(refused.to_string().contains("run this again with --clock-is-right"), "{refused}");
    assert_eq!(counts(&app).await[0], 1);
    keep(&app.app.db, &app.clock, How::ClockIsRight, &mut out).await.expect("let go");
    assert_eq!(counts(&app).await, [0; 5]);
    keep(&app.app.db, &app.clock, How::LetGo, &mut out).await.expect("believed from now on");
}

#[test]
fn what_is_thought_of_the_clock_is_read_as_it_is_stored() {
    let belief = |believed, doubted| Belief { believed, doubted };
    for belief in [belief(1, None), belief(5, Some((-7, 9)))] {
        assert_eq!(Belief::read(&belief.stored()), Some(belief));
    }
    for text in ["", "x", "1 2", "1 2 3 4", "1 2 x"] {
        assert_eq!(Belief::read(text), None, "{text}");
    }
}
