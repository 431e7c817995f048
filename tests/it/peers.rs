//! Holes that comparable systems really had, tried here: each test is named after what an attacker does, and stands in
//! the table that follows. A hole that this program can't have is in it with the reason.

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
use crate::people::{PASSWORD, set_up, shown_link, sign_in};

/// What others were attacked through, and the tests that try it here.
pub(crate) const HOLES: [(&str, &[&str]); 27] = [
    (
        "a report without a filter by group (Moodle, CVE-2022-40316)",
        &["peers::a_filter_by_an_assignment_of_another_cohort_finds_no_more_than_one_that_never_was"],
    ),
    (
        "skipping ahead by posting a later turn (Moodle, CVE-2022-40208)",
        &["recording::a_later_turn_cannot_be_answered_by_skipping_ahead"],
    ),
    (
        "an unreleased comment that is visible (Moodle, CVE-2021-32473)",
        &["peers::a_nurse_finds_no_draft_and_answers_none"],
    ),
    (
        "a capability that a report does not check (Moodle, CVE-2022-0334)",
        &[
            "peers::a_manager_reads_no_word_choice_or_number_of_answers_anywhere",
            "peers::a_file_asks_for_the_same_right_as_the_page_it_is_a_file_of",
        ],
    ),
    (
        "failures that are counted wrongly, so that the lock never closes (Moodle, CVE-2022-30600)",
        &[
            "peers::signing_in_to_ones_own_account_gives_no_new_guesses_at_another",
            "holes::many_guesses_of_a_join_code_at_once_are_all_counted",
        ],
    ),
    (
        "script through an imported file (Moodle, CVE-2024-43437); backups are no file that a page takes",
        &["payloads::no_payload_in_an_imported_list_becomes_a_part_of_a_page"],
    ),
    ("paths in an archive that lead out of it (Moodle, CVE-2023-28330): no archive is read anywhere", &[]),
    (
        "a child's id that is not checked against its parent (CVE-2026-30884)",
        &[
            "routes::a_child_of_another_cohort_is_not_there",
            "peers::who_teaches_two_cohorts_does_not_reach_one_through_the_address_of_the_other",
        ],
    ),
    (
        "moving somebody into a foreign group (Moodle, CVE-2023-5549)",
        &["peers::a_nurse_is_not_merged_into_a_place_of_another_cohort"],
    ),
    (
        "a posted user, role or owner that is believed (Moodle, CVE-2023-23923)",
        &["peers::no_form_takes_an_owner_an_actor_or_a_role_that_was_posted"],
    ),
    (
        "rights that outlive removal from a group (Moodle, CVE-2016-5014)",
        &[
            "cohorts::an_educator_who_was_removed_finds_nothing_with_the_page_open",
            "holes::a_removed_educator_takes_no_nurses_place_with_a_link_she_kept",
            "holes::a_download_ends_where_the_right_to_it_ends",
            "holes::a_request_that_waited_does_not_outlive_the_right_of_whoever_sent_it",
        ],
    ),
    (
        "a right that is checked in the wrong group (Moodle, CVE-2016-8644)",
        &["peers::an_educator_of_one_cohort_is_only_a_manager_where_she_is_a_manager"],
    ),
    (
        "script in a minor field such as a title (CVE-2021-47857)",
        &["payloads::no_payload_in_any_kept_text_becomes_a_part_of_a_page"],
    ),
    (
        "an author's text that is evaluated (Moodle, CVE-2020-13144)",
        &[
            "payloads::an_authors_text_is_shown_and_never_evaluated",
            "policy::typed_words_never_become_a_part_of_a_page",
        ],
    ),
    (
        "an id that is public in one place and a secret in another (Canvas)",
        &["peers::an_id_that_a_page_shows_opens_nothing_by_itself"],
    ),
    (
        "whoever was invited and has not confirmed acts as an owner (vaultwarden, CVE-2026-43913)",
        &["peers::whoever_was_invited_and_has_not_accepted_may_do_nothing"],
    ),
    (
        "a guard that checks “may see” where “may change” is needed (CVE-2026-27803)",
        &["peers::who_may_see_a_cohort_may_not_change_it"],
    ),
    (
        "a second endpoint that forgot the check (CVE-2026-27898)",
        &[
            "routes::every_route_is_in_the_matrix_and_states_who_may_use_it",
            "routes::whoever_may_not_is_kept_out_and_cannot_tell_what_is_there",
        ],
    ),
    (
        "a bucket of failures for each spelling (Authelia, CVE-2026-47203)",
        &["sign_in::tries_are_counted_for_all_spellings_of_an_address_together"],
    ),
    (
        "somebody disabled who enters by another path (Synapse, CVE-2023-32682)",
        &[
            "sign_in::somebody_disabled_is_out_by_every_path_at_once",
            "holes::somebody_disabled_takes_no_nurses_place_with_a_link_she_kept",
        ],
    ),
    (
        "nesting so deep that the process ends (kanidm 1.10.0)",
        &["peers::nothing_is_nested_so_deeply_that_the_program_ends"],
    ),
    (
        "names that are matched by their end (kanidm 1.10.0)",
        &["peers::an_address_that_only_resembles_another_opens_nothing"],
    ),
    ("secrets that are compared with == (kanidm 1.10.0)", &["peers::no_secret_is_compared_letter_by_letter"]),
    (
        "script in a picture that was sent in (rauthy): no picture is taken, and nothing sent in is served as a file",
        &[],
    ),
    (
        "cells of a table that a spreadsheet runs (CWE-1236)",
        &[
            "holes::no_cell_of_a_table_runs_as_a_formula_however_the_spreadsheet_splits_lines",
            "tables::no_cell_of_any_file_begins_a_formula",
        ],
    ),
    (
        "an old session with a new program, and the reverse",
        &[
            "peers::a_session_from_before_an_upgrade_goes_on_and_says_nothing_more_than_before",
            "migrations::a_database_of_a_newer_version_is_refused_in_plain_words",
        ],
    ),
    (
        "answers lost where many save at once and each is told it was kept (H5P server)",
        &[
            "peers::answers_that_many_send_at_once_are_all_there",
            "writing::what_was_answered_before_the_program_was_cut_off_is_there_again",
        ],
    ),
];

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

