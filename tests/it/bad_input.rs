//! Bad input is normal input: a clear page, what was typed is kept, never a 500 and never a panic.

use axum::body::Body;
use axum::http::{Request, header};
use proptest::prelude::*;

use crate::app::{ORIGIN, TestApp, begin, encode};

#[tokio::test]
async fn own_words_of_every_kind_are_kept_as_they_were_typed() {
    let app = TestApp::new().await;
    let long = "ä".repeat(1_000);
    for (typed, kept) in [
        ("Hi 👩🏽‍⚕️💙", "Hi 👩🏽‍⚕️💙"),
        ("لا أستطيع", "لا أستطيع"),
        ("two\r\nlines", "two\nlines"),
        ("  spaces  ", "spaces"),
        ("nul\0byte", "nul\u{FFFD}byte"),
        ("<script>alert(1)</script> & \"q\"", "<script>alert(1)</script> & \"q\""),
        ("{who_to_tell}", "{who_to_tell}"),
        (long.as_str(), long.as_str()),
    ] {
        app.clock.advance(1);
        let (nurse, turn) = begin(&app, "garden-gate").await;
        let replies = nurse.press(&turn, "Continue", &[("own", typed)]).await;
        assert_eq!(replies.status, 200, "{typed}");
        assert!(!replies.text().contains("<script>alert"), "nothing typed becomes a part of the page");
        let id = turn.path.split('/').nth(2).expect("an id");
        let stored = app.column("SELECT own_words FROM openings ORDER BY opened_at, attempt_id").await;
        assert_eq!(stored.last().map(String::as_str), Some(kept), "{id}");
    }
}

#[tokio::test]
async fn nothing_typed_is_a_skip() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", " \n\t ")]).await;
    assert!(replies.path.ends_with("/1/replies"));
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NULL").await, 1);
}

#[tokio::test]
async fn ten_thousand_characters_are_refused_with_all_of_them_kept() {
    let app = TestApp::new().await;
    let typed = "word ".repeat(2_000);
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let refused = nurse.press(&turn, "Continue", &[("own", &typed)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.title().starts_with("Problem: "));
    assert!(refused.words().contains("8999 characters too long"), "{}", refused.words());
    assert!(refused.text().contains(typed.trim()));
    let ahead = nurse.post(&turn.path.replace("/1", "/2"), &[("own", &typed)]).await;
    assert_eq!(ahead.status, 303, "a turn that isn’t there yet takes nothing");
    nurse.press(&turn, "Skip to the replies", &[]).await;
    assert_eq!(
        nurse.post(&turn.path, &[("own", &typed)]).await.status,
        409,
        "and a closed one keeps what it has"
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await, 0);
    let stranger = app.browser();
    let welcome = stranger.open("/").await;
    let refused = stranger.press(&welcome, "Say it", &[("own", &typed)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(typed.trim()));
    assert!(stranger.cookies.borrow().is_empty());
}

#[tokio::test]
async fn bytes_that_are_not_utf8_become_replacement_characters() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let cookie: Vec<String> =
        nurse.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    for body in [b"own=caf%E9%FF".to_vec(), b"own=caf\xE9\xFF".to_vec()] {
        let request = Request::post(&turn.path)
            .header(header::COOKIE, cookie.concat())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        assert_eq!(app.send(request).await.status, 303);
    }
    assert_eq!(app.column("SELECT own_words FROM openings").await, ["caf\u{FFFD}\u{FFFD}"]);
}

#[tokio::test]
async fn a_choice_that_is_none_is_asked_for_again() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "No.")]).await;
    for reply in
        [None, Some("0"), Some("4"), Some("-1"), Some("id-plain-no"), Some(""), Some("99999999999999999999")]
    {
        let fields: Vec<(&str, &str)> =
            reply.map(|reply| ("reply", reply)).into_iter().chain([("sure", "sure")]).collect();
        let page = nurse.post(&replies.path, &fields).await;
        assert_eq!(page.status, 422, "{reply:?}");
        assert!(page.words().contains("Choose what you’d say"));
        assert_eq!(
            page.attributes("input[name=sure][checked]", "value"),
            ["sure"],
            "the other answer is kept"
        );
        assert_eq!(page.all(".choice label"), replies.all(".choice label"));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM responses").await, 0);
}

#[tokio::test]
async fn addresses_that_lead_nowhere_say_so() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for address in [
        "/nowhere".to_owned(),
        "/scenarios/no-such-thing".to_owned(),
        "/attempts/1".to_owned(),
        "/attempts/%00/1".to_owned(),
        "/attempts/..%2f..%2fetc/1".to_owned(),
        format!("/attempts/{id}/one"),
        format!("/attempts/{id}/-1"),
        format!("/attempts/{id}/99999999999"),
        format!("/attempts/{id}/1/nothing"),
        "/assets/app.css".to_owned(),
        "/assets/..%2f..%2fCargo.toml".to_owned(),
    ] {
        let page = nurse.get(&address).await;
        assert_eq!(page.status, 404, "{address}");
        assert_eq!(page.heading(), "There’s nothing at this address", "{address}");
        assert_eq!(page.link("Go to the start"), "/");
        assert_eq!(page.all("header a"), ["Warmly, no", "How it works"], "she is no stranger on it");
        assert!(!page.words().contains("Staff: sign in"), "{}", page.words());
    }
    for beyond in ["0", "2", "7/replies", "7/answer"] {
        let page = nurse.open(&format!("/attempts/{id}/{beyond}")).await;
        assert_eq!(page.path, turn.path, "{beyond} leads to the turn that is next");
    }
}

