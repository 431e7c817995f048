//! Where one is signed in, browsers that are known, tries that are counted, and sessions that end.

use axum::body::Body;
use axum::http::{Request, header};
use warmly::accounts::credentials::{Email, Password};
use warmly::accounts::store;

use crate::app::{Browser, TestApp, encode};
use crate::page::Page;
use crate::people::{PASSWORD, set_up, shown_link, sign_in};
use crate::second_factor::second_step;

const ADA: &str = "ada@ward.example";

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Signs in with a browser that says what it is.
async fn sign_in_with<'a>(app: &'a TestApp, agent: &str) -> Browser<'a> {
    let browser = app.browser();
    let request = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::USER_AGENT, agent)
        .header("sec-fetch-site", "same-origin");
    let body = Body::from(encode(&[("email", ADA), ("password", PASSWORD)]));
    let answer = app.send(request.body(body).expect("a request")).await;
    assert_eq!(answer.status, 303);
    for cookie in answer.cookies() {
        let (name, rest) = cookie.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap_or_default();
        browser.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }
    browser
}

/// Signs in with this very browser.
async fn again(browser: &Browser<'_>, email: &str, password: &str) -> Page {
    browser.post("/sign-in", &[("email", email), ("password", password)]).await
}

/// Somebody elsewhere guesses until the account takes no more.
async fn attack(app: &TestApp, email: &str) {
    for _ in 0..12 {
        sign_in(app, email, "not the password").await;
    }
    assert_eq!(sign_in(app, email, PASSWORD).await.1.status, 429, "the account takes no more");
}

#[tokio::test]
async fn the_account_page_says_where_one_is_signed_in_and_signs_out_there() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    app.clock.advance(60_000);
    let office = sign_in_with(&app, FIREFOX).await;
    app.clock.advance(60_000);
    let ward =
        sign_in_with(&app, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/143.0 Safari/537.36")
            .await;
    let page = ward.open("/account").await;
    let lines = page.all("ul.list .line div");
    assert_eq!(
        lines,
        [
            "Chrome on Linux (this one) Since March 2, 2026, 12:02 PM. Last used March 2, 2026, 12:02 PM.",
            "Firefox on Windows Since March 2, 2026, 12:01 PM. Last used March 2, 2026, 12:01 PM.",
            "A browser Since March 2, 2026, 12:00 PM. Last used March 2, 2026, 12:00 PM.",
        ]
    );
    let button = "Sign out there : Firefox on Windows, since March 2, 2026, 12:01 PM";
    let page = ward.press(&page, button, &[]).await;
    assert!(page.words().contains("You are signed out there"));
    assert_eq!(office.get("/account").await.status, 401);
    assert_eq!(ada.get("/account").await.status, 200);
    let page = ward.press(&page, "Sign out everywhere else", &[]).await;
    assert!(page.words().contains("You are signed out everywhere but here"));
    assert_eq!(ada.get("/account").await.status, 401);
    assert_eq!(page.all("ul.list .line div").len(), 1);
    assert!(!page.all("button").contains(&"Sign out everywhere else".to_owned()), "there is no else");
    assert!(!app.files_hold("Gecko/20100101"), "what a browser sends is not kept");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'signed-out-everywhere'").await, 1);
    let nurse = crate::app::begin(&app, "garden-gate").await.0;
    assert_eq!(nurse.get("/account").await.status, 401, "a nurse has no account");
    let mine = nurse.open("/me").await;
    assert_eq!(nurse.follow(&mine, "Sign out on this device").await.heading(), "Sign out on this device");
}

