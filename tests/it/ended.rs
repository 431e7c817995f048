//! What was proved before a change and would be done after it: by a session that has ended, with a code that is replaced.
//! Slow hashes and transactions are held back, so that each thing comes in the order it is told in.

use std::sync::{Arc, Mutex, mpsc};

use axum::extract::FromRequestParts;
use axum::http::{Request, header};
use futures_util::future::join_all;
use warmly::accounts::ReturnCode;
use warmly::accounts::nurse::Nurse;
use warmly::accounts::staff::Staff;
use warmly::accounts::store::{CodeGiven, delete_sessions_of_staff, set_password, set_return_code};
use warmly::app::App;
use warmly::db::{Conn, Work};

use crate::accounts::{code, come_back};
use crate::app::{Browser, NOON, TestApp, begin, in_time, server, until};
use crate::page::Page;
use crate::people::{PASSWORD, set_up, sign_in};
use crate::second_factor::{Phone, noted, second_step};

const COUNTED: &str = "SELECT COUNT(*) FROM tries WHERE count > 0";

/// Runs where one slow hash comes after the other.
fn one_by_one(test: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().max_blocking_threads(1).build().expect("a runtime").block_on(test);
}

/// Every slow hash waits until this is dropped.
fn hold() -> mpsc::Sender<()> {
    let (held, released) = mpsc::channel();
    tokio::task::spawn_blocking(move || released.recv().is_ok());
    held
}

/// Sends a request that makes a slow hash, and lets a change happen when the request was counted and has not ended. The
/// change is stored only when the request wants to store something itself.
async fn meanwhile<F>(app: &TestApp, request: impl Future<Output = Page>, change: F) -> Page
where
    F: for<'c> Fn(&'c mut Conn) -> Work<'c, (), sqlx::Error> + Send + Sync + 'static,
{
    let held = Arc::new(Mutex::new(Some(hold())));
    let (db, before) = (app.app.db.clone(), app.number(COUNTED).await);
    let changing = async {
        in_time(async {
            while app.number(COUNTED).await == before {
                tokio::task::yield_now().await;
            }
        })
        .await;
        let changing = app.app.db.write(move |conn| {
            let (held, db, change) = (Arc::clone(&held), db.clone(), change(conn));
            let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
                change.await?;
                held.lock().expect("nobody else").take();
                until(|| db.counts().waiting() >= 2).await;
                Ok(())
            });
            work
        });
        changing.await.expect("changed");
    };
    tokio::join!(request, changing).0
}

/// The proof of who has this browser.
async fn proof<P: FromRequestParts<App>>(browser: &Browser<'_>) -> P {
    let cookies: Vec<String> =
        browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get("/").header(header::COOKIE, cookies.join("; ")).body(()).expect("a request");
    let (mut parts, ()) = request.into_parts();
    P::from_request_parts(&mut parts, &browser.app.app).await.ok().expect("somebody")
}

#[test]
fn a_return_code_that_is_replaced_while_it_is_looked_up_opens_nothing() {
    one_by_one(async {
        let app = TestApp::new().await;
        let (nurse, _) = begin(&app, "garden-gate").await;
        let old = code(&nurse).await;
        let proof: Nurse = proof(&nurse).await;
        let new = app.app.secrets.slow_hash(&ReturnCode::of_form(&[7; 32])).await.expect("a hash");
        let before = app.number(COUNTED).await;
        let phone = app.browser();
        let fields = [("code", old.as_str())];
        let answer = meanwhile(&app, phone.post("/come-back", &fields), move |conn| {
            let (proof, new) = (proof.clone(), new.clone());
            Box::pin(async move { set_return_code(conn, &proof, &new, NOON).await.map(drop) })
        });
        assert_eq!(answer.await.status, 422);
        assert!(phone.cookies.borrow().is_empty());
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1, "hers, and no other");
        assert_eq!(app.number(COUNTED).await, before + 1, "a code that opens nothing is a try");
        assert_eq!(nurse.get("/me").await.status, 200);
    });
}

