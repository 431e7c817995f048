//! Holes that comparable systems really had, tried here: each test is named after what an attacker does.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use warmly::accounts::Role;
use warmly::app::routes;
use warmly::web::route::Who;

use crate::app::TestApp;
use crate::map::{Ward, ward};
use crate::page::Page;
use crate::people::{PASSWORD, set_up, sign_in};

const MISSING: &str = "01234567-89ab-7def-8123-456789abcdef";

/// What a page says about what it is asked for: its status, the names of its headers, its bytes.
fn seen(page: &Page) -> (u16, Vec<String>, Vec<u8>) {
    let names = page.headers().keys().map(ToString::to_string).collect();
    (page.status.as_u16(), names, page.bytes.clone())
}

/// The released comment of a ward's first nurse, and a draft about her.
async fn comments(app: &TestApp, ward: &Ward<'_>) -> (String, String) {
    for (text, what) in [("Released words.", "release"), ("Draft words.", "save")] {
        app.clock.advance(1);
        let token = app.clock.new_token();
        let fields = [("token", token.as_str()), ("text", text), ("do", what)];
        let sent = ward.ruth.browser.post(&format!("{}/1/comments", ward.transcript(0)), &fields).await;
        assert_eq!(sent.status, 303);
    }
    let found = app.column("SELECT id FROM comments ORDER BY written_at").await;
    (found[0].clone(), found[1].clone())
}

#[tokio::test]
async fn who_teaches_two_cohorts_does_not_reach_one_through_the_address_of_the_other() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (comment, _) = comments(&app, &ward).await;
    let fall = app.cohort(&ward.ruth, "Fall").await;
    app.assign(&fall, &ward.ruth, "garden-gate").await;
    let (ana, attempt) = &ward.nurses[0];
    let before = app.number("SELECT COUNT(*) FROM audit").await;
    let token = app.clock.new_token();
    let mut looked = 0;
    for route in routes() {
        let child =
            ["{seat}", "{attempt}", "{assignment}", "{comment}"].iter().any(|it| route.path.contains(it));
        if route.who != Who::Educator || !child {
            continue;
        }
        let address = |seat: &str, attempt: &str, assignment: &str, comment: &str| {
            let path = route.path.replace("{cohort}", fall.as_str()).replace("{number}", "1");
            let path = path.replace("{seat}", seat).replace("{attempt}", attempt);
            path.replace("{assignment}", assignment).replace("{comment}", comment)
        };
        let ask = async |to: String| match route.method {
            Method::GET => ward.ruth.browser.get(&to).await,
            _ if route.path.contains("comment") => {
                let fields = [("token", token.as_str()), ("text", "x"), ("do", "release")];
                ward.ruth.browser.post(&to, &fields).await
            }
            _ => ward.ruth.browser.post(&to, &[]).await,
        };
        let foreign = ask(address(ana.seat.as_str(), attempt, ward.gate.as_str(), &comment)).await;
        let missing = ask(address(MISSING, MISSING, MISSING, MISSING)).await;
        assert_eq!(foreign.status.as_u16() / 100, 4, "{} {}", route.method, route.path);
        assert!(seen(&foreign) == seen(&missing), "{} {}", route.method, route.path);
        looked += 1;
    }
    assert!(looked >= 14, "{looked} routes were looked at");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, before, "nothing was noted either");
    let other_nurse = format!("/people/{}/{attempt}", ward.nurses[1].0.seat.as_str());
    for rest in ["", "/compare"] {
        let page = ward.ruth.browser.get(&ward.at(&format!("{other_nurse}{rest}"))).await;
        assert_eq!(page.status, 404, "an attempt under another nurse’s name");
    }
}

#[tokio::test]
async fn a_filter_by_an_assignment_of_another_cohort_finds_no_more_than_one_that_never_was() {
    let app = TestApp::new().await;
    let ward = ward(&app, 5).await;
    let fall = app.cohort(&ward.ruth, "Fall").await;
    app.assign(&fall, &ward.ruth, "garden-gate").await;
    for page in [
        "",
        "/matrix",
        "/answers.csv",
        "/answers.json",
        "/overview.csv",
        "/overview.json",
        "/matrix.csv",
        "/matrix.json",
        "/debrief",
        "/debrief/screen",
        "/scenarios/garden-gate",
        "/scenarios/garden-gate/lift",
        "/scenarios/garden-gate/answers.csv",
        "/scenarios/garden-gate/lift/answers.json",
    ] {
        let ask = async |assignment: &str| {
            let address = format!("/cohorts/{}{page}?assignment={assignment}", fall.as_str());
            let found = ward.ruth.browser.get(&address).await;
            let text = String::from_utf8_lossy(&found.bytes).replace(assignment, "WHICH");
            assert!(!text.contains("Ana") && !text.contains("Not today"), "{address}: {text}");
            (found.status, text)
        };
        assert!(ask(ward.gate.as_str()).await == ask(MISSING).await, "{page}");
    }
}