#[tokio::test]
async fn a_known_browser_comes_in_while_the_account_is_attacked_from_elsewhere() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let (hers, _) = sign_in(&app, ADA, PASSWORD).await;
    let device = hers.cookies.borrow()["warmly-device"].clone();
    assert!(!app.files_hold(&device));
    attack(&app, ADA).await;
    for _ in 0..3 {
        assert_eq!(again(&hers, " ADA@ward.example", PASSWORD).await.status, 303, "the right password");
    }
    assert_ne!(hers.cookies.borrow()["warmly-device"], device, "known by another token each time");
    let old = app.browser();
    old.cookies.borrow_mut().insert("warmly-device".to_owned(), device);
    assert_eq!(again(&old, ADA, PASSWORD).await.status, 429, "the one before is known no more");
    for _ in 0..5 {
        assert_eq!(again(&hers, ADA, "not the password").await.status, 422, "it opens nothing by itself");
    }
    assert_eq!(again(&hers, ADA, PASSWORD).await.status, 429, "and has few tries of its own");
    app.clock.advance(15 * 60 * 1000 + 1);
    attack(&app, ADA).await;
    assert_eq!(again(&hers, ADA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_browser_is_known_only_to_whoever_came_in_with_it_and_for_180_days() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    crate::people::accept(&app, &link, "ruth@ward.example").await;
    let (shared, _) = sign_in(&app, ADA, PASSWORD).await;
    attack(&app, "ruth@ward.example").await;
    assert_eq!(again(&shared, "ruth@ward.example", PASSWORD).await.status, 429, "not yet known to Ruth");
    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(again(&shared, "ruth@ward.example", PASSWORD).await.status, 303);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    attack(&app, "ruth@ward.example").await;
    attack(&app, ADA).await;
    assert_eq!(again(&shared, "ruth@ward.example", PASSWORD).await.status, 303, "known to both");
    assert_eq!(again(&shared, ADA, PASSWORD).await.status, 303, "known to both");
    let cookie = again(&shared, ADA, PASSWORD).await.cookies();
    let cookie = cookie.iter().find(|cookie| cookie.starts_with("warmly-device")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("Max-Age=15552000"), "{cookie}");
    app.clock.advance(180 * 24 * 60 * 60 * 1000);
    attack(&app, ADA).await;
    assert_eq!(again(&shared, ADA, PASSWORD).await.status, 429);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM known_devices").await, 0);
}

#[tokio::test]
async fn a_new_session_in_the_same_browser_is_called_as_the_one_before() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let hers = sign_in_with(&app, FIREFOX).await;
    let account = hers.open("/account").await;
    let fields = [("present", PASSWORD), ("password", "a much longer one now")];
    let changed = hers.press(&account, "Change the password", &fields).await;
    let lines = changed.all("ul.list .line div");
    assert!(lines.len() == 1 && lines.concat().contains("Firefox on Windows"), "{lines:?}");
}

#[tokio::test]
async fn an_educators_session_of_nine_hours_is_listed_and_an_administrators_is_gone() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    let (ruth, _) = crate::people::accept(&app, &link, "ruth@ward.example").await;
    let (other, _) = sign_in(&app, "ruth@ward.example", PASSWORD).await;
    for _ in 0..19 {
        app.clock.advance(29 * 60 * 1000);
        for browser in [&ada, &ruth, &other] {
            browser.get("/account").await;
        }
    }
    assert_eq!(ruth.open("/account").await.all("ul.list .line div").len(), 2);
    assert_eq!(ada.get("/account").await.status, 401);
}

/// A browser in which Ruth and Ada came in before, Ada last.
async fn known_to_both<'a>(app: &'a TestApp, code: Option<&str>) -> Browser<'a> {
    let (shared, _) = sign_in(app, "ruth@ward.example", PASSWORD).await;
    if let Some(code) = code {
        assert_eq!(shared.post("/sign-in/code", &[("code", code)]).await.status, 303);
    }
    app.clock.advance(1);
    assert_eq!(again(&shared, ADA, PASSWORD).await.status, 303);
    shared
}

#[tokio::test]
async fn whoever_comes_in_between_gives_no_new_tries_of_a_colleagues_password() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    crate::people::accept(&app, &link, "ruth@ward.example").await;
    let shared = known_to_both(&app, None).await;
    attack(&app, "ruth@ward.example").await;
    let mut answers = Vec::new();
    for _ in 0..7 {
        app.clock.advance(1);
        assert_eq!(again(&shared, ADA, PASSWORD).await.status, 303, "known by a new token");
        let refused = again(&shared, "ruth@ward.example", "not the password").await;
        answers.push(refused.status.as_u16());
    }
    assert_eq!(answers, [422, 422, 422, 422, 422, 429, 429]);
}

#[tokio::test]
async fn whoever_comes_in_between_gives_no_new_tries_of_a_colleagues_code() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    let (ruth, _) = crate::people::accept(&app, &link, "ruth@ward.example").await;
    let (_, codes) = second_step(&app, &ruth).await;
    let shared = known_to_both(&app, Some(&codes[0])).await;
    let wrong = [("code", "0000-0000-0000-0000")];
    let (elsewhere, _) = sign_in(&app, "ruth@ward.example", PASSWORD).await;
    for _ in 0..6 {
        elsewhere.post("/sign-in/code", &wrong).await;
    }
    let mut answers = Vec::new();
    for _ in 0..7 {
        app.clock.advance(1);
        assert_eq!(again(&shared, ADA, PASSWORD).await.status, 303, "known by a new token");
        assert_eq!(again(&shared, "ruth@ward.example", PASSWORD).await.status, 303, "half-way in");
        answers.push(shared.post("/sign-in/code", &wrong).await.status.as_u16());
    }
    assert_eq!(answers, [422, 422, 422, 422, 422, 429, 429]);
}