#[tokio::test]
async fn no_two_nurses_have_one_return_code() {
    let app = TestApp::new().await;
    let ((ana, _), (bea, _)) = (begin(&app, "garden-gate").await, begin(&app, "garden-gate").await);
    let give = async |nurse: &Browser<'_>, hash: &'static str| {
        let nurse: Nurse = proof(nurse).await;
        let giving = app.app.db.write(move |conn| {
            let nurse = nurse.clone();
            Box::pin(async move { set_return_code(conn, &nurse, hash, NOON).await })
        });
        giving.await.expect("stored or not")
    };
    assert_eq!(give(&ana, "one").await, CodeGiven::Yes);
    assert_eq!(give(&bea, "one").await, CodeGiven::Taken, "another is tried then");
    assert_eq!(give(&ana, "one").await, CodeGiven::Yes, "it is her own");
    assert_eq!(give(&bea, "two").await, CodeGiven::Yes);
    assert_eq!(app.column("SELECT return_code_hash FROM nurses ORDER BY 1").await, ["one", "two"]);
}

#[test]
fn of_two_sessions_that_renew_the_return_code_at_once_one_stays_in() {
    one_by_one(async {
        let app = TestApp::new().await;
        let (nurse, _) = begin(&app, "garden-gate").await;
        let old = code(&nurse).await;
        let (other, _) = come_back(&app, &old).await;
        let token = async |browser: &Browser<'_>| {
            browser.open("/me/return-code").await.attributes("input[name=token]", "value").concat()
        };
        let (hers, its) = (token(&nurse).await, token(&other).await);
        let (hers, its) = ([("token", hers.as_str())], [("token", its.as_str())]);
        let (held, before) = (hold(), app.app.db.counts().statements());
        let both_are_known = async {
            until(|| app.app.db.counts().statements() >= before + 2).await;
            drop(held);
        };
        let (one, two, ()) = tokio::join!(
            nurse.post("/me/return-code", &hers),
            other.post("/me/return-code", &its),
            both_are_known
        );
        let mut in_still = 0;
        for (browser, answer) in [(&nurse, &one), (&other, &two)] {
            let is_in = browser.get("/me").await.status == 200;
            assert_eq!(answer.status.as_u16(), if is_in { 200 } else { 401 }, "{}", answer.words());
            if is_in {
                in_still += 1;
                let shown = answer.all(".return-code").concat();
                assert_eq!(come_back(&app, &shown).await.1.path, "/practice", "her code opens");
            }
        }
        assert_eq!(in_still, 1);
    });
}

#[test]
fn what_a_password_confirmed_is_not_done_when_the_session_has_ended_meanwhile() {
    one_by_one(async {
        for what in ["password", "on", "codes", "off"] {
            confirmed_and_then_ended(what, Some("another")).await;
            confirmed_and_then_ended(what, None).await;
        }
    });
}

/// Somebody else sets a new password while the one before is looked at, or only ends every session.
async fn confirmed_and_then_ended(what: &str, password: Option<&'static str>) {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (page, button, typed) = match what {
        "password" => (ada.open("/account").await, "Change the password", "a much longer one now".to_owned()),
        "on" => {
            let page = ada.open("/account/second-step/new").await;
            let code = Phone::reading(&page).code(&app);
            (page, "Turn it on", code)
        }
        _ => {
            let (phone, _) = second_step(&app, &ada).await;
            let codes = what == "codes";
            let button = if codes { "Make new recovery codes" } else { "Turn the second step off" };
            (ada.open("/account/second-step").await, button, phone.code(&app))
        }
    };
    let form = page.form(button);
    let field = if what == "password" { "password" } else { "code" };
    let fields = form.filled(&[("present", PASSWORD), (field, &typed)]);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (staff, before) = (proof::<Staff>(&ada).await.id().clone(), noted(&app).await);
    let stored = app.column("SELECT password_hash FROM staff").await.concat();
    let cookies = ada.cookies.borrow().clone();
    let answer = meanwhile(&app, ada.post(&form.action, &fields), move |conn| {
        let staff = staff.clone();
        Box::pin(async move {
            if let Some(password) = password {
                set_password(conn, &staff, password).await?;
            }
            delete_sessions_of_staff(conn, &staff).await
        })
    });
    let answer = answer.await;
    assert!(answer.location().is_some_and(|way| way.starts_with("/account")), "{what}: {}", answer.words());
    assert_eq!(ada.open("/account").await.heading(), "Sign in first", "{what}");
    assert_eq!(ada.cookies.borrow().clone(), cookies, "{what}: no new session");
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0, "{what}");
    assert_eq!(noted(&app).await, before, "{what}");
    let stays = password.unwrap_or(&stored);
    assert_eq!(app.column("SELECT password_hash FROM staff").await, [stays], "{what}");
}

