//! Every address, for everyone who may ask: the router is made of one table, and so is this test.

use axum::http::Method;
use warmly::app::routes;
use warmly::web::route::Who;

use crate::app::{TestApp, begin};
use crate::practice::finished;

/// The address with its parameters filled in.
fn address(path: &str, attempt: &str) -> String {
    let path = if path.starts_with("/attempts") { path.replace("{id}", attempt) } else { path.to_owned() };
    let missing = "01234567-89ab-7def-8123-456789abcdef";
    let path =
        ["{cohort}", "{seat}", "{assignment}"].iter().fold(path, |path, name| path.replace(name, missing));
    let path = path.replace("{code}", "K7M2QD").replace("{token}", "0123");
    let path = path.replace("{comment}", attempt);
    let path = path.replace("{attempt}", attempt).replace("{turn}", "lift");
    let filled = path.replace("{number}", "1").replace("{slug}", "garden-gate").replace("{trail}", "1");
    let some_id = "01234567-89ab-7def-8123-456789abcdef";
    let filled = ["{cohort}", "{staff}", "{link}", "{token}"]
        .iter()
        .fold(filled, |filled, parameter| filled.replace(parameter, some_id));
    filled.replace("{file}", warmly::web::assets::url("app.css").trim_start_matches("/assets/"))
}

#[tokio::test]
async fn every_route_keeps_strangers_and_other_nurses_out() {
    let app = TestApp::new().await;
    let (_owner, debrief) = finished(&app).await;
    let attempt = debrief.path.split('/').nth(2).expect("an id").to_owned();
    let missing = "01234567-89ab-7def-8123-456789abcdef";
    let (other, _) = begin(&app, "garden-gate").await;
    let (owner, _) = finished(&app).await;
    let stranger = app.browser();
    let mut cells = 0;
    for route in routes() {
        let address = address(route.path, &attempt);
        let nothing = self::address(route.path, missing);
        assert!(!address.contains('{'), "this test doesn't know how to fill in {}", route.path);
        let ask = async |browser: &crate::app::Browser<'_>, address: &str| {
            let before = browser.cookies.borrow().clone();
            let page = match route.method {
                Method::GET => browser.get(address).await,
                _ => browser.post(address, &[]).await,
            };
            browser.cookies.replace(before);
            page
        };
        let page = ask(&stranger, &address).await;
        cells += 1;
        match route.who {
            Who::Nurse | Who::Staff | Who::CohortStaff | Who::Educator | Who::Administrator => {
                assert_eq!(page.status, 401, "a stranger at {} {}", route.method, route.path);
            }
            Who::Anyone => {
                assert!(page.status != 401 && page.status != 500, "{} {}", route.method, route.path);
            }
        }
        if route.path.starts_with("/attempts/") {
            let foreign = ask(&other, &address).await;
            let none = ask(&other, &nothing).await;
            assert_eq!(foreign.status, 404, "another nurse at {} {}", route.method, route.path);
            assert_eq!(foreign.bytes, none.bytes, "{} {}", route.method, route.path);
            let names =
                |page: &crate::page::Page| page.headers().keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&foreign), names(&none), "{} {}", route.method, route.path);
            cells += 2;
        }
        let destructive = route.method == Method::POST && route.path == "/me/delete";
        if !destructive && !route.path.contains("sign-out") {
            let page = ask(&owner, &address).await;
            assert!(!page.status.is_server_error(), "the owner at {} {}", route.method, route.path);
            cells += 1;
        }
    }
    assert!(cells > 80, "{cells} cells were looked at");
}
