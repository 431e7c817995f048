//! What the app is measured against, each served by a process of its own: the same page bare, and answers recorded in
//! the way that comes to mind first.

use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use warmly::token::token_hash;

/// A page of so many bytes, escaped like any other.
#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=en><title>{{ title }}</title>{% for part in parts %}<p class=said>{{ part }}</p>{% endfor %}{{ rest }}</html>",
    ext = "html"
)]
struct Page<'a> {
    title: &'a str,
    parts: Vec<&'a str>,
    rest: String,
}

const PART: &str =
    "“I like working with you & I’d never just leave: the unit can always reach me,” she says <here>.";

impl Page<'_> {
    fn of(bytes: usize) -> anyhow::Result<Self> {
        let title = "The same bytes";
        let page =
            |parts: usize, rest: usize| Page { title, parts: vec![PART; parts], rest: "x".repeat(rest) };
        let (none, one) = (page(0, 0).render()?.len(), page(1, 0).render()?.len());
        let parts = bytes.saturating_sub(none) / (one - none);
        Ok(page(parts, bytes.saturating_sub(none + parts * (one - none))))
    }
}

/// A pool as it comes, on either database.
#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Which reference a process is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// R1, and R1b where it also asks: a bare page of the same bytes.
    Page,
    /// R3: one transaction a request that reads who asks, the attempt and what was said, and writes.
    Naive,
    /// R3 with nothing but the insert in the transaction.
    Minimal,
}

struct Reference {
    kind: Kind,
    pool: Option<Pool>,
    bytes: usize,
    selects: usize,
}

/// Serves a reference until it is ended.
pub(crate) async fn serve(name: &str, url: &str, bytes: usize, selects: usize) -> anyhow::Result<()> {
    let kind = match name {
        "page" => Kind::Page,
        "naive" => Kind::Naive,
        _ => Kind::Minimal,
    };
    let pool = match url.strip_prefix("sqlite:") {
        Some("") => None,
        Some(file) => {
            let options = SqliteConnectOptions::new()
                .filename(file)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true);
            let pool = if kind == Kind::Page {
                SqlitePoolOptions::new().max_connections(8).connect_with(options.read_only(true)).await?
            } else {
                SqlitePoolOptions::new().connect_with(options).await?
            };
            Some(Pool::Sqlite(pool))
        }
        None => Some(Pool::Postgres(PgPool::connect(url).await?)),
    };
    let reference = Arc::new(Reference { kind, pool, bytes, selects });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("Open http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().fallback(answer).with_state(reference)).await?;
    Ok(())
}

async fn answer(State(reference): State<Arc<Reference>>, request: Request) -> Response {
    let Ok(asked) = Asked::read(&request) else { return StatusCode::BAD_REQUEST.into_response() };
    let done = match (reference.kind, request.method()) {
        (Kind::Page, _) => reference.page(&asked).await,
        (_, &Method::POST) => reference.record(&asked).await,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// What the address and the cookie say.
struct Asked {
    attempt: String,
    turn: i64,
    words: bool,
    session: String,
}

impl Asked {
    fn read(request: &Request) -> anyhow::Result<Self> {
        let cookie = request.headers().get(header::COOKIE).context("a cookie")?.to_str()?;
        let token = cookie.strip_prefix("warmly=").context("a token")?;
        let mut parts = request.uri().path().split('/').skip(2);
        let attempt = parts.next().context("an attempt")?.to_owned();
        let turn = parts.next().context("a turn")?.parse()?;
        Ok(Self { attempt, turn, words: parts.next().is_none(), session: token_hash(token) })
    }
}

/// The rows of these tables that a page or an answer needs, each by its primary key.
const BY_KEY: [&str; 5] = [
    "SELECT nurse_id, last_seen_at FROM sessions WHERE token_hash = $1",
    "SELECT nurse_id, started_at FROM attempts WHERE id = $1",
    "SELECT reply_order, opened_at FROM openings WHERE attempt_id = $1",
    "SELECT reply_id, answered_at FROM responses WHERE attempt_id = $1",
    "SELECT place, placed_at FROM placements WHERE attempt_id = $1",
];

const RESPONSE: &str = "INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, answered_at)
     VALUES ($1, $2, 'turn', 'reply', 1) ON CONFLICT DO NOTHING";
const OPENING: &str =
    "INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
     VALUES ($1, $2, 'turn', 'I like working with you, and I don’t give out my number.', 'a b c', 1)
     ON CONFLICT DO NOTHING";

/// Reads what the page needs on this connection.
macro_rules! select {
    ($conn:expr, $asked:expr, $count:expr) => {
        for (text, nth) in BY_KEY.into_iter().cycle().take($count).zip(0..) {
            let key = if nth % BY_KEY.len() == 0 { &$asked.session } else { &$asked.attempt };
            sqlx::query_as::<_, (String, i64)>(text).bind(key).fetch_all(&mut *$conn).await?;
        }
    };
}

/// Records what was sent, and reads what a naive app would.
macro_rules! record {
    ($conn:expr, $asked:expr, $kind:expr) => {{
        select!($conn, $asked, if $kind == Kind::Naive { 4 } else { 0 });
        let text = if $asked.words { OPENING } else { RESPONSE };
        sqlx::query(text).bind(&$asked.attempt).bind($asked.turn).execute(&mut *$conn).await?;
        $conn.commit().await?;
    }};
}

impl Reference {
    async fn page(&self, asked: &Asked) -> anyhow::Result<Response> {
        if self.selects > 0 {
            match self.pool.as_ref().context("a database")? {
                Pool::Sqlite(pool) => select!(pool.acquire().await?, asked, self.selects),
                Pool::Postgres(pool) => select!(pool.acquire().await?, asked, self.selects),
            }
        }
        Ok(Html(Page::of(self.bytes)?.render()?).into_response())
    }

    async fn record(&self, asked: &Asked) -> anyhow::Result<Response> {
        match self.pool.as_ref().context("a database")? {
            Pool::Sqlite(pool) => {
                let mut conn = pool.begin_with("BEGIN IMMEDIATE").await?;
                record!(conn, asked, self.kind);
            }
            Pool::Postgres(pool) => {
                let mut conn = pool.begin().await?;
                record!(conn, asked, self.kind);
            }
        }
        let next = format!("/attempts/{}/{}/answer", asked.attempt, asked.turn);
        Ok((StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response())
    }
}