/// Says secret things wherever a nurse and her educator can say any; a personal link to her place.
async fn planted(app: &TestApp, ward: &Ward<'_>) -> String {
    let (ana, attempt) = &ward.nurses[0];
    let ruth = &ward.ruth.browser;
    let looking = ana.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let fields = [("feeling", "secretfeeling"), ("if_asked", "secretplan"), ("then_say", "secretplan")];
    ana.browser.press(&looking, "Save", &fields).await;
    let comment = app.column("SELECT id FROM comments WHERE released_at IS NOT NULL").await.concat();
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", "secretanswer")];
    assert_eq!(ana.browser.post(&format!("/me/comments/{comment}"), &fields).await.status, 303);
    let edit = ward.at(&format!("/people/{}/edit", ana.seat.as_str()));
    let fields = [("name", "secretnurse"), ("external_id", "secretnumber")];
    assert_eq!(ruth.post(&edit, &fields).await.status, 303);
    assert_eq!(ruth.post(&ward.at("/settings"), &[("name", "secretcohort")]).await.status, 303);
    let gate = ward.at(&format!("/assignments/{}", ward.gate.as_str()));
    assert_eq!(ruth.post(&gate, &[("note", "secretnote")]).await.status, 303);
    let list: [(&str, &[u8]); 1] = [("list", b"secretlist")];
    crate::roster::upload(ruth, &ward.at("/people/import/add"), &list).await;
    ruth.get(&ward.at("/scenarios/garden-gate/lift?q=secretsearch&all=1")).await;
    let page = ruth.open(&edit).await;
    let links = ruth.press(&page, "Make a link", &[]).await.all(".return-code").concat();
    let link = links.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link");
    assert_eq!(app.browser().get(&link).await.status, 200);
    link
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
    let asked = prebrief.open("/me/return-code").await;
    let return_code = prebrief.press(&asked, "Show me my code", &[]).await.all(".return-code").concat();
    assert_eq!(app.browser().post("/come-back", &[("code", &return_code)]).await.status, 303);
    let personal = planted(&app, &ward).await;
    let people = again.open(&format!("/administration/people/{}", ward.ruth.id.as_str())).await;
    let reset = shown_link(&again.press(&people, "Make a link for a new password", &[]).await);
    assert_eq!(app.browser().post(&reset, &[("password", "secret new password")]).await.status, 303);
    let key = again.open("/account/second-step/new").await.all(".return-code").concat();
    let (_, recovery) = crate::second_factor::second_step(&app, &again).await;
    let (half, _) = sign_in(&app, "ada@ward.example", PASSWORD).await;
    half.post("/sign-in/code", &[("code", recovery[0].as_str())]).await;
    let log = String::from_utf8(written.0.lock().expect("a lock").clone()).expect("text");
    assert!(log.contains("/set-up/{token}"), "the matched route is there: {log}");
    let cookie = |browser: &crate::app::Browser<'_>| browser.cookies.borrow().values().next().cloned();
    let (session, of_nurse) = (cookie(&again).expect("a session"), cookie(&prebrief).expect("a session"));
    let (reset, personal) = (reset.replace("/reset/", ""), personal.replace("/seats/", ""));
    let secrets = [
        token.as_str(),
        &code,
        &joined,
        &session,
        &of_nurse,
        &return_code,
        &reset,
        &personal,
        &key,
        &key.replace(' ', ""),
        &recovery[0],
        &recovery[9],
        "secret new password",
        "secretfeeling",
        "secretplan",
        "secretanswer",
        "secretnurse",
        "secretnumber",
        "secretcohort",
        "secretnote",
        "secretlist",
        "secretsearch",
        "Draft words",
        PASSWORD,
        "secret wrong",
        "secretownwords",
        "secretquery",
        "secretpath",
        "Released words",
        "Not today",
        "ada@ward.example",
        "Ada King",
    ];
    assert!(secrets.len() >= 20 && secrets.iter().all(|secret| secret.len() >= 6), "{secrets:?}");
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[test]
fn a_file_asks_for_the_same_right_as_the_page_it_is_a_file_of() {
    let routes = routes();
    let mut files = 0;
    for route in &routes {
        let Some((page, _)) = route.path.rsplit_once('.').filter(|(_, end)| ["csv", "json"].contains(end))
        else {
            continue;
        };
        let (folder, name) = page.rsplit_once('/').expect("a folder");
        // Files without a page of their own belong to the page whose address they stand under.
        let page = if ["answers", "overview", "numbers", "practice"].contains(&name) { folder } else { page };
        let of = routes.iter().find(|other| other.method == Method::GET && other.path == page);
        let of = of.unwrap_or_else(|| panic!("{} belongs to no page", route.path));
        let first_page = page == "/cohorts/{cohort}"; // it leads managers on to what is theirs
        let wanted = if first_page { Who::Educator } else { of.who };
        assert_eq!(route.who, wanted, "{}", route.path);
        files += 1;
    }
    assert!(files >= 12, "{files} files");
}

#[tokio::test]
async fn signing_in_to_ones_own_account_gives_no_new_guesses_at_another() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let page = ada.open("/administration/invitations").await;
    let fields = [("role", "educator"), ("cohort", ""), ("note", "Eve")];
    let link = shown_link(&ada.press(&page, "Make the link", &fields).await);
    let own = "a path through reeds";
    let fields = [("name", "Eve"), ("email", "eve@ward.example"), ("password", own)];
    assert_eq!(app.browser().post(&link, &fields).await.status, 303);
    for guess in 0..10 {
        let (_, refused) = sign_in(&app, "ada@ward.example", &format!("a guess at it {guess}")).await;
        assert_eq!(refused.status, 422, "guess {guess}");
        assert_eq!(sign_in(&app, "eve@ward.example", own).await.1.status, 303);
    }
    for _ in 0..3 {
        assert_eq!(sign_in(&app, "ada@ward.example", PASSWORD).await.1.status, 429, "enough is enough");
        assert_eq!(sign_in(&app, "eve@ward.example", own).await.1.status, 303);
    }
}

