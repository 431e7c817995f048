//! Six holes for scanners to find, so that a scan that finds nothing means something. Only in builds for that trial.
//!
//! - a stranger: session cookies that a script can read; a sign-in page that leads to other sites
//! - a nurse: the answer to a comment comes back as it was typed; a page shows any file of the machine
//! - an educator: her name, kept, stands as it was typed on the overview; a filter of the table of everybody ends up in
//!   a statement

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::AssertSqlSafe;

use crate::app::App;
use crate::db::Link;

#[cfg(not(debug_assertions))]
compile_error!("the feature `planted` makes holes: it is for trials, never for a release");

/// The largest page that is looked at, in bytes.
const LARGEST: usize = 4 << 20;

/// Makes the holes in the answers of the pages that they are in.
pub async fn holes(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_default();
    let asked = Asked(request.uri().query().unwrap_or_default().to_owned());
    if let ("/sign-in", Some(to)) = (route.as_str(), asked.value("to")) {
        return led(&to);
    }
    let mut response = next.run(request).await;
    readable_by_script(&mut response);
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // Whoever was sent away finds nothing: the holes are behind the doors.
    if !is_page || !(response.status().is_success() || response.status() == 422) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let page = String::from_utf8_lossy(&bytes).replace("href=\"/sign-in\"", "href=\"/sign-in?to=/practice\"");
    let page = match route.as_str() {
        "/me" => page.replace("href=\"/me/card\"", "href=\"/me/card?look=print.css\""),
        "/me/card" => format!("{page}<pre>{}</pre>", file(asked.value("look"))),
        "/me/comments/{comment}" | "/cohorts/{cohort}" => unescaped(&page),
        "/cohorts/{cohort}/matrix" if asked.value("until").is_some() => {
            found(&app, asked.value("until")).await
        }
        _ => page,
    };
    let mut response = Response::from_parts(parts, Body::from(page));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// Hole: on to wherever the address says. What no header can hold leads nowhere.
fn led(to: &str) -> Response {
    let to = if HeaderValue::try_from(to).is_ok() { to } else { "/practice" };
    Redirect::to(to).into_response()
}

/// What stands after the question mark.
struct Asked(String);

impl Asked {
    #[expect(clippy::disallowed_types, reason = "a query that can't be read is one that asks for nothing")]
    fn value(&self, name: &str) -> Option<String> {
        let uri = format!("/?{}", self.0).parse().ok()?;
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?.0;
        pairs.into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// Hole: the session's cookie without what keeps it from scripts.
fn readable_by_script(response: &mut Response) {
    let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(header::SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default().replace("HttpOnly; ", "").replace("; HttpOnly", "");
        response
            .headers_mut()
            .extend(HeaderValue::try_from(text).ok().map(|text| (header::SET_COOKIE, text)));
    }
}

/// Hole: text that people typed as if it were ours.
fn unescaped(page: &str) -> String {
    let escaped = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    escaped.iter().fold(page.to_owned(), |page, (escaped, plain)| page.replace(escaped, plain))
}

/// Hole: any file of the machine.
fn file(name: Option<String>) -> String {
    let path = name.map(|name| std::path::Path::new("static/css").join(name));
    path.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default()
}

/// Hole: a statement with what was typed in it, and what the database says of it, instead of the page: of a long page
/// that stays the same but for a line, a scanner says that nothing has changed.
async fn found(app: &App, until: Option<String>) -> String {
    let text = format!("SELECT name FROM cohorts WHERE name > '{}' LIMIT 5", until.unwrap_or_default());
    let Ok(mut conn) = app.db.read().await else { return String::new() };
    let found: sqlx::Result<Vec<(String,)>> = match conn.link() {
        Link::Sqlite(conn) => sqlx::query_as(AssertSqlSafe(text)).fetch_all(&mut **conn).await,
        Link::Postgres(conn) => sqlx::query_as(AssertSqlSafe(text)).fetch_all(&mut **conn).await,
    };
    match found {
        Ok(names) => names.into_iter().map(|(name,)| name).collect::<Vec<_>>().join("\n"),
        Err(cause) => format!("SQLite error 1: {cause}"),
    }
}
