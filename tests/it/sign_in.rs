//! Signing in and out: one answer for everybody who may not, limits, where one goes on, who is out at once.

use axum::http::Method;
use warmly::web::route::Who;

use crate::app::{TestApp, begin};
use crate::people::{PASSWORD, set_up, sign_in};

#[tokio::test]
async fn known_unknown_and_disabled_addresses_get_the_same_answer() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let omar = app.educator("Omar").await;
    let person = ada.open(&format!("/administration/people/{}", omar.id.as_str())).await;
    ada.press(&person, "Disable the account", &[]).await;
    let mut answers = std::collections::BTreeSet::new();
    for email in ["ada@ward.example", "nobody@ward.example", "omar@ward.example"] {
        let (browser, refused) = sign_in(&app, email, "not the password").await;
        assert_eq!(refused.status, 422);
        assert!(browser.cookies.borrow().is_empty());
        assert_eq!(refused.attributes("#email", "value"), [email], "what was typed is kept");
        assert!(!refused.text().contains("not the password"));
        let names: Vec<String> = refused.headers().keys().map(ToString::to_string).collect();
        answers.insert((refused.text().replace(email, "WHO"), names));
    }
    assert_eq!(answers.len(), 1);
    let noted = "SELECT what || staff_id FROM audit WHERE what = 'sign-in-failed'";
    assert_eq!(app.column(noted).await.len(), 2, "noted for the two that exist");
}

#[tokio::test]
async fn tries_are_counted_for_all_spellings_of_an_address_together() {
    let app = TestApp::new().await;
    set_up(&app).await;
    for email in ["ada@ward.example", "ADA@ward.example", " Ada@Ward.Example ", "aDa@WARD.EXAMPLE"] {
        for _ in 0..3 {
            sign_in(&app, email, "not the password").await;
        }
    }
    let (_, slowed) = sign_in(&app, "ada@ward.example", PASSWORD).await;
    assert_eq!(slowed.status, 429, "also for the right password");
    assert!(slowed.words().contains("Wait a quarter of an hour"));
    assert_eq!(slowed.attributes("#email", "value"), ["ada@ward.example"]);
    let (_, other) = sign_in(&app, "nobody@ward.example", PASSWORD).await;
    assert_eq!(other.status, 422, "another account goes on");
    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(sign_in(&app, "Ada@ward.example", PASSWORD).await.1.status, 303);
}

#[tokio::test]
async fn a_form_without_an_address_or_a_password_says_what_is_missing_and_is_no_try() {
    let app = TestApp::new().await;
    set_up(&app).await;
    for (email, password, why) in
        [("ada", PASSWORD, "Type your e-mail address"), ("ada@ward.example", "", "Type your password")]
    {
        let (_, refused) = sign_in(&app, email, password).await;
        assert_eq!(refused.status, 422);
        assert!(refused.all(".err").concat().contains(why), "{}", refused.words());
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM tries").await, 0);
}

#[tokio::test]
async fn whoever_is_in_already_goes_where_her_work_is() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let max = app.staff("Max", false, false).await;
    app.give_role(&cohort, &max, warmly::accounts::Role::Manager).await;
    for (who, home, menu) in [
        (&ruth, "/cohorts", vec!["/cohorts"]),
        (&max, "/cohorts", vec!["/cohorts"]),
        (&app.administrator("Ada").await, "/administration", vec!["/administration"]),
        (&app.staff("Eve", true, true).await, "/cohorts", vec!["/cohorts", "/administration"]),
        (&app.staff("Una", false, false).await, "/account", vec![]),
    ] {
        assert_eq!(who.browser.get("/sign-in").await.location().as_deref(), Some(home));
        let mut shown = who.browser.open("/account").await.attributes(".top nav a", "href");
        shown.retain(|address| ["/cohorts", "/administration"].contains(&address.as_str()));
        assert_eq!(shown, menu, "{home}");
    }
}