#[tokio::test]
async fn an_id_that_a_page_shows_opens_nothing_by_itself() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    comments(&app, &ward).await;
    let (ana, attempt) = &ward.nurses[0];
    let edit = format!("/people/{}/edit", ana.seat.as_str());
    let mut shown = std::collections::BTreeSet::new();
    let mut read = |text: &str| {
        let pieces = text.split(|sign: char| !sign.is_ascii_hexdigit() && sign != '-');
        shown.extend(pieces.filter(|piece| piece.len() >= 16).map(str::to_owned));
    };
    for address in ["", "/people", "/staff", "/join", "/assignments", "/answers.json", &edit] {
        read(&ward.ruth.browser.open(&ward.at(address)).await.text());
    }
    read(&ward.ruth.browser.open(&ward.transcript(0)).await.text());
    read(&ward.ruth.browser.open("/account").await.text());
    for address in ["/me", "/me/record", "/me/practice.json", &format!("/attempts/{attempt}/transcript")] {
        read(&ana.browser.open(address).await.text());
    }
    let counted = [ward.ruth.id.as_str(), ana.seat.as_str(), attempt, ward.cohort.as_str()];
    assert!(counted.iter().all(|id| shown.contains(*id)), "{shown:?}");
    assert!(shown.len() >= 12, "{shown:?}");
    let before = app.number("SELECT COUNT(*) FROM sessions").await;
    for id in &shown {
        let stranger = app.browser();
        for link in ["/seats", "/invitations", "/reset", "/set-up"] {
            assert_eq!(stranger.get(&format!("{link}/{id}")).await.status, 404, "{link}/{id}");
        }
        stranger.cookies.borrow_mut().insert("warmly".to_owned(), id.clone());
        for page in ["/me", "/account"] {
            assert_eq!(stranger.get(page).await.status, 401, "{id} as a session");
        }
        assert_eq!(stranger.post("/come-back", &[("code", id)]).await.status.as_u16() / 100, 4);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, before);
}