#[tokio::test]
async fn a_browser_that_was_away_for_180_days_has_no_tries_of_a_code_of_its_own() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (_, codes) = second_step(&app, &ada).await;
    let (hers, _) = sign_in(&app, ADA, PASSWORD).await;
    assert_eq!(hers.post("/sign-in/code", &[("code", codes[0].as_str())]).await.status, 303);
    let wrong = [("code", "0000-0000-0000-0000")];
    for (days, status) in [(179, 422), (180, 429)] {
        app.clock.advance(days * 24 * 60 * 60 * 1000);
        let (elsewhere, _) = sign_in(&app, ADA, PASSWORD).await;
        for _ in 0..6 {
            elsewhere.post("/sign-in/code", &wrong).await;
        }
        assert_eq!(again(&hers, ADA, PASSWORD).await.status, 303, "half-way in");
        assert_eq!(hers.post("/sign-in/code", &wrong).await.status, status, "after {days} days");
        app.clock.advance(-days * 24 * 60 * 60 * 1000);
    }
}

#[tokio::test]
async fn a_new_password_and_signing_out_everywhere_else_forget_known_browsers() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let known = "SELECT COUNT(*) FROM known_devices";
    let (hers, _) = sign_in(&app, ADA, PASSWORD).await;
    assert_eq!(app.number(known).await, 1);
    let account = hers.open("/account").await;
    hers.press(&account, "Sign out everywhere else", &[]).await;
    assert_eq!(app.number(known).await, 0);
    assert_eq!(ada.get("/account").await.status, 401);

    again(&hers, ADA, PASSWORD).await;
    let account = hers.open("/account").await;
    let fields = [("present", PASSWORD), ("password", "a much longer one now")];
    hers.press(&account, "Change the password", &fields).await;
    assert_eq!(app.number(known).await, 0);
    attack_with(&app, "a much longer one now").await;
    assert_eq!(again(&hers, ADA, "a much longer one now").await.status, 429);

    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(again(&hers, ADA, "a much longer one now").await.status, 303);
    assert_eq!(app.number(known).await, 1);
    let id = app.column("SELECT id FROM staff").await.remove(0);
    let person = hers.open(&format!("/administration/people/{id}")).await;
    let link = shown_link(&hers.press(&person, "Make a link for a new password", &[]).await);
    let reset = hers.open(&link).await;
    hers.press(&reset, "Set the new password", &[("password", "third time lucky, yes")]).await;
    assert_eq!(app.number(known).await, 0);
}

async fn attack_with(app: &TestApp, password: &str) {
    for _ in 0..12 {
        sign_in(app, ADA, "not the password").await;
    }
    assert_eq!(sign_in(app, ADA, password).await.1.status, 429);
}

#[tokio::test]
async fn a_known_browser_does_not_replace_the_second_step_but_has_tries_of_its_own() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, codes) = second_step(&app, &ada).await;
    let (hers, _) = sign_in(&app, ADA, PASSWORD).await;
    assert!(!hers.cookies.borrow().contains_key("warmly-device"), "not before the code");
    assert_eq!(hers.post("/sign-in/code", &[("code", &codes[0])]).await.status, 303);
    assert_eq!(
        again(&hers, ADA, PASSWORD).await.location().as_deref(),
        Some("/sign-in/code"),
        "a code all the same"
    );
    let (attacker, _) = sign_in(&app, ADA, PASSWORD).await;
    for _ in 0..6 {
        attacker.post("/sign-in/code", &[("code", "0000-0000-0000-0000")]).await;
    }
    assert_eq!(attacker.post("/sign-in/code", &[("code", &codes[1])]).await.status, 429);
    assert_eq!(hers.post("/sign-in/code", &[("code", &phone.code(&app))]).await.status, 303);
}

