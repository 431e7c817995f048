//! What was open in a browser while something else happened: typed words come back, and an old form opens nothing.

use axum::body::Body;
use axum::http::{Request, header};

use crate::app::{Browser, TestApp};
use crate::cast::answer;
use crate::joining::link;
use crate::map::ward;
use crate::page::Page;
use crate::roster::upload;

const HOUR: i64 = 60 * 60 * 1000;

const GONE: &str = "This is not here anymore";

/// Sends the form with this button once more, from another browser, and stays there.
async fn resent(browser: &Browser<'_>, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
    let form = page.form(button);
    let fields = form.filled(fields);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&form.action, &fields).await
}

#[tokio::test]
async fn words_a_nurse_types_while_her_place_is_taken_by_link_come_back_to_her() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let ((ana, done), (bea, _)) = (&ward.nurses[0], &ward.nurses[1]);
    let open = app.started(ana, &ward.gate, "garden-gate").await;
    let transcript = ward.ruth.browser.open(&ward.transcript(0)).await;
    ward.ruth.browser.press(&transcript, "Release to Ana Okafor", &[("text", "What was hard?")]).await;
    let turn = ana.browser.open(&format!("/attempts/{open}")).await;
    let looking = ana.browser.open(&format!("/attempts/{done}/looking-back")).await;
    let said = ana.browser.open(&format!("/attempts/{done}/transcript")).await;
    let link = link(&ward.ruth, &ward.cohort, "Ana Okafor").await;
    let phone = app.browser();
    let page = phone.open(&link).await;
    phone.press(&page, "That’s me: take my place", &[]).await;
    let long = "I’d say that I can’t. ".repeat(40);
    let long = long.trim();
    let sent = [
        (&turn, "Continue", vec![("own", long)], long.to_owned()),
        (&turn, "Skip to the replies", vec![("own", long)], long.to_owned()),
        (
            &looking,
            "Save",
            vec![("if_asked", "asks"), ("then_say", "No."), ("feeling", long), ("aim", "To be kind.")],
            format!("asks No. {long} To be kind."),
        ),
        (&said, "Send answer", vec![("text", long)], long.to_owned()),
    ];
    for (page, button, fields, typed) in sent {
        let gone = ana.browser.press(page, button, &fields).await;
        assert_eq!((gone.status.as_u16(), gone.heading().as_str()), (404, GONE), "{button}");
        assert_eq!(gone.all("textarea#typed"), [typed], "{button}");
        let foreign = resent(&bea.browser, page, button, &fields).await;
        assert_eq!(
            foreign.bytes, gone.bytes,
            "{button}: it never was another nurse’s, and she is told the same"
        );
        let action = page.form(button).action;
        let missing = action.replace(&open, &app.clock.new_id()).replace(done, &app.clock.new_id());
        let never = bea.browser.post(&missing, &fields).await;
        if missing != action {
            assert_eq!(
                never.bytes, gone.bytes,
                "{button}: nor is there anything to tell from what never was"
            );
        }
    }
    let nothing = ana.browser.press(&turn, "Continue", &[("own", "")]).await;
    assert_eq!(
        (nothing.heading().as_str(), nothing.all("textarea")),
        (GONE, Vec::new()),
        "nothing was typed"
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 0);
    answer(&phone, &open, "Now mine.", "replytext three").await;
}

