//! Several processes on one database, behind any proxy: whichever answers, it is the same.

use warmly::accounts::first::set_up_link;
use warmly::clock::Clock;

use crate::app::{NOON, TestApp, begin, empty_database, fixtures, server, start};
use crate::cast::answer;
use crate::people::{PASSWORD, set_up, sign_in};

#[tokio::test]
async fn four_processes_that_start_at_once_on_an_empty_database_print_one_set_up_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = empty_database(folder.path()).await;
    let starting = |seed: u64| {
        let url = url.clone();
        async move {
            let app = start(&url, &Clock::held(NOON, seed), &fixtures()).await;
            let link = set_up_link(&app).await.expect("asked").expect("a link");
            (app, link)
        }
    };
    let mut started = Vec::new();
    if server().is_some() {
        let all: Vec<_> = (1..=4).map(|seed| tokio::spawn(starting(seed))).collect();
        for process in all {
            started.push(process.await.expect("a process that starts"));
        }
    } else {
        // A file belongs to one process at a time; PostgreSQL is where they start at once.
        for seed in 1..=4 {
            started.push(starting(seed).await);
        }
    }
    let (_, first) = started.first().expect("a process");
    assert!(started.iter().all(|(_, link)| link == first), "one link, whoever prints it");
    for (app, _) in &started {
        let count = async |query: &'static str| {
            let mut conn = app.db.read().await.expect("a connection");
            warmly::sql!(&mut conn, fetch_one as (i64,), query).expect(query).0
        };
        assert_eq!(count("SELECT COUNT(*) FROM links WHERE withdrawn_at IS NULL").await, 1);
        assert_eq!(count("SELECT COUNT(*) FROM settings WHERE name = 'installation'").await, 1);
        assert_eq!(count("SELECT COUNT(*) FROM policies").await, 1);
        assert_eq!(count("SELECT COUNT(*) FROM revisions WHERE number > 1").await, 0, "published once");
        assert_eq!(
            count("SELECT COUNT(*) FROM catalogue").await,
            i64::try_from(app.library.current().len()).expect("few")
        );
    }
}

#[tokio::test]
async fn a_nurse_begins_on_one_process_and_goes_on_through_the_other() {
    let (app, other) = two().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    answer(&nurse.led_to(&other), &id, "No, I’m sorry.", "replytext one").await;
    answer(&nurse, &id, "", "replytext four").await;
    answer(&nurse.led_to(&other), &id, "", "replytext eight").await;
    let (here, there) = (format!("/attempts/{id}"), nurse.led_to(&other));
    assert_eq!(nurse.open(&here).await.words(), there.open(&here).await.words());
    let leaving = there.open("/sign-out").await;
    there.press(&leaving, "Sign out without one", &[]).await;
    assert_eq!(nurse.get(&here).await.status, 401, "signed out on one is signed out on both");
}

#[tokio::test]
async fn somebody_signs_in_on_one_process_and_is_known_to_the_other() {
    let (app, other) = two().await;
    let ada = set_up(&app).await;
    assert_eq!(ada.led_to(&other).get("/administration").await.status, 200);
    let (there, signed_in) = sign_in(&other, "ada@ward.example", PASSWORD).await;
    assert_eq!(signed_in.location().as_deref(), Some("/cohorts"), "her password is one");
    assert_eq!(there.led_to(&app).get("/account").await.status, 200);
}

#[tokio::test]
async fn tries_in_vain_count_for_both_processes_together() {
    let (app, other) = two().await;
    set_up(&app).await;
    for _ in 0..6 {
        for process in [&app, &other] {
            let (_, refused) = sign_in(process, "ada@ward.example", "not the password").await;
            assert!(refused.status == 422 || refused.status == 429);
        }
    }
    for process in [&app, &other] {
        assert_eq!(sign_in(process, "ada@ward.example", PASSWORD).await.1.status, 429);
    }
    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(sign_in(&other, "ada@ward.example", PASSWORD).await.1.status, 303);
}

#[tokio::test]
async fn the_same_answer_sent_to_both_at_once_is_one_answer() {
    let (app, other) = two().await;
    for _ in 0..4 {
        let (nurse, turn) = begin(&app, "garden-gate").await;
        let there = nurse.led_to(&other);
        let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
        let action = replies.form("Say this").action;
        let (one, three) = (replies.position("replytext one"), replies.position("replytext three"));
        let same = [("reply", one.as_str())];
        let (first, second) = tokio::join!(nurse.post(&action, &same), there.post(&action, &same));
        assert_eq!(first.status, 303);
        assert_eq!((first.status, first.location()), (second.status, second.location()));
        let another = [("reply", three.as_str())];
        assert_eq!(there.post(&action, &another).await.status, 409);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM responses").await, 4);
}

#[tokio::test]
async fn a_start_form_sent_to_both_at_once_starts_once() {
    let (app, other) = two().await;
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    let form = prebrief.form("Begin");
    let fields = form.filled(&[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let there = nurse.led_to(&other);
    let (first, second) = tokio::join!(nurse.post(&form.action, &fields), there.post(&form.action, &fields));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(first.location(), second.location());
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
    assert_eq!(there.open(&first.location().expect("on")).await.status, 200);
}

#[tokio::test]
async fn two_that_sweep_at_once_disturb_nobody() {
    let (app, other) = two().await;
    set_up(&app).await;
    for number in 0..20 {
        sign_in(&app, &format!("nobody{number}@ward.example"), "not the password").await;
        begin(&other, "garden-gate").await;
    }
    app.clock.advance(36 * 60 * 60 * 1000);
    let (one, two) =
        tokio::join!(warmly::accounts::sweep::sweep(&app.app), warmly::accounts::sweep::sweep(&other.app));
    one.expect("swept");
    two.expect("swept too");
    assert_eq!(app.number("SELECT COUNT(*) FROM tries").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    let (one, two) =
        tokio::join!(warmly::review::sweep::sweep(&app.app), warmly::review::sweep::sweep(&other.app));
    one.expect("counted");
    two.expect("counted too");
    let (one, two) = tokio::join!(
        warmly::operate::keeping::once_a_day(&app.app),
        warmly::operate::keeping::once_a_day(&other.app)
    );
    one.expect("looked");
    two.expect("looked too");
}

/// Two processes of the app on one database.
async fn two() -> (TestApp, TestApp) {
    let app = TestApp::new().await;
    let other = app.beside(&fixtures()).await;
    (app, other)
}
