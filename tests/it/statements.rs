//! How many questions a page asks the database: few, and no more for thirty nurses than for three.

use crate::app::{Browser, TestApp};
use crate::cast::answer;

/// What a page may ask at most, once it was seen before.
const PAGES: [(&str, u64); 9] = [
    ("overview", 8),
    ("matrix", 5),
    ("map", 5),
    ("nurse", 9),
    ("turn", 3),
    ("reaction", 3),
    ("practice", 6),
    ("me", 5),
    ("cohorts", 3),
];

/// Opens a page and counts what it asked meanwhile.
async fn asked(app: &TestApp, browser: &Browser<'_>, address: &str) -> u64 {
    let before = app.app.db.counts().statements();
    let page = browser.open(address).await;
    assert_eq!((page.status.as_u16(), page.path.as_str()), (200, address), "{}", page.words());
    app.app.db.counts().statements() - before
}

/// What each of the pages asks where so many nurses have worked at a scenario, half of them twice: the first time it is
/// opened, and from then on.
async fn counted(nurses: usize) -> Vec<(&'static str, u64, u64)> {
    let app = TestApp::new().await;
    let (ruth, lena) = (app.educator("Ruth").await, app.administrator("Lena").await);
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let mut members = Vec::new();
    for number in 0..nurses {
        let member = app.member(&cohort, &format!("Nurse {number}")).await;
        app.worked(&member, &gate, "garden-gate", &[("Hm.", "replytext one"), ("", "replytext four")]).await;
        if number % 2 == 0 {
            app.worked(&member, &gate, "garden-gate", &[("", "replytext three")]).await;
        }
        members.push(member);
    }
    let member = members.first().expect("a nurse");
    let open = app.started(member, &gate, "garden-gate").await;
    answer(&member.browser, &open, "", "replytext three").await;
    let home = format!("/cohorts/{}", cohort.as_str());
    let addresses = [
        home.clone(),
        format!("{home}/matrix"),
        format!("{home}/scenarios/garden-gate"),
        format!("{home}/people/{}", member.seat.as_str()),
        format!("/attempts/{open}/1/replies"),
        format!("/attempts/{open}/1/answer"),
        "/practice".to_owned(),
        "/me".to_owned(),
        "/administration/cohorts".to_owned(),
    ];
    let browsers = [&ruth.browser, &member.browser, &lena.browser];
    let whose = [0, 0, 0, 0, 1, 1, 1, 1, 2];
    for browser in browsers {
        // That a session was used is noted now and then; not while questions are counted.
        browser.open("/").await;
    }
    let mut counted = Vec::new();
    for (((name, _), address), who) in PAGES.into_iter().zip(&addresses).zip(whose) {
        let first = asked(&app, browsers[who], address).await;
        counted.push((name, first, asked(&app, browsers[who], address).await));
    }
    counted
}

#[tokio::test]
async fn a_page_asks_few_questions_however_many_nurses_there_are() {
    let (few, many) = (counted(3).await, counted(30).await);
    for (((name, most), few), many) in PAGES.into_iter().zip(&few).zip(&many) {
        assert_eq!(few, many, "{name}: what it asked the first time, and the second");
        let (_, first, again) = few;
        assert!(*again <= most, "{name} asked {again} questions");
        assert!(*first <= most + 3, "{name} asked {first} questions the first time");
    }
}

/// What it asks to take a place on the roster where somebody has worked at these conversations in a place of her own.
async fn asked_by_taking_a_place(slugs: &[&str]) -> u64 {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let member = app.member(&cohort, "ana").await;
    for slug in slugs {
        let assignment = app.assign(&cohort, &ruth, slug).await;
        app.worked(&member, &assignment, slug, &[("", "")]).await;
    }
    let link = crate::joining::link(&ruth, &cohort, "Ana Okafor").await;
    let form = member.browser.open(&link).await.form("That’s me: take my place");
    let filled = form.filled(&[]);
    let fields: Vec<(&str, &str)> =
        filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = app.app.db.counts().statements();
    let taken = member.browser.post(&form.action, &fields).await;
    let asked = app.app.db.counts().statements() - before;
    assert_eq!(taken.status, 303, "{}", taken.words());
    let moved = "SELECT COUNT(DISTINCT s.name) FROM attempts a JOIN seats s ON s.id = a.seat_id";
    assert_eq!(app.number(moved).await, 1);
    asked
}

#[tokio::test]
async fn no_conversation_is_read_again_while_nobody_else_can_write() {
    let one = asked_by_taking_a_place(&["garden-gate"]).await;
    let slugs = ["garden-gate", "goodbye-at-discharge", "friends-now"];
    assert_eq!(one, asked_by_taking_a_place(&slugs).await, "it takes no longer with work at more of them");
}