#[tokio::test]
async fn no_spelling_that_opens_an_account_has_tries_of_its_own() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let canonical = Email::read(ADA).expect("an address");
    let bucket = app.app.secrets.account_bucket(&canonical);
    let spellings = [
        "ADA@WARD.EXAMPLE",
        " ada@ward.example",
        "ada@ward.example\t",
        "\u{a0}ada@ward.example\u{3000}",
        "aDa@wArD.eXaMpLe\n",
        "ada@ward.example.",
        "ada@ward。example",
        "ada@ward．example",
        "ａｄａ@ward.example",
        "ada＠ward.example",
        "ada\u{200b}@ward.example",
        "a\u{307}da@ward.example",
        "ad\u{ad}a@ward.example",
        "a.da@ward.example",
        "ada+x@ward.example",
        "\"ada\"@ward.example",
        "ada @ward.example",
        "adа@ward.example",
    ];
    let mut opened = 0;
    for spelling in spellings {
        let Some(email) = Email::read(spelling) else { continue };
        let mut conn = app.app.db.read().await.expect("a connection");
        let opens = store::credentials(&mut conn, &email).await.expect("asked").is_some();
        let shares = app.app.secrets.account_bucket(&email) == bucket;
        assert_eq!(opens, shares, "{spelling:?}");
        opened += i32::from(opens);
    }
    assert_eq!(opened, 5, "as many as differ in case and in space around");
    for spelling in spellings.iter().take(5).cycle().take(10) {
        assert_eq!(sign_in(&app, spelling, "not the password").await.1.status, 422, "{spelling:?}");
    }
    for spelling in spellings.iter().take(5) {
        assert_eq!(sign_in(&app, spelling, PASSWORD).await.1.status, 429, "{spelling:?}");
    }
}

/// What a refusal costs: statements and slow hashes.
async fn cost(app: &TestApp, browser: &Browser<'_>, email: &str) -> (u64, u64) {
    let counts = || (app.app.db.counts().statements(), app.app.secrets.hashes());
    let before = counts();
    assert_eq!(again(browser, email, "not the password").await.status, 422);
    let after = counts();
    (after.0 - before.0, after.1 - before.1)
}

#[tokio::test]
async fn a_refusal_costs_the_same_whether_or_not_anybody_has_the_address() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    let (ruth, _) = crate::people::accept(&app, &link, "ruth@ward.example").await;
    second_step(&app, &ruth).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    crate::people::accept(&app, &link, "gone@ward.example").await;
    let id = app.column("SELECT id FROM staff WHERE email = 'gone@ward.example'").await.remove(0);
    let person = ada.open(&format!("/administration/people/{id}")).await;
    ada.press(&person, "Disable the account", &[]).await;
    let (known, _) = sign_in(&app, ADA, PASSWORD).await;
    let device = known.cookies.borrow()["warmly-device"].clone();
    for with_device in [false, true] {
        let mut costs = Vec::new();
        for email in [ADA, "ruth@ward.example", "gone@ward.example", "nobody@ward.example"] {
            if with_device && email == ADA {
                continue;
            }
            let browser = app.browser();
            if with_device {
                browser.cookies.borrow_mut().insert("warmly-device".to_owned(), device.clone());
            }
            costs.push(cost(&app, &browser, email).await);
        }
        assert!(costs.iter().all(|cost| *cost == costs[0] && cost.1 == 1), "{costs:?}");
    }
}

#[tokio::test]
async fn of_many_who_sign_in_at_once_two_are_hashed_at_a_time() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let emails: Vec<String> = (0..20).map(|number| format!("nobody{number}@ward.example")).collect();
    let browsers: Vec<Browser<'_>> = emails.iter().map(|_| app.browser()).collect();
    let all = browsers.iter().zip(&emails).map(|(browser, email)| again(browser, email, "not the password"));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status, 422);
    }
    assert_eq!(app.app.secrets.hashes(), 1 + 20, "one of them made the account");
    let at_once = app.app.secrets.hashes_at_once();
    let cores = warmly::cores() as u64;
    assert!((1..=cores.min(2)).contains(&at_once), "{at_once} at once");
}

#[tokio::test]
async fn whoever_is_asked_to_try_again_in_a_moment_has_used_up_no_try() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let password: Password = serde_json::from_value("calm rivers bend".into()).expect("a password");
    let (full, salt) = (std::cell::Cell::new(true), "0".repeat(64));
    // More than may wait, so that there is room for hardly anybody else.
    let crowd = futures_util::future::join_all((0..60).map(|_| async {
        while full.get() {
            if app.app.secrets.hash_password(&password, &salt).await.is_err() {
                tokio::task::yield_now().await;
            }
        }
    }));
    let coming = async {
        let mut asked = 0;
        while asked < 12 {
            let status = sign_in(&app, ADA, PASSWORD).await.1.status.as_u16();
            assert!(matches!(status, 303 | 503), "{status} after {asked} times");
            asked += usize::from(status == 503);
        }
        full.set(false);
    };
    tokio::join!(crowd, coming);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 303);
    assert_eq!(app.number("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM tries").await, 0);
}

