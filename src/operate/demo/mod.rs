//! `warmly demo`: a throw-away installation with two cohorts of simulated nurses, served until it is stopped.

pub mod fill;
pub mod people;
pub mod remarks;
pub mod review;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::accounts::WORDS;
use crate::accounts::credentials::Password;
use crate::accounts::store as accounts;
use crate::app::{self, App};
use crate::clock::{Clock, Millis};
use crate::cohorts::code::{CODE_OPENS_FOR, LINK_OPENS_FOR};
use crate::cohorts::{CohortId, store as cohorts};
use crate::config::Config;
use crate::db::{Db, Work};
use crate::token::token_hash;
use fill::{Demo, LOGINS};

/// Fills a database in a folder of its own, prints how to get in, and serves until asked to stop. The folder is
/// removed at the end.
pub async fn run(mut config: Config, seed: u64) -> anyhow::Result<()> {
    let ports = app::Ports::take(&config)?;
    let clock = Clock::real();
    let folder = Folder::new(&clock)?;
    config.data_dir.clone_from(&folder.0);
    config.database_url = None;
    config.backup_dir = None;
    let db = Db::open(&config.database_url()).await?;
    db.migrate().await?;
    let app = App::prepare(db, clock, config).await?;
    let passwords = [(); 3].map(|()| password(&app.clock.new_token()));
    let demo = fill::fill(&app, seed, hashes(&app, &passwords).await?).await?;
    let place = app.config.public_url.clone().unwrap_or_else(|| format!("http://{}", ports.listening));
    let nurse = return_code(&app, &demo).await?;
    let links = links(&app, &demo).await?;
    let mut out = std::io::stdout().lock();
    write!(out, "{}", welcome(&place, &passwords, nurse.as_ref(), &links))?;
    out.flush()?;
    drop(out);
    app::serve_on(ports, app).await
}

/// A folder that only this user can open, and that goes when this is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new(clock: &Clock) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("warmly-demo-{}", clock.new_token()));
        make(&path).with_context(|| format!("making the folder {}", path.display()))?;
        Ok(Self(path))
    }
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(cause) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%cause, folder = %self.0.display(), "the folder of the demo could not be removed");
        }
    }
}

/// Four words of the list, joined by hyphens: what a token of hexadecimal digits says in words.
fn password(token: &str) -> String {
    let numbers = token
        .as_bytes()
        .chunks(4)
        .filter_map(|digits| usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
    let words = numbers.filter_map(|number| WORDS.get(number % WORDS.len().max(1)).copied());
    words.take(4).collect::<Vec<_>>().join("-")
}

/// The slow hashes of these passwords.
async fn hashes(app: &App, passwords: &[String; 3]) -> anyhow::Result<[String; 3]> {
    let [educator, manager, administrator] = passwords;
    Ok([
        hash(app, educator.clone()).await?,
        hash(app, manager.clone()).await?,
        hash(app, administrator.clone()).await?,
    ])
}

async fn hash(app: &App, password: String) -> anyhow::Result<String> {
    // A password is made as the sign-in form makes it, and no other way.
    let password: Password = serde_json::from_value(password.into())?;
    let random = app.clock.new_token();
    app.secrets.hash_password(&password, &random).await.map_err(|_| anyhow::anyhow!("too much at once"))
}

/// The keyed hash of a cohort's first join code, and until when it opens.
fn join_code(app: &App, cohort: &CohortId, now: Millis) -> (String, Millis) {
    (app.secrets.join_code_hash(&app.secrets.join_code(cohort, 1)), now + CODE_OPENS_FOR)
}

/// How to join as a nurse: the code of a cohort, and a personal link for a seat nobody has taken.
#[derive(Clone, Debug, Default)]
struct Links {
    code: Option<String>,
    seat: Option<(String, String)>,
}

async fn links(app: &App, demo: &Demo) -> anyhow::Result<Links> {
    let mut seats = demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    let Some(seat) = seats.find(|seat| !seat.is_taken()) else { return Ok(Links::default()) };
    let (id, token) = (seat.id.clone(), app.clock.new_token());
    let (hash, expires) = (token_hash(&token), app.clock.now() + LINK_OPENS_FOR);
    let write = app.db.write(move |conn| {
        let (id, hash) = (id.clone(), hash.clone());
        let work: Work<'_, (), sqlx::Error> =
            Box::pin(async move { cohorts::put_link(conn, &id, &hash, expires).await });
        work
    });
    write.await?;
    let code = demo.cohorts.first().map(|cohort| app.secrets.join_code(&cohort.id, 1).shown());
    Ok(Links { code, seat: Some((seat.name.clone(), format!("/seats/{token}"))) })
}

/// A nurse with answers, and the code that brings her back.
async fn return_code(app: &App, demo: &Demo) -> anyhow::Result<Option<(String, String)>> {
    let mut seats = demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    let seat = seats.find(|seat| seat.is_taken() && seat.nurse_id == demo.commented);
    let Some((name, id)) = seat.and_then(|seat| Some((seat.name.clone(), seat.nurse_id.clone()?))) else {
        return Ok(None);
    };
    let code = app.secrets.return_code_of_form(&app.clock.new_token());
    let hash = app.secrets.slow_hash(&code).await.map_err(|_| anyhow::anyhow!("too much at once"))?;
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            let (id, hash) = (id.clone(), hash.clone());
            Box::pin(async move { accounts::put_return_code(conn, &id, &hash, now).await })
        })
        .await?;
    Ok(Some((name, code.shown().to_owned())))
}

/// What is printed for the person who started it.
fn welcome(place: &str, passwords: &[String; 3], nurse: Option<&(String, String)>, links: &Links) -> String {
    let mut said = vec![
        "This is a demo: two cohorts, thirty made-up nurses. It is thrown away when it stops.".to_owned(),
        String::new(),
        format!("Sign in at {place}/sign-in"),
    ];
    for (login, password) in LOGINS.iter().zip(passwords) {
        said.push(format!("  as {:<14} {:<26} {password}", login.role, login.email));
    }
    if let Some((name, code)) = nurse {
        said.push(format!("Be {name}, a nurse with answers and comments: {place}/come-back"));
        said.push(format!("  with the code  {code}"));
    }
    if let Some((name, path)) = &links.seat {
        said.push(format!("Take the seat of {name}, once: {place}{path}"));
    }
    if let Some(code) = &links.code {
        said.push(format!("Join as somebody new: {place}/join with the code {code}"));
    }
    said.push("Use another browser, or a private window, for each person.".to_owned());
    said.push(String::new());
    said.push(String::new());
    said.join("\n")
}