#[tokio::test]
async fn a_new_password_by_a_link_opens_an_account_that_took_no_more_tries() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    crate::people::accept(&app, &link, "omar@ward.example").await;
    for _ in 0..12 {
        sign_in(&app, "omar@ward.example", "not the password").await;
    }
    assert_eq!(sign_in(&app, "omar@ward.example", PASSWORD).await.1.status, 429);
    let people = ada.open("/administration").await;
    let person = ada.follow(&people, "Omar Haddad").await;
    let made = ada.press(&person, "Make a link for a new password", &[]).await;
    let stranger = app.browser();
    let page = stranger.open(&crate::people::shown_link(&made)).await;
    stranger.press(&page, "Set the new password", &[("password", "third time lucky, yes")]).await;
    assert_eq!(sign_in(&app, "omar@ward.example", "third time lucky, yes").await.1.status, 303);
}

#[tokio::test]
async fn a_right_password_is_no_try() {
    let app = TestApp::new().await;
    set_up(&app).await;
    for _ in 0..12 {
        assert_eq!(sign_in(&app, "ada@ward.example", PASSWORD).await.1.status, 303);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM tries").await, 0);
}

#[tokio::test]
async fn one_address_tries_only_so_many_accounts() {
    let app = TestApp::new().await;
    let stranger = app.browser();
    for number in 0..60 {
        let email = format!("nurse{number}@ward.example");
        let fields = [("email", email.as_str()), ("password", "p")];
        assert_eq!(stranger.post("/sign-in", &fields).await.status, 422);
    }
    let fields = [("email", "one-more@ward.example"), ("password", "p")];
    assert_eq!(stranger.post("/sign-in", &fields).await.status, 429);
}

#[tokio::test]
async fn one_goes_on_to_where_one_wanted_to_be_and_nowhere_else() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let browser = app.browser();
    let asked = browser.get("/administration/audit?event=set-up").await;
    assert_eq!(asked.status, 401);
    let page = browser.follow(&asked, "Sign in").await;
    let refused = browser.press(&page, "Sign in", &[("email", "ada@ward.example"), ("password", "no")]).await;
    let fields = [("email", "ada@ward.example"), ("password", PASSWORD)];
    let there = browser.press(&refused, "Sign in", &fields).await;
    assert_eq!((there.path.as_str(), there.status.as_u16()), ("/administration/audit", 200));
    assert_eq!(browser.get("/sign-in?to=/account").await.location().as_deref(), Some("/account"));
    for elsewhere in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n//evil.example",
        " //evil.example",
        "///evil.example",
    ] {
        let browser = app.browser();
        let fields = [("email", "ada@ward.example"), ("password", PASSWORD), ("to", elsewhere)];
        let signed_in = browser.post("/sign-in", &fields).await;
        assert_eq!(signed_in.location().as_deref(), Some("/cohorts"), "{elsewhere:?}");
        let query = crate::app::encode(&[("to", elsewhere)]);
        let again = browser.get(&format!("/sign-in?{query}")).await;
        assert_eq!(again.location().as_deref(), Some("/cohorts"), "{elsewhere:?}");
        assert!(!app.browser().get(&format!("/sign-in?{query}")).await.text().contains("evil"));
    }
}

#[tokio::test]
async fn somebody_disabled_is_out_by_every_path_at_once() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.staff("Ruth", true, true).await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let person = ada.browser.open(&format!("/administration/people/{}", ruth.id.as_str())).await;
    ada.browser.press(&person, "Disable the account", &[]).await;
    let mut looked = 0;
    for route in warmly::app::routes() {
        if matches!(route.who, Who::Anyone | Who::Nurse) {
            continue;
        }
        let some_id = "01234567-89ab-7def-8123-456789abcdef";
        let mut address = route.path.replace("{cohort}", cohort.as_str()).replace("{number}", "1");
        while let Some((before, rest)) = address.clone().split_once('{') {
            let (_, after) = rest.split_once('}').expect("a parameter");
            address = format!("{before}{some_id}{after}");
        }
        let page = match route.method {
            Method::GET => ruth.browser.get(&address).await,
            _ => ruth.browser.post(&address, &[]).await,
        };
        assert_eq!(page.status, 401, "{} {}", route.method, route.path);
        looked += 1;
    }
    assert!(looked >= 20, "{looked} routes were looked at");
}