#[tokio::test]
async fn words_typed_on_a_first_page_that_somebody_else_used_before_come_back() {
    let app = TestApp::new().await;
    let welcome = app.browser().open("/").await;
    assert!(resent(&app.browser(), &welcome, "Say it", &[("own", "Mine.")]).await.location().is_some());
    app.clock.advance(HOUR);
    let late = app.browser();
    let told = late.press(&welcome, "Say it", &[("own", "I can’t, and I care.")]).await;
    assert_eq!((told.status.as_u16(), told.cookies().len()), (422, 0));
    assert!(told.words().contains("This page was used before"), "{}", told.words());
    assert_eq!(told.all("textarea#own"), ["I can’t, and I care."]);
    let begun = late.press(&told, "Say it", &[]).await;
    assert!(begun.path.contains("/attempts/"), "{}", begun.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 2);
    let unknown = "/scenarios/never-was/attempts";
    let fields = [("token", "d".repeat(64)), ("own", "Where to?".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let gone = app.browser().post(unknown, &fields).await;
    assert_eq!((gone.heading().as_str(), gone.all("textarea#typed")), (GONE, vec!["Where to?".to_owned()]));
}

#[tokio::test]
async fn what_staff_typed_comes_back_where_their_session_has_ended_or_is_somebody_elses() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let of_cohort = |rest: &str| format!("/cohorts/{}/{rest}", cohort.as_str());
    let forms = [
        (&ada, "/administration/invitations".to_owned(), "Make the link", "note", "Ruth from 4 West"),
        (&ruth, "/cohorts".to_owned(), "Make a cohort", "name", "Spring residency"),
        (&ruth, of_cohort("people"), "Add this nurse", "name", "Ana Okafor"),
        (&ruth, of_cohort("settings"), "Save the name", "name", "Autumn"),
        (&ruth, of_cohort("assignments/new"), "Set it", "note", "Say it aloud first."),
    ];
    for (who, address, button, field, typed) in forms {
        let page = who.browser.open(&address).await;
        let out = resent(&app.browser(), &page, button, &[(field, typed)]).await;
        assert_eq!((out.status.as_u16(), out.heading().as_str()), (401, "Sign in first"), "{address}");
        assert_eq!(out.all("textarea#typed"), [typed], "{address}");
    }
    let policy = ada.browser.open("/administration/policy").await;
    let words = [("who_to_tell", "Sister Joy"), ("crisis_line", "988")];
    let out = resent(&app.browser(), &policy, "Look at it first", &words).await;
    let typed = "Whom a nurse tells first: Sister Joy The number for a suicidal crisis: 988";
    assert_eq!(out.all("textarea#typed"), [typed]);
    let list = of_cohort("people/import");
    let out = upload(&app.browser(), &list, &[("list", b"Ana Okafor,17\nBea Ruiz,18"), ("file", b"")]).await;
    assert_eq!(out.all("textarea#typed"), ["Ana Okafor,17 Bea Ruiz,18"]);
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    let open = app.started(ana, &ward.gate, "garden-gate").await;
    let turn = ana.browser.open(&format!("/attempts/{open}")).await;
    let not_hers = resent(&ruth.browser, &turn, "Continue", &[("own", "I can’t, and I care.")]).await;
    assert_eq!(
        (not_hers.status.as_u16(), not_hers.heading().as_str()),
        (403, "Somebody of the staff is signed in here")
    );
    assert_eq!(not_hers.all("textarea#typed"), ["I can’t, and I care."]);
    let welcome = app.browser().open("/").await;
    let not_hers = resent(&ruth.browser, &welcome, "Say it", &[("own", "No, and I care.")]).await;
    assert_eq!(not_hers.all("textarea#typed"), ["No, and I care."]);
    assert_eq!(not_hers.link("Sign out here"), "/sign-out");
}

#[tokio::test]
async fn what_was_typed_for_a_cohort_that_was_archived_meanwhile_comes_back() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let of_cohort = |rest: &str| format!("/cohorts/{}/{rest}", cohort.as_str());
    let people = ruth.browser.open(&of_cohort("people")).await;
    let set = ruth.browser.open(&of_cohort("assignments/new")).await;
    let settings = ruth.browser.open(&of_cohort("settings")).await;
    ruth.browser.press(&settings, "Archive Spring", &[]).await;
    let added = resent(&ruth.browser, &people, "Add this nurse", &[("name", "Ana Okafor")]).await;
    let note = resent(&ruth.browser, &set, "Set it", &[("note", "Say it aloud first.")]).await;
    let list =
        upload(&ruth.browser, &of_cohort("people/import"), &[("list", b"Ana,17"), ("file", b"")]).await;
    for (page, typed) in [(added, "Ana Okafor"), (note, "Say it aloud first."), (list, "Ana,17")] {
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (422, "This cohort is archived"));
        assert_eq!(page.all("textarea#typed"), [typed]);
        assert_eq!(page.link("Go to its settings"), of_cohort("settings"));
        assert_eq!(page.link("Cohorts"), "/cohorts", "her menu is there");
    }
}

#[tokio::test]
async fn whoever_signs_in_after_a_form_was_refused_comes_back_to_its_page() {
    let app = TestApp::new().await;
    let ask = async |referer: &str| {
        let request = Request::post("/administration/policy")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::REFERER, referer);
        app.send(request.body(Body::from("who_to_tell=Joy")).expect("a request")).await.link("Sign in")
    };
    assert_eq!(
        ask("http://warmly.test/administration/policy?x=1&y=2").await,
        "/sign-in?to=/administration/policy",
        "what stands behind it may say that something is saved"
    );
    // Where a form was answered with a page, that stands where nothing can be opened.
    for (sent, page) in [
        ("/cohorts/c/people/links", "/cohorts/c/people"),
        ("/administration/policy/nothing", "/administration/policy"),
        ("/account/password", "/account"),
        ("/cohorts/c/people/import/add", "/cohorts/c/people/import"),
        ("/invitations/t/accept", "/invitations/t"),
    ] {
        let to = ask(&format!("http://warmly.test{sent}?x=1")).await;
        assert_eq!(to, format!("/sign-in?to={page}"), "{sent}");
    }
    let slashes = format!("http://warmly.test{}", "/".repeat(16_000));
    for odd in [
        &slashes,
        "http://warmly.test/sign-out",
        "http://warmly.test/attempts-of-nobody/x",
        "http://warmly.test//evil.example",
        "nowhere",
        "http://warmly.test/\\evil",
        "",
    ] {
        assert_eq!(ask(odd).await, "/sign-in", "{odd}");
    }
}

