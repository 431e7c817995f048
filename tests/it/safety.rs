//! What every answer says to browsers and proxies, and what is taken from them: cookies, methods, headers, passwords.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use clap::Parser as _;
use tower::ServiceExt as _;
use warmly::app::{App, router, routes};
use warmly::config::Cli;
use warmly::web::route::Who;

use crate::app::{TestApp, encode, fixtures};
use crate::people::{set_up, sign_in};

/// The same app with other settings.
async fn with(app: &TestApp, settings: &[&str]) -> Router {
    let folder = fixtures();
    let mut all = vec!["warmly", "--scenarios", folder.to_str().expect("a path")];
    all.extend(settings);
    let config = Cli::parse_from(all).config;
    let other = App::prepare(app.app.db.clone(), app.clock.clone(), config).await.expect("an app");
    router(&other).expect("a router")
}

async fn ask(router: &Router, request: axum::http::request::Builder, body: String) -> Response<Body> {
    let request = request.body(Body::from(body)).expect("a request");
    router.clone().oneshot(request).await.expect("an answer")
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

#[tokio::test]
async fn over_https_the_cookie_is_this_hosts_alone_and_https_is_asked_for_a_year() {
    let app = TestApp::new().await;
    let https = with(&app, &["--public-url", "https://practice.example"]).await;
    let start = Request::post("/scenarios/garden-gate/attempts")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = ask(&https, start, encode(&[("token", &app.clock.new_token())])).await;
    assert_eq!(answer.status(), 303);
    let cookie = header(&answer, "set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-warmly="), "{cookie}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.split("; ").any(|found| found == part), "{part}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    for page in ["/", "/nowhere", "/healthz"] {
        let answer = ask(&https, Request::get(page), String::new()).await;
        let asked = header(&answer, "strict-transport-security");
        assert_eq!(asked, Some("max-age=31536000; includeSubDomains"), "{page}");
    }
}

#[tokio::test]
async fn every_page_says_what_it_is_and_no_other_site_may_read_it() {
    let app = TestApp::new().await;
    let ward = crate::map::ward(&app, 1).await;
    let mut looked = 0;
    for route in routes().iter().filter(|route| route.method == Method::GET) {
        let path = route.path.replace("{cohort}", ward.cohort.as_str()).replace("{slug}", "garden-gate");
        let path =
            path.replace("{seat}", ward.nurses[0].0.seat.as_str()).replace("{attempt}", &ward.nurses[0].1);
        let path = path.replace("{id}", &ward.nurses[0].1).replace("{number}", "1").replace("{turn}", "lift");
        let path = path.replace("{assignment}", ward.gate.as_str()).replace(['{', '}'], "");
        let browser = if route.who == Who::Nurse { &ward.nurses[0].0.browser } else { &ward.ruth.browser };
        let cookie: Vec<String> =
            browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(&path)
            .header("origin", "http://evil.example")
            .header(header::COOKIE, cookie.concat());
        let page = app.send(request.body(Body::empty()).expect("a request")).await;
        if !page.bytes.is_empty() {
            let kind = page.header("content-type").unwrap_or_default().to_owned();
            let known = [
                "text/html; charset=utf-8",
                "text/plain; charset=utf-8",
                "text/csv; charset=utf-8",
                "application/json",
            ];
            assert!(known.contains(&kind.as_str()) || kind.starts_with("image/"), "{path}: {kind}");
        }
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin")]
        {
            assert_eq!(page.header(name), Some(value), "{path}");
        }
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        let shared = page.headers().keys().any(|name| name.as_str().starts_with("access-control-"));
        assert!(!shared, "{path} lets another site read it");
        let kept = page.header("cache-control").unwrap_or_default();
        let public = ["/favicon.ico", "/assets/{file}"].contains(&route.path);
        assert!(kept.contains("no-store") || public, "{path}: {kept}");
        looked += 1;
    }
    assert!(looked > 60, "{looked} pages");
}

#[tokio::test]
async fn methods_that_no_page_uses_folders_and_files_beside_the_program_get_nothing() {
    let app = TestApp::new().await;
    for method in ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "QUERY"] {
        for path in ["/", "/practice", "/sign-in", "/me/delete", "/healthz"] {
            let request = Request::builder()
                .method(Method::from_bytes(method.as_bytes()).expect("a method"))
                .uri(path)
                .header("sec-fetch-site", "same-origin")
                .header("x-secret", "echo-me");
            let page = app.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(page.status, 405, "{method} {path}");
            assert!(!page.text().contains("echo-me"));
        }
    }
    let stranger = app.browser();
    for path in
        ["/assets/", "/assets/..", "/.git/config", "/metrics", "/data/warmly.sqlite", "/static/", "/debug"]
    {
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_a_caller_claims_counts_only_behind_a_proxy_that_is_trusted() {
    let app = TestApp::new().await;
    let proxied = with(&app, &["--public-url", crate::app::ORIGIN, "--trusted-proxy"]).await;
    let guess = |claimed: String| {
        Request::post("/join")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-forwarded-for", claimed)
    };
    let code = encode(&[("code", "222222")]);
    for number in 0..60 {
        let request = guess(format!("10.0.0.{number}")).body(Body::from(code.clone())).expect("a request");
        assert_eq!(app.send(request).await.status, 422);
    }
    let request = guess("10.0.0.99".to_owned()).body(Body::from(code.clone())).expect("a request");
    assert_eq!(app.send(request).await.status, 429, "what the caller says about herself changes nothing");
    // Behind a proxy its own word, the last, counts; what stands before it came from the caller.
    for number in 0..60 {
        let answer = ask(&proxied, guess(format!("10.0.0.{number}, 192.0.2.7")), code.clone()).await;
        assert_eq!(answer.status(), 422);
    }
    let answer = ask(&proxied, guess("10.0.0.99, 192.0.2.7".to_owned()), code.clone()).await;
    assert_eq!(answer.status(), 429);
    let answer = ask(&proxied, guess("10.0.0.99, 192.0.2.8".to_owned()), code).await;
    assert_eq!(answer.status(), 422, "somebody else");
}

#[tokio::test]
async fn a_password_may_be_long_of_any_signs_and_counts_as_it_was_typed() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let page = ada.open("/account").await;
    assert_eq!(page.attributes("input[name=present]", "type"), ["password"]);
    assert_eq!(page.attributes("input[name=present]", "autocomplete"), ["current-password"]);
    assert_eq!(page.attributes("input[name=password]", "autocomplete"), ["new-password"]);
    assert!(page.attributes("input[name=password]", "maxlength").is_empty(), "none is cut short");
    let password = format!(" ÜÇ→ only lower words, no digit {} ", "reeds and rivers ".repeat(6));
    assert!(password.chars().count() > 128);
    let fields = [("present", crate::people::PASSWORD), ("password", password.as_str())];
    assert_eq!(ada.press(&page, "Change the password", &fields).await.status, 200);
    for other in [password.trim(), &password.to_lowercase(), &password[..72], &format!("{password} ")] {
        assert_eq!(sign_in(&app, "ada@ward.example", other).await.1.status, 422, "{other}");
    }
    assert_eq!(sign_in(&app, "ada@ward.example", &password).await.1.status, 303);
}

#[tokio::test]
async fn a_field_that_is_sent_twice_is_refused_and_a_query_changes_no_form() {
    let app = TestApp::new().await;
    let (nurse, turn) = crate::app::begin(&app, "garden-gate").await;
    assert_eq!(nurse.post(&turn.path, &[("own", "One."), ("own", "Two.")]).await.status, 400);
    assert_eq!(nurse.post(&format!("{}?own=Three.", turn.path), &[("own", "Four.")]).await.status, 303);
    assert_eq!(app.column("SELECT own_words FROM openings").await, ["Four."]);
}

#[tokio::test]
async fn leaving_ends_the_session_and_clears_what_the_browser_kept() {
    let app = TestApp::new().await;
    let (nurse, turn) = crate::app::begin(&app, "garden-gate").await;
    let kept = nurse.cookies.borrow().clone();
    let left = nurse.post("/sign-out", &[]).await;
    assert_eq!(left.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert!(nurse.cookies.borrow().is_empty());
    nurse.cookies.replace(kept);
    assert_eq!(nurse.get(&turn.path).await.status, 401, "the cookie opens nothing any more");
}