#[tokio::test]
async fn whoever_was_invited_and_has_not_accepted_may_do_nothing() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ines = app.educator("Ines").await;
    let page = ward.ruth.browser.open(&ward.at("/staff")).await;
    let fields = [("role", "educator"), ("note", "Ines")];
    let invitation = shown_link(&ward.ruth.browser.press(&page, "Make the link", &fields).await);
    assert_eq!(ines.browser.open(&invitation).await.status, 200);
    let cohorts = ines.browser.open("/cohorts").await;
    assert!(!cohorts.text().contains(ward.cohort.as_str()), "{}", cohorts.words());
    for rest in ["", "/people", "/staff", "/settings", "/answers.csv", "/completion"] {
        assert_eq!(ines.browser.get(&ward.at(rest)).await.status, 404, "{rest}");
    }
    for (rest, fields) in [
        ("/staff/invitations", &[("role", "educator"), ("note", "myself")][..]),
        ("/settings", &[("name", "Mine")]),
        ("/settings/archive", &[]),
        ("/people/confirm", &[]),
    ] {
        assert_eq!(ines.browser.post(&ward.at(rest), fields).await.status, 404, "{rest}");
    }
    let page = ward.ruth.browser.open(&ward.at("/staff")).await;
    let withdrawn = page.attributes("form[action$='/withdraw']", "action").concat();
    assert_eq!(ward.ruth.browser.post(&withdrawn, &[]).await.status, 303);
    assert_eq!(ines.browser.post(&format!("{invitation}/accept"), &[]).await.status, 404, "too late");
    assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 1);
}