#[tokio::test]
async fn a_reply_without_a_word_that_is_refused_is_said_not_to_be_stored() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, _), ruth) = (&ward.nurses[0], &ward.ruth);
    let open = app.started(ana, &ward.gate, "garden-gate").await;
    let turn = ana.browser.open(&format!("/attempts/{open}")).await;
    let replies = ana.browser.press(&turn, "Continue", &[("own", "No.")]).await;
    let reply = replies.attributes("input[name=reply]", "value").concat().chars().take(1).collect::<String>();
    let fields = [("reply", reply.as_str()), ("sure", "sure")];
    let out = resent(&app.browser(), &replies, "Say this", &fields).await;
    assert_eq!((out.status.as_u16(), out.all("textarea")), (401, Vec::<String>::new()));
    assert!(out.words().contains("What you just sent is not stored"), "{}", out.words());
    let staff = resent(&ruth.browser, &replies, "Say this", &fields).await;
    assert_eq!(
        (staff.status.as_u16(), staff.heading().as_str()),
        (403, "Somebody of the staff is signed in here")
    );
    assert_eq!(staff.link("Sign out here"), "/sign-out");
    let looked = ruth.browser.get(&replies.path).await;
    assert_eq!(looked.heading(), "This page is a nurse’s own", "nothing was sent");
    let gone = format!("/attempts/{}/looking-back", app.clock.new_id());
    assert_eq!(ana.browser.post(&gone, &[]).await.heading(), GONE);
}

#[tokio::test]
async fn what_is_too_long_to_be_given_back_is_said_to_be() {
    let app = TestApp::new().await;
    let (long, turn) = ("I can't. ".repeat(7500), format!("/attempts/{}/1", app.clock.new_id()));
    let out = app.browser().post(&turn, &[("own", &long)]).await;
    assert_eq!((out.status.as_u16(), out.all("textarea")), (401, Vec::<String>::new()));
    assert!(out.words().contains("too long to be shown here. Go back"), "{}", out.words());
}

#[tokio::test]
async fn no_refusal_gives_back_a_password_or_a_code() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let account = ruth.browser.open("/account").await;
    let fields = [("present", "violet harbor tulip"), ("password", "another harbor tulip")];
    let out = resent(&app.browser(), &account, "Change the password", &fields).await;
    assert_eq!((out.status.as_u16(), out.all("textarea")), (401, Vec::<String>::new()));
    assert!(!out.text().contains("tulip"), "{}", out.text());
    let (nurse, code) = (app.browser(), "amber lantern river stone 17");
    for address in ["/come-back", "/sign-in/code", "/join", "/sign-in"] {
        let fields = [("code", code), ("email", code), ("password", code), ("field", "that no form has")];
        let out = nurse.post(address, &fields).await;
        assert_eq!(out.status, 400, "{address}");
        assert!(out.all("textarea").is_empty() && !out.text().contains("amber"), "{address}");
    }
}

#[tokio::test]
async fn a_form_left_open_gives_nobody_a_session_that_it_made_while_the_clock_was_ahead() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let made = ruth.browser.open("/cohorts").await;
    let page = ruth.browser.press(&made, "Make a cohort", &[("name", "Spring")]).await;
    let code = page.all(".joincode").concat();
    app.clock.advance(6 * HOUR);
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    let group = app.browser().open(&format!("/join/{}", code.replace(' ', ""))).await;
    for (page, button, fields) in [(&prebrief, "Begin", vec![]), (&group, "Join", vec![("name", "Ana")])] {
        let first = resent(&app.browser(), page, button, &fields).await;
        let twice = resent(&app.browser(), page, button, &fields).await;
        assert_eq!(
            (first.cookies().len(), first.cookies()),
            (1, twice.cookies()),
            "{button}: a double click"
        );
    }
    app.clock.advance(-2000);
    let beside = resent(&app.browser(), &prebrief, "Begin", &[]).await;
    assert_eq!(beside.cookies().len(), 1, "by the clock of another machine, a little behind");
    app.clock.advance(2000 - 6 * HOUR);
    for (page, button, fields) in [(&prebrief, "Begin", vec![]), (&group, "Join", vec![("name", "Ana")])] {
        let late = resent(&app.browser(), page, button, &fields).await;
        assert_eq!(late.cookies(), Vec::<String>::new(), "{button}: whoever finds the form open");
        assert!(!late.location().expect("on").contains("/attempts/"), "{:?}", late.location());
    }
}