#[tokio::test]
async fn a_nurse_is_not_merged_into_a_place_of_another_cohort() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let fall = app.cohort(&ward.ruth, "Fall").await;
    let people = format!("/cohorts/{}/people", fall.as_str());
    let page = ward.ruth.browser.open(&people).await;
    let page = ward.ruth.browser.press(&page, "Add this nurse", &[("name", "Kept")]).await;
    let kept = page.link("Change : Kept").split('/').nth(4).expect("a seat").to_owned();
    app.alter("UPDATE seats SET came_by = 'code' WHERE nurse_id IS NOT NULL").await;
    let merge = ward.at(&format!("/people/{}/merge", ward.nurses[0].0.seat.as_str()));
    assert_eq!(ward.ruth.browser.post(&merge, &[("into", &kept)]).await.status, 404);
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 2);
}

#[tokio::test]
async fn an_educator_of_one_cohort_is_only_a_manager_where_she_is_a_manager() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let both = app.educator("Both").await;
    let fall = app.cohort(&both, "Fall").await;
    app.give_role(&ward.cohort, &both, Role::Manager).await;
    for route in
        routes().iter().filter(|route| route.who == Who::Educator && route.path.starts_with("/cohorts"))
    {
        let address = |cohort: &str| {
            let path = route.path.replace("{cohort}", cohort).replace("{slug}", "garden-gate");
            let path = path.replace("{turn}", "lift").replace("{seat}", ward.nurses[0].0.seat.as_str());
            let path = path.replace("{attempt}", &ward.nurses[0].1).replace("{number}", "1");
            let path = path.replace("{assignment}", ward.gate.as_str()).replace("{comment}", MISSING);
            path.replace("{link}", MISSING).replace("{staff}", MISSING)
        };
        let page = match route.method {
            Method::GET => both.browser.get(&address(ward.cohort.as_str())).await,
            _ => both.browser.post(&address(ward.cohort.as_str()), &[]).await,
        };
        assert_eq!(page.status, 404, "{} {}", route.method, route.path);
    }
    assert_eq!(both.browser.get(&format!("/cohorts/{}/people", fall.as_str())).await.status, 200);
}

#[tokio::test]
async fn a_manager_reads_no_word_choice_or_number_of_answers_anywhere() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let omar = app.staff("Omar", false, false).await;
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    for page in ["/cohorts", &ward.at(""), &ward.at("/completion"), "/account", "/practice"] {
        let text = omar.browser.open(page).await.text();
        for told in
            ["replytext", "Not today", "blurred", "crossed", "/people/", &ward.nurses[0].1, "practiced,"]
        {
            assert!(!text.contains(told), "{page} tells {told}");
        }
    }
    for file in ["/completion.csv", "/completion.json"] {
        let text = omar.browser.get(&ward.at(file)).await.text();
        for told in ["replytext", "Not today", "blurs", "crosses", "attempt", ward.nurses[0].0.seat.as_str()]
        {
            assert!(!text.contains(told), "{file} tells {told}");
        }
    }
}

#[tokio::test]
async fn a_nurse_finds_no_draft_and_answers_none() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (released, draft) = comments(&app, &ward).await;
    let mark = [("warm", "crosses"), ("do", "save")];
    ward.ruth.browser.post(&format!("{}/1/marking", ward.transcript(0)), &mark).await;
    let (ana, attempt) = &ward.nurses[0];
    let transcript = format!("/attempts/{attempt}/transcript");
    for address in ["/me", &transcript, "/me/practice.json", "/me/practice.csv", "/me/record", "/practice"] {
        let text = ana.browser.get(address).await.text();
        assert!(!text.contains("Draft words") && !text.contains(&draft), "{address}");
    }
    assert!(!ana.browser.get(&transcript).await.text().contains("Element by element"));
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", "I saw it.")];
    for (who, comment, status) in
        [(ana, &draft, 404), (&ward.nurses[1].0, &released, 404), (ana, &released, 303)]
    {
        let answered = who.browser.post(&format!("/me/comments/{comment}"), &fields).await;
        assert_eq!(answered.status, status);
    }
    let read = ana.browser.post(&format!("/me/comments/{draft}/read"), &[]).await;
    assert_eq!(read.status, 404);
}