#[tokio::test]
async fn who_may_see_a_cohort_may_not_change_it() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let omar = app.staff("Omar", false, false).await;
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    assert_eq!(omar.browser.get(&ward.at("/completion")).await.status, 200, "she may see it");
    let (comment, _) = comments(&app, &ward).await;
    let before = app.number("SELECT COUNT(*) FROM audit").await;
    let token = app.clock.new_token();
    let mut changes = 0;
    let of_cohorts = |path: &str| path.starts_with("/cohorts/{cohort}");
    for route in routes().iter().filter(|it| it.method == Method::POST && of_cohorts(it.path)) {
        let path = route.path.replace("{cohort}", ward.cohort.as_str()).replace("{number}", "1");
        let path = path.replace("{seat}", ward.nurses[0].0.seat.as_str()).replace("{link}", MISSING);
        let path = path.replace("{attempt}", &ward.nurses[0].1).replace("{comment}", &comment);
        let path = path.replace("{assignment}", ward.gate.as_str()).replace("{slug}", "garden-gate");
        let path = path.replace("{turn}", "lift").replace("{staff}", ward.ruth.id.as_str());
        let asked = omar.browser.post(&path, &[("token", &token)]).await;
        assert_eq!(asked.status, 404, "{path}");
        changes += 1;
    }
    assert!(changes >= 20, "{changes} ways to change something");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, before);
}