#[tokio::test]
async fn a_session_that_has_ended_signs_nobody_out_elsewhere() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let ended = sign_in(&app, "ada@ward.example", PASSWORD).await.0;
    let proof: Staff = proof(&ended).await;
    let account = ada.open("/account").await;
    ada.press(&account, "Sign out everywhere else", &[]).await;
    let ending = warmly::accounts::own::end_other_sessions(&app.app, &proof).await;
    assert!(ending.is_err(), "she is asked to sign in first");
    assert_eq!(ada.get("/account").await.status, 200);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'signed-out-everywhere'").await, 1);
}

#[test]
fn what_nobody_had_time_to_look_at_is_no_try() {
    one_by_one(async {
        let app = TestApp::new().await;
        let ada = set_up(&app).await;
        let (nurse, _) = begin(&app, "garden-gate").await;
        let right = code(&nurse).await;
        let account = ada.open("/account").await;
        let (held, before) = (hold(), app.number(COUNTED).await);
        let mut waiting = Vec::new();
        for number in 0..40 {
            let app = app.app.clone();
            let code = ReturnCode::of_form(&[number; 32]);
            waiting.push(tokio::spawn(async move { app.secrets.slow_hash(&code).await.is_ok() }));
        }
        tokio::task::yield_now().await;
        assert_eq!(come_back(&app, &right).await.1.status, 503);
        assert_eq!(sign_in(&app, "ada@ward.example", PASSWORD).await.1.status, 503);
        let fields = [("present", PASSWORD), ("password", "a much longer one now")];
        assert_eq!(ada.press(&account, "Change the password", &fields).await.status, 503);
        assert_eq!(app.number(COUNTED).await, before);
        for asked in waiting {
            asked.abort();
        }
        drop(held);
    });
}

#[test]
fn right_passwords_lock_nobody_out_however_many_come_at_once() {
    one_by_one(async {
        let app = TestApp::new().await;
        set_up(&app).await;
        let fields = [("email", "ada@ward.example"), ("password", PASSWORD)];
        let (held, before) = (hold(), app.app.db.counts().writes());
        let all_are_counted = async {
            until(|| app.app.db.counts().writes() >= before + 13).await;
            drop(held);
        };
        let browsers: Vec<Browser<'_>> = (0..13).map(|_| app.browser()).collect();
        let at_once = join_all(browsers.iter().map(|browser| browser.post("/sign-in", &fields)));
        let (answers, ()) = tokio::join!(at_once, all_are_counted);
        let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((of(303), of(429)), (10, 3));
        assert_eq!(app.number(COUNTED).await, 0);
        assert_eq!(sign_in(&app, "ada@ward.example", PASSWORD).await.1.status, 303);
    });
}

#[tokio::test]
async fn a_shared_computer_can_be_left_also_where_nothing_can_be_written() {
    if server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let ada = set_up(&app).await;
    app.app.db.keep_free(u64::MAX, u64::MAX);
    for (browser, path) in [(&nurse, turn.path.as_str()), (&ada, "/account")] {
        assert_eq!(browser.get(path).await.status, 200);
        let left = browser.post("/sign-out", &[]).await;
        assert_eq!((left.status.as_u16(), left.location().as_deref()), (303, Some("/")));
        assert_eq!(left.header("clear-site-data"), Some("\"cache\", \"storage\""));
        assert!(!browser.cookies.borrow().contains_key("warmly"), "the browser has forgotten it");
        assert_ne!(browser.get(path).await.status, 200);
    }
}