#[tokio::test]
async fn forms_that_are_none_of_ours_are_refused_with_a_page() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    for fields in
        [vec![("nurse_id", "x")], vec![("own", "a"), ("own", "b")], vec![("own", "a"), ("role", "admin")]]
    {
        let page = nurse.post(&turn.path, &fields).await;
        assert_eq!(page.status, 400, "{fields:?}");
        assert_eq!(page.heading(), "We couldn’t read that");
    }
    for token in ["", "short", &"z".repeat(64)] {
        let page = nurse.post("/scenarios/garden-gate/attempts", &[("token", token)]).await;
        assert_eq!(page.status, 400, "{token}");
    }
    assert_eq!(nurse.post("/scenarios/nothing/attempts", &[("token", &"a".repeat(64))]).await.status, 404);
    let huge = "x".repeat(300 * 1024);
    let page = nurse.post(&turn.path, &[("own", &huge)]).await;
    assert_eq!(page.status, 413);
    assert!(page.words().contains("your browser still has what you typed"));
    assert_eq!(app.number("SELECT COUNT(*) FROM openings").await, 0);
}

#[tokio::test]
async fn the_wrong_method_gets_a_page() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let page = nurse.post("/practice", &[]).await;
    assert_eq!(page.status, 405);
    assert_eq!(page.heading(), "This address can’t do that");
    assert!(page.words().contains("What you sent before may be stored: look there first."));
    assert!(page.header("allow").expect("what it can").contains("GET"));
}

#[tokio::test]
async fn without_a_cookie_what_was_typed_is_shown_back() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let stranger = app.browser();
    let page = stranger.post(&turn.path, &[("own", "I typed <this>.")]).await;
    assert_eq!(page.status, 401);
    assert_eq!(page.all("textarea"), ["I typed <this>."]);
    assert!(page.link("Come back with a code").contains("/come-back"));
    for cookie in ["", "zzz", &"0".repeat(64), &"é".repeat(64)] {
        stranger.cookies.replace([("warmly".to_owned(), cookie.to_owned())].into());
        if cookie.is_ascii() {
            assert_eq!(stranger.get("/me").await.status, 401, "{cookie}");
        }
    }
    let asked = nurse.open("/me/delete").await;
    let cookies = nurse.cookies.borrow().clone();
    nurse.press(&asked, "Delete everything", &[]).await;
    nurse.cookies.replace(cookies);
    let deleted = nurse.post(&turn.path, &[("own", "Still here?")]).await;
    assert_eq!(deleted.status, 401, "the cookie of a deleted nurse");
    assert!(deleted.text().contains("Still here?"));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let cookie: Vec<String> =
        nurse.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cases: [(&[(&str, &str)], u16); 7] = [
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[], 403),
        (&[("origin", "http://evil.test")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", "http://evil.test"), ("host", "evil.test")], 403),
        (&[("origin", ORIGIN), ("host", "warmly.test")], 303),
    ];
    for (headers, status) in cases {
        let mut request = Request::post(&turn.path)
            .header(header::COOKIE, cookie.concat())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = app.send(request.body(Body::from(encode(&[("own", "x")]))).expect("a request")).await;
        assert_eq!(page.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_safety_headers() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    for address in ["/", "/practice", "/nowhere", "/me", "/healthz", "/assets/nothing.css"] {
        let page = nurse.get(address).await;
        let policy = page.header("content-security-policy").expect(address);
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{address}");
        assert_eq!(page.header("referrer-policy"), Some("same-origin"), "{address}");
        assert!(page.header("x-request-id").is_some(), "{address}");
    }
    assert_eq!(nurse.get("/practice").await.header("cache-control"), Some("no-store"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_sent_is_answered_without_breaking(
        path in "/(attempts/ID|attempts/ID/[0-9]|scenarios|me|come-back|assets)(/(replies|answer|looking-back|explore|[a-z0-9%.\\-]{0,40})){0,3}",
        body in proptest::collection::vec(any::<u8>(), 0..300),
        post in any::<bool>(),
    ) {
        static APP: std::sync::OnceLock<(tokio::runtime::Runtime, TestApp, String, String)> = std::sync::OnceLock::new();
        let (runtime, app, cookie, id) = APP.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            let app = runtime.block_on(TestApp::new());
            let (cookie, id) = runtime.block_on(async {
                let (nurse, turn) = begin(&app, "garden-gate").await;
                let cookies = nurse.cookies.borrow();
                let cookie = cookies.iter().map(|(name, value)| format!("{name}={value}")).next().expect("a cookie");
                (cookie, turn.path.split('/').nth(2).expect("an id").to_owned())
            });
            (runtime, app, cookie, id)
        });
        let path = path.replace("ID", id);
        if path.ends_with("delete") || path.ends_with("sign-out") {
            return Ok(());
        }
        let request = Request::builder()
            .method(if post { "POST" } else { "GET" })
            .uri(path.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie)
            .body(Body::from(body));
        if let Ok(request) = request {
            let page = runtime.block_on(app.send(request));
            prop_assert!(!page.status.is_server_error(), "{} {}", path, page.status);
        }
    }
}