#[tokio::test]
async fn the_operator_removes_a_second_step_where_no_administrator_can() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    second_step(&app, &ada).await;
    let remove = async |email: &str| {
        let email = Email::read(email).expect("an address");
        warmly::accounts::oversee::remove_by_command(&app.app.db, &app.clock, &email).await.expect("asked")
    };
    assert_eq!(remove("nobody@ward.example").await, None);
    assert_eq!(remove(" ADA@ward.example").await, Some(true));
    assert_eq!(remove(ADA).await, Some(false), "there is none any more");
    assert_eq!(ada.get("/account").await.status, 401);
    let (ada, _) = sign_in(&app, ADA, PASSWORD).await;
    let log = ada.open("/administration/audit").await.words();
    assert!(log.contains("The program removed the second step of Ada King"), "{log}");
}

#[tokio::test]
async fn whoever_guesses_from_outside_keeps_nobody_from_changing_the_password() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    attack(&app, ADA).await;
    let account = ada.open("/account").await;
    let fields = [("present", PASSWORD), ("password", "a much longer one now")];
    let changed = ada.press(&account, "Change the password", &fields).await;
    assert!(changed.words().contains("Your password is changed"), "{}", changed.words());
    let account = ada.open("/account").await;
    for _ in 0..10 {
        let fields = [("present", "no"), ("password", "a still longer one now")];
        assert_eq!(ada.press(&account, "Change the password", &fields).await.status, 422);
    }
    let fields = [("present", "a much longer one now"), ("password", "a still longer one now")];
    assert_eq!(
        ada.press(&account, "Change the password", &fields).await.status,
        429,
        "these are counted, too"
    );
}

#[tokio::test]
async fn an_educator_is_out_after_twelve_hours_and_an_administrator_after_eight() {
    const MINUTE: i64 = 60 * 1000;
    let app = TestApp::new().await;
    let (ruth, ada) = (app.educator("Ruth").await, app.administrator("Ada").await);
    let status = async |browser: &Browser<'_>| browser.get("/account").await.status.as_u16();
    let (mut educator, mut administrator) = (0, 0);
    for minutes in (20..=780).step_by(20) {
        app.clock.advance(20 * MINUTE);
        if status(&ruth.browser).await == 200 {
            educator = minutes;
        }
        if status(&ada.browser).await == 200 {
            administrator = minutes;
        }
    }
    assert_eq!((educator, administrator), (700, 460), "used every 20 minutes; the next time was too late");
    let maria = app.educator("Maria").await;
    app.clock.advance(30 * MINUTE - 1);
    assert_eq!(status(&maria.browser).await, 200);
    app.clock.advance(30 * MINUTE);
    assert_eq!(status(&maria.browser).await, 401, "half an hour unused");
    let page = maria.browser.open("/account").await;
    assert!(page.words().contains("you were away for half an hour"));
}

#[tokio::test]
async fn a_clock_that_was_ahead_locks_nobody_out_and_leaves_no_session_without_end() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1000;
    let app = TestApp::new().await;
    set_up(&app).await;
    app.clock.advance(YEAR);
    let (ahead, answer) = sign_in(&app, ADA, PASSWORD).await;
    assert_eq!(answer.status, 303);
    let nurse = crate::app::begin(&app, "garden-gate").await.0;
    attack(&app, ADA).await;
    app.clock.advance(-YEAR);
    assert_eq!(ahead.get("/account").await.status, 401, "a session of the staff from the future");
    assert_eq!(nurse.get("/me").await.status, 401, "a nurse’s");
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 303, "the tries of then count no more");
    let later = "SELECT COUNT(*) FROM tries WHERE since > 1772452800000";
    assert!(app.number(later).await > 0);
    let staff = "SELECT COUNT(*) FROM sessions WHERE kind = 'staff' AND created_at > 1772452800000";
    assert_eq!(app.number(staff).await, 1);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!((app.number(later).await, app.number(staff).await), (0, 0));
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions WHERE kind = 'nurse'").await, 1, "her way back");
    assert_eq!(nurse.get("/me").await.status, 200, "which leads back again");
}