#[tokio::test]
async fn no_form_takes_an_owner_an_actor_or_a_role_that_was_posted() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (ada, nurse) = (app.administrator("Ada").await, &ward.nurses[0].0);
    let (comment, _) = comments(&app, &ward).await;
    let unread: [&str; 8] = [
        "/me/delete",
        "/sign-out",
        "/account/sessions/all",
        "/invitations/{token}/accept",
        "/administration/invitations/{link}/withdraw",
        "/administration/cohorts/{cohort}/educator",
        "/cohorts/{cohort}/staff/invitations/{link}/withdraw",
        "/cohorts/{cohort}/people/import",
    ];
    for route in routes().iter().filter(|route| route.method == Method::POST && !unread.contains(&route.path))
    {
        let path = route.path.replace("{cohort}", ward.cohort.as_str()).replace("{number}", "1");
        let path = path.replace("{seat}", nurse.seat.as_str()).replace("{attempt}", &ward.nurses[0].1);
        let path = path.replace("{id}", &ward.nurses[0].1).replace("{assignment}", ward.gate.as_str());
        let path =
            path.replace("{slug}", "garden-gate").replace("{turn}", "lift").replace("{comment}", &comment);
        let path = path.replace("{staff}", ward.ruth.id.as_str()).replace("{token}", &app.clock.new_token());
        let path = path.replace("{code}", "K7M2QD");
        let browser = match route.who {
            Who::Anyone => &app.browser(),
            Who::Nurse => &nurse.browser,
            Who::Administrator => &ada.browser,
            Who::Staff | Who::CohortStaff | Who::Educator => &ward.ruth.browser,
        };
        for field in ["nurse_id", "staff_id", "cohort_id", "owner", "administrator", "released_at"] {
            let page = browser.post(&path, &[(field, nurse.nurse_id.as_str())]).await;
            assert_eq!(page.status, 400, "{} with {field}", route.path);
        }
    }
}

#[tokio::test]
async fn an_address_that_only_resembles_another_opens_nothing() {
    let app = TestApp::new().await;
    set_up(&app).await;
    for email in [
        "xada@ward.example",
        "ada@ward.example.evil",
        "ada@ward.exampl",
        "%@ward.example",
        "_da@ward.example",
        "ada+x@ward.example",
        "a.da@ward.example",
        "ada@ward\u{3002}example",
        "\u{FF41}da@ward.example",
        "ada\u{200B}@ward.example",
        "ada@ward.example'--",
        "аda@ward.example",
    ] {
        app.clock.advance(15 * 60 * 1000 + 1);
        let (browser, refused) = sign_in(&app, email, PASSWORD).await;
        assert_eq!(refused.status, 422, "{email}");
        assert!(browser.cookies.borrow().is_empty(), "{email}");
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn whoever_reads_the_log_reads_no_token_code_password_or_word() {
    let written = Written::default();
    let writer = written.clone();
    // As the program itself sets it up, with everything else logged that can be.
    let filter: Targets = "trace,tower_http::csrf=off".parse().expect("a filter");
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    let logging = tracing_subscriber::registry().with(lines.with_filter(filter));
    // With a second one about, what other tests log at first is not taken to be what nobody wants to read.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
    let _guard = tracing::subscriber::set_default(logging);
    let app = TestApp::new().await;
    let token = warmly::accounts::first::set_up_link(&app.app).await.expect("asked").expect("a token");
    let fields = [("name", "Ada King"), ("email", "ada@ward.example"), ("password", PASSWORD)];
    let ada = app.browser();
    ada.get(&format!("/set-up/{token}?x=secretquery")).await;
    assert_eq!(ada.post(&format!("/set-up/{token}"), &fields).await.status, 303);
    sign_in(&app, "ada@ward.example", "secret wrong password").await;
    let (again, _) = sign_in(&app, "ada@ward.example", PASSWORD).await;
    let page = again.open("/cohorts").await;
    assert_eq!(page.status, 200);
    let ward = ward(&app, 1).await;
    ward.ruth.browser.post(&ward.at("/join"), &[("number", "1")]).await;
    let code = ward.ruth.browser.open(&ward.at("/join")).await.all(".joincode").concat();
    let joined = code.replace(' ', "");
    app.browser().get(&format!("/join/{joined}")).await;
    let prebrief = app.browser();
    let page = prebrief.open("/scenarios/garden-gate").await;
    let page = prebrief.press(&page, "Begin", &[]).await;
    prebrief.press(&page, "Continue", &[("own", "secretownwords")]).await;
    let (comment, _) = comments(&app, &ward).await;
    assert!(!comment.is_empty());
    ada.get("/nowhere/secretpath").await;
    let log = String::from_utf8(written.0.lock().expect("a lock").clone()).expect("text");
    assert!(log.contains("/set-up/{token}"), "the matched route is there: {log}");
    let session = again.cookies.borrow().values().next().cloned().expect("a session");
    for secret in [
        token.as_str(),
        &code,
        &joined,
        &session,
        PASSWORD,
        "secret wrong",
        "secretownwords",
        "secretquery",
        "secretpath",
        "Released words",
        "Not today",
        "ada@ward.example",
        "Ada King",
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