#[tokio::test]
async fn sessions_of_the_staff_end_when_left_alone_or_after_a_long_day() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    for _ in 0..17 {
        app.clock.advance(29 * 60 * 1000);
        assert_eq!(ruth.browser.get("/account").await.status, 200);
        ada.browser.get("/account").await;
    }
    assert_eq!(ada.browser.get("/account").await.status, 401, "eight hours for an administrator");
    app.clock.advance(30 * 60 * 1000);
    assert_eq!(ruth.browser.get("/account").await.status, 401, "half an hour alone");
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn everybody_can_leave() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let page = ruth.browser.open("/practice").await;
    let leaving = ruth.browser.follow(&page, "Sign out on this device").await;
    assert!(leaving.words().contains("You are signed in as Ruth"));
    assert_eq!(ruth.browser.press(&leaving, "Sign out", &[]).await.path, "/");
    assert_eq!(ruth.browser.get("/account").await.status, 401);
    assert_eq!(app.browser().get("/sign-out").await.location().as_deref(), Some("/"));
}

#[tokio::test]
async fn a_session_of_somebody_else_is_not_ended_by_its_name() {
    let app = TestApp::new().await;
    let (ruth, maria) = (app.educator("Ruth").await, app.educator("Maria").await);
    let hash = app.column("SELECT token_hash FROM sessions ORDER BY created_at, token_hash").await;
    for session in hash {
        let name = app.app.secrets.session_name(&session);
        ruth.browser.post("/account/sessions", &[("session", name.as_str())]).await;
    }
    assert_eq!(maria.browser.get("/account").await.status, 200);
    assert_eq!(ruth.browser.get("/account").await.status, 200, "this one is left by signing out");
}

#[tokio::test]
async fn signing_in_warns_about_practice_without_a_code_and_ends_the_nurse_session() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let before = nurse.cookies.borrow().clone();
    let page = nurse.open("/sign-in").await;
    assert!(page.words().contains("practice in this browser that has no return code yet"));
    let fields = [("email", "ada@ward.example"), ("password", PASSWORD)];
    assert_eq!(nurse.post("/sign-in", &fields).await.status, 303);
    assert_eq!(nurse.get("/account").await.status, 200);
    let old = app.browser();
    old.cookies.replace(before);
    assert_eq!(old.get(&turn.path).await.status, 401);
}

#[test]
fn sessions_links_tries_and_codes_live_as_long_as_their_pages_say() {
    use warmly::accounts::{self, belief, link, second_step};
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 86_400_000;
    for (what, lives, long) in [
        ("a session of the staff, left alone", accounts::STAFF_IDLE, 30 * MINUTE),
        ("a session of the staff", accounts::STAFF_LONGEST, 12 * HOUR),
        ("a session of an administrator", accounts::ADMINISTRATOR_LONGEST, 8 * HOUR),
        ("what two clocks may differ by", accounts::CLOCKS_DIFFER, 5 * MINUTE),
        ("a nurse’s session, left alone", accounts::IDLE, 12 * HOUR),
        ("the same on her own device", accounts::IDLE_ON_OWN_DEVICE, 90 * DAY),
        ("that she was seen", accounts::SEEN_EVERY, 5 * MINUTE),
        ("a browser that is known", accounts::DEVICE_LIVES, 180 * DAY),
        ("a try", accounts::TRIES_COUNT_FOR, 15 * MINUTE),
        ("a link", link::LINK_LIVES, 7 * DAY),
        ("that there was a link", link::LINK_REMEMBERED, 30 * DAY),
        ("doubt about the clock", belief::A_WEEK, 7 * DAY),
        ("half a sign-in", second_step::HALF_LIVES, 10 * MINUTE),
        ("a form sent twice", warmly::token::SENT_TWICE_WITHIN, 10_000),
    ] {
        assert_eq!(lives, long, "{what}");
    }
}