#[tokio::test]
async fn nothing_is_nested_so_deeply_that_the_program_ends() {
    let deep = 100_000;
    let texts = [
        format!("slug = {}", "[".repeat(deep)),
        format!("slug = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("slug = {}1{}", "{a = ".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
        format!("[[{}a]]", "a.".repeat(deep)),
        format!("slug = \"{}\"", "{".repeat(deep)),
        "\"".repeat(deep),
    ];
    for text in &texts {
        assert!(warmly::scenario::parse::parse("deep.toml", text).is_err(), "{}", &text[..20]);
        assert!(warmly::cohorts::roster::read(text).rows.len() <= 1);
    }
    let app = TestApp::new().await;
    let stranger = app.browser();
    for name in ["a[", "a.", "[a]"] {
        let name = name.repeat(20_000);
        assert_eq!(stranger.post("/join", &[(name.as_str(), "x")]).await.status, 400);
    }
    let nested = "[".repeat(100_000);
    assert!(stranger.post("/join", &[("code", &nested)]).await.status.is_client_error());
}

#[test]
fn no_secret_is_compared_letter_by_letter() {
    let secrets = ["token", "password", "secret", "code", "cookie"];
    let named = |side: &str, last: bool| {
        let words = side.split(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let word = if last { words.last() } else { words.first() };
        word.is_some_and(|word| secrets.contains(word))
    };
    for (path, text) in crate::rules::files("src", "rs") {
        for line in crate::rules::code(&text) {
            for (sign, _) in line.match_indices(" == ").chain(line.match_indices(" != ")) {
                let (before, after) = (&line[..sign], &line[sign + 4..]);
                assert!(!named(before, true) && !named(after, false), "{}: {line}", path.display());
            }
        }
    }
    let hashes = std::fs::read_to_string("src/accounts/secrets.rs").expect("the hashes");
    assert!(hashes.contains("Ok(same(hash.as_bytes(), wanted.as_bytes()))"), "in a time that tells nothing");
}

#[tokio::test]
async fn a_session_from_before_an_upgrade_goes_on_and_says_nothing_more_than_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = crate::app::empty_database(folder.path()).await;
    let db = warmly::db::Db::open(&url).await.expect("a database");
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples");
    let (ruth, cohort) = ("019c0000-0000-7000-8000-0000000000f1", "019c0000-0000-7000-8000-0000000000c1");
    for step in warmly::db::Db::steps() {
        db.migrate_to(step).await.expect("a step");
        if let Ok(rows) = std::fs::read_to_string(samples.join(format!("{step:04}.sql"))) {
            let scenario = std::fs::read_to_string(samples.join("garden-gate.json")).expect("a scenario");
            let rows = rows.replace("GARDEN-GATE", &scenario.trim().replace('\'', "''"));
            let rows = rows.replace("'f'", &format!("'{ruth}'")).replace("'c'", &format!("'{cohort}'"));
            crate::migrations::run(&db, rows).await;
        }
    }
    let (nurse, staff) = ("ab".repeat(32), "cd".repeat(32));
    for (token, kind) in [(&nurse, "nurse"), (&staff, "staff")] {
        let hash = warmly::web::session::SessionToken::new(token.clone()).hash();
        let set = format!(
            "UPDATE sessions SET token_hash = '{hash}', created_at = {now}, last_seen_at = {now} WHERE kind = '{kind}'",
            now = crate::app::NOON
        );
        crate::migrations::run(&db, set).await;
    }
    let hers = "UPDATE sessions SET nurse_id = '019c0000-0000-7000-8000-000000000002' WHERE kind = 'nurse'";
    crate::migrations::run(&db, hers.to_owned()).await;
    crate::migrations::run(&db, "UPDATE staff SET administrator = FALSE".to_owned()).await;
    db.close().await;
    let app = TestApp::on(url).await;
    let with = |token: &str| {
        let browser = app.browser();
        browser.cookies.borrow_mut().insert("warmly".to_owned(), token.to_owned());
        browser
    };
    let (nurse, staff) = (with(&nurse), with(&staff));
    for (browser, page, status) in [
        (&nurse, "/me", 200),
        (&nurse, "/attempts/019c0000-0000-7000-8000-000000000005/transcript", 200),
        (&nurse, "/account", 401),
        (&nurse, &format!("/cohorts/{cohort}"), 401),
        (&staff, "/account", 200),
        (&staff, &format!("/cohorts/{cohort}/people"), 200),
        (&staff, "/administration", 404),
        (&staff, "/me", 403),
    ] {
        assert_eq!(browser.get(page).await.status, status, "{page}");
    }
    // Over https the cookie has another name; the one of a plain connection opens nothing there.
    let https = warmly::web::session::SessionToken::from_headers(
        &[(axum::http::header::COOKIE, axum::http::HeaderValue::from_static("warmly=0"))]
            .into_iter()
            .collect(),
        true,
    );
    assert!(https.is_none());
}

#[tokio::test]
async fn answers_that_many_send_at_once_are_all_there() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let mut ready = Vec::new();
    for number in 0..24 {
        let nurse = app.member(&ward.cohort, &format!("Nurse {number}")).await;
        let attempt = app.started(&nurse, &ward.gate, "garden-gate").await;
        ready.push((nurse, attempt));
    }
    let typed = |number: usize| format!("Words of nurse {number}.");
    let words = ready.iter().enumerate().map(async |(number, (nurse, attempt))| {
        let (own, turn) = (typed(number), format!("/attempts/{attempt}/1"));
        let (fields, replies) = ([("own", own.as_str())], format!("{turn}/replies"));
        let sent = nurse.browser.post(&turn, &fields).await;
        let again = nurse.browser.post(&turn, &fields);
        let reply = nurse.browser.post(&replies, &[("reply", "1")]);
        let (again, reply) = futures_util::future::join(again, reply).await;
        [sent, again, reply].map(|page| page.status.as_u16())
    });
    let statuses = futures_util::future::join_all(words).await;
    assert!(statuses.iter().flatten().all(|status| *status == 303), "{statuses:?}");
    let mut kept = app.column("SELECT own_words FROM openings WHERE turn_number = 1").await;
    let mut sent: Vec<String> = (0..24).map(typed).collect();
    kept.sort();
    sent.sort();
    assert_eq!(kept, sent, "each said stored, and each is");
    assert_eq!(app.number("SELECT COUNT(*) FROM responses").await, 24);
}