#[tokio::test]
async fn what_was_made_while_the_clock_was_ahead_opens_as_long_as_what_is_made_now() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1000;
    let app = TestApp::new().await;
    set_up(&app).await;
    let ward = crate::map::ward(&app, 1).await;
    app.clock.advance(YEAR);
    let (known, _) = sign_in(&app, ADA, PASSWORD).await;
    let invitation = crate::people::invite(&known, "educator", "").await;
    let ahead = [
        "INSERT INTO half_sessions (token_hash, staff_id, begun_at)
            SELECT 'h', id, 1803988800000 FROM staff WHERE name = 'Ada'",
        "UPDATE cohorts SET code_number = 1, code_hash = 'c', code_expires_at = 1803988800000",
        "UPDATE seats SET link_hash = 'l', link_expires_at = 1803988800000",
    ];
    for statement in ahead {
        app.alter(statement).await;
    }
    app.clock.advance(-YEAR);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM half_sessions").await, 0);
    let open =
        app.column("SELECT CAST(link_expires_at AS TEXT) FROM seats UNION ALL SELECT CAST(code_expires_at AS TEXT) FROM cohorts").await;
    let end = app.clock.now() + warmly::cohorts::code::CODE_OPENS_FOR;
    assert_eq!(open, [end.to_string(), end.to_string()], "{}", ward.cohort.as_str());
    assert_eq!(app.browser().get(&invitation).await.status, 200);
    app.clock.advance(YEAR / 12);
    assert_eq!(app.browser().get(&invitation).await.status, 404, "a month later");
    app.clock.advance(YEAR / 2);
    attack(&app, ADA).await;
    assert_eq!(again(&known, ADA, PASSWORD).await.status, 429, "no browser is known for more than 180 days");
}

#[tokio::test]
async fn a_clock_that_was_put_back_a_little_ends_no_session() {
    const HOUR: i64 = 60 * 60 * 1000;
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let nurse = crate::app::begin(&app, "garden-gate").await.0;
    app.clock.advance(-5 * 60 * 1000);
    assert_eq!(ada.get("/account").await.status, 200, "the clocks of two machines differ");
    app.clock.advance(-6 * HOUR);
    assert_eq!(nurse.get("/me").await.status, 200);
    app.clock.advance(-6 * HOUR);
    assert_eq!(nurse.get("/me").await.status, 200, "that she was here is noted with the new time");
}

#[tokio::test]
async fn every_sign_in_and_every_change_of_rights_gives_a_new_token() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let mut seen = vec![ada.cookies.borrow()["warmly"].clone()];
    let id = app.column("SELECT id FROM staff").await.remove(0);
    let (other, _) = sign_in(&app, ADA, PASSWORD).await;
    seen.push(other.cookies.borrow()["warmly"].clone());
    again(&other, ADA, PASSWORD).await;
    seen.push(other.cookies.borrow()["warmly"].clone());
    let person = other.open(&format!("/administration/people/{id}")).await;
    other.press(&person, "No longer make cohorts", &[]).await;
    seen.push(other.cookies.borrow()["warmly"].clone());
    let different: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(different.len(), 4);
    for old in &seen[..3] {
        let stale = app.browser();
        stale.cookies.borrow_mut().insert("warmly".to_owned(), old.clone());
        assert_eq!(stale.get("/account").await.status, 401);
    }
    assert_eq!(other.get("/account").await.status, 200);
}

#[tokio::test]
async fn somebody_disabled_has_no_way_back_in() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = crate::people::invite(&ada, "educator", "").await;
    let (ruth, _) = crate::people::accept(&app, &link, "ruth@ward.example").await;
    again(&ruth, "ruth@ward.example", PASSWORD).await;
    let id = app.column("SELECT id FROM staff WHERE email = 'ruth@ward.example'").await.remove(0);
    let person = ada.open(&format!("/administration/people/{id}")).await;
    let reset = shown_link(&ada.press(&person, "Make a link for a new password", &[]).await);
    let person = ada.open(&format!("/administration/people/{id}")).await;
    ada.press(&person, "Disable the account", &[]).await;
    assert_eq!(ruth.get("/account").await.status, 401, "the session");
    assert_eq!(
        again(&ruth, "ruth@ward.example", PASSWORD).await.status,
        422,
        "the password from a known browser"
    );
    assert_eq!(ruth.get(&reset).await.status, 404, "a link for a new password");
    assert_eq!(app.number("SELECT COUNT(*) FROM known_devices").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM half_sessions").await, 0);
}
