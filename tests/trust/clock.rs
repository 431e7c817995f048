//! A clock that is a day behind or ten years ahead, while the program runs and when it starts.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures_util::future::join_all;
use warmly::db::Db;
use warmly::sql;

use crate::Run;
use crate::class::Class;
use crate::driver::{Client, Steps, Wire, get, once, post};
use crate::people::{PASSWORD, add, form, known};
use crate::product::{APP, Cores, Server};

const WRITERS: usize = 4;

/// Nurses without a name, on a computer that others use: if their sessions go, nothing leads back to their practice.
const NAMELESS: usize = 5;

/// What the clock of a program is set to, and what that is called.
const LEAPS: [(&str, &str); 2] = [("-1d", "a day behind"), ("+3652d", "ten years ahead")];

/// The clock of a program that runs under libfaketime.
struct Faked {
    library: PathBuf,
    file: PathBuf,
}

impl Faked {
    /// None where the library is not installed.
    fn find(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Ok(kinds) = std::fs::read_dir("/usr/lib") else { return Ok(None) };
        let found = kinds
            .filter_map(|kind| Some(kind.ok()?.path().join("faketime/libfaketimeMT.so.1")))
            .find(|path| path.is_file());
        let Some(library) = found else { return Ok(None) };
        let faked = Self { library, file: folder.join("clock") };
        faked.set("+0")?;
        Ok(Some(faked))
    }

    /// Moves it, also of a program that runs.
    fn set(&self, to: &str) -> anyhow::Result<()> {
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{to}\n"))?;
        Ok(std::fs::rename(new, &self.file)?)
    }

    /// What a program needs to have it. Time that only measures how long something takes goes on as ever.
    fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
        ]
    }

    fn server(&self, url: &str, log: &Path) -> anyhow::Result<Server> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let environment = self.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Server::app_with(url, Cores::All, &environment, Stdio::from(log))
    }
}

/// What is in the database that must not go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct There {
    nurses: i64,
    sessions: i64,
    practice: i64,
}

async fn there(url: &str) -> anyhow::Result<There> {
    let db = Db::open_existing(url).await?;
    let mut conn = db.read().await?;
    let (nurses, sessions, practice) = sql!(
        &mut conn,
        fetch_one as (i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM nurses), (SELECT COUNT(*) FROM sessions WHERE kind = 'nurse'),
            (SELECT COUNT(*) FROM attempts WHERE purpose = 'practice')"
    )?;
    drop(conn);
    db.close().await;
    Ok(There { nurses, sessions, practice })
}

/// What came of answers, by status.
#[derive(Default)]
struct Heard {
    done: RefCell<Vec<u64>>,
    statuses: RefCell<BTreeMap<u16, usize>>,
    unnamed: Cell<usize>,
    over: Cell<bool>,
}

impl Heard {
    /// Answers; what is refused is sent again until it is taken, as by somebody who keeps the page open.
    async fn answer(&self, address: SocketAddr, mut steps: Steps) -> anyhow::Result<()> {
        let mut client = Client::connect(address).await?;
        while let Some(step) = steps() {
            loop {
                let status = client.send(&step.wire).await?;
                *self.statuses.borrow_mut().entry(status).or_default() += 1;
                if status == 303 {
                    self.done.borrow_mut().push(step.tag);
                    break;
                }
                let page = String::from_utf8_lossy(client.body()).into_owned();
                let is_named = status == 401 && page.contains("<h1");
                self.unnamed.set(self.unnamed.get() + usize::from(!is_named));
                if self.over.get() {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            if self.over.get() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

/// Asks for a page. Gives its status and its heading.
async fn ask(address: SocketAddr, wire: &[u8]) -> anyhow::Result<(u16, String)> {
    let mut client = Client::connect(address).await?;
    let status = client.send(wire).await?;
    let page = String::from_utf8_lossy(client.body()).into_owned();
    let heading = page.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    let heading = heading.and_then(|rest| rest.split_once("</h1>")).map_or("", |(text, _)| text);
    Ok((status, heading.to_owned()))
}

/// Begins practice as somebody new without a name. Gives her session.
async fn begin(address: SocketAddr) -> anyhow::Result<String> {
    let (_, page) = body(address, &get("/practice", "", "")).await?;
    let slug = between(&page, "href=\"/scenarios/", "\"").context("no scenario")?;
    let (_, page) = body(address, &get(&format!("/scenarios/{slug}"), "", "")).await?;
    let token = between(&page, "name=\"token\" value=\"", "\"").context("no token")?;
    let sent = post(&format!("/scenarios/{slug}/attempts"), "", &format!("token={token}"));
    let answer = once(address, &sent, 303).await?;
    let cookie = between(answer.heads(), "warmly=", ";").context("no session")?;
    Ok(cookie.to_owned())
}

async fn body(address: SocketAddr, wire: &Wire) -> anyhow::Result<(u16, String)> {
    let answer = once(address, wire, 200).await?;
    Ok((200, String::from_utf8_lossy(answer.body()).into_owned()))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// What somebody sees meanwhile.
struct Seen {
    year: String,
    answers: BTreeMap<u16, usize>,
    page: u16,
    sign_in: u16,
    ready: String,
    heading: String,
    /// The session of somebody who began then.
    begun: Option<String>,
}

async fn look(address: SocketAddr, session: &str, place: usize) -> anyhow::Result<Seen> {
    let practice = once(address, &get("/practice", "", ""), 200).await?;
    let year = practice.header("date").and_then(|date| date.split(' ').nth(3)).unwrap_or_default().to_owned();
    let own = ask(address, &get("/me", session, "")).await?;
    let sign_in = ask(address, &form("127.0.0.1", &known(place), PASSWORD)).await?.0;
    let mut client = Client::connect(address).await?;
    let ready = client.send(&get("/readyz", "", "")).await?;
    let said = String::from_utf8_lossy(client.body()).into_owned();
    let ready = format!("{ready} {said}");
    Ok(Seen { year, answers: BTreeMap::new(), page: own.0, sign_in, ready, heading: own.1, begun: None })
}

pub(crate) async fn clock(run: &mut Run) -> anyhow::Result<()> {
    let folder = run.folder.join("clock");
    std::fs::create_dir_all(&folder)?;
    let Some(faked) = Faked::find(&folder)? else {
        run.report.skipped("clock", "there is no libfaketime (Debian: faketime)");
        return Ok(());
    };
    let class = Class::make(&folder.join("data"), 9).await?;
    add(&class.world.url, 40).await?;
    let (url, log) = (class.world.url.clone(), folder.join("log"));
    let server = faked.server(&url, &log)?;
    let now = look(server.address, "", 0).await?.year;
    let sessions = join_all((0..NAMELESS).map(|_| begin(server.address))).await;
    let sessions: Vec<String> = sessions.into_iter().collect::<anyhow::Result<_>>()?;
    // What goes for being old is looked for at the start: once with the right clock.
    tokio::time::sleep(Duration::from_secs(1)).await;
    faked.set("+3652d")?;
    let year = look(server.address, "", 0).await?.year;
    server.stop()?;
    faked.set("+0")?;
    if year.parse::<u16>()? < now.parse::<u16>()? + 9 {
        run.report.skipped("clock", &format!("libfaketime moves no clock here: {year}"));
        return Ok(());
    }
    let before = there(&url).await?;
    let (mut done, mut unnamed, mut place) = (Vec::new(), 0, 1);
    let pause = Duration::from_millis(if run.long { 700 } else { 250 });
    let mut late = Vec::new();
    for turn in 0..run.times(1, 3) {
        for (leap, called) in LEAPS {
            for starts in [false, true] {
                let (heard, seen) =
                    leapt(&class, &faked, (leap, starts, pause), (&log, &sessions, place)).await?;
                place += 1;
                unnamed += heard.unnamed.get();
                late.extend(seen.begun.clone());
                done.extend(heard.done.borrow().iter().copied().filter(|tag| *tag != u64::MAX));
                if turn == 0 {
                    let when = if starts { "when it starts" } else { "while it runs" };
                    say(run, &format!("{called} {when}"), &seen);
                }
            }
        }
    }
    let after = there(&url).await?;
    let found = class.look(&done, true).await?;
    let report = &mut run.report;
    report.must(
        "clock",
        "answers said to be stored",
        found.acknowledged.to_string(),
        "many",
        found.acknowledged > 50,
    );
    report.none("clock", "of these missing or doubled afterwards", found.missing + found.doubled);
    report.none("clock", "files that are not whole, recounts that differ", found.broken + found.miscounted);
    report.none("clock", "answers refused otherwise than by a page that says why (401)", unnamed);
    let told = |there: There| format!("{}, {}, {}", there.nurses, there.sessions, there.practice);
    let nothing_gone = after.nurses >= before.nurses
        && after.sessions >= before.sessions
        && after.practice >= before.practice;
    let what = "nurses, their sessions and practice attempts before and after";
    report.must("clock", what, format!("{}; {}", told(before), told(after)), "no fewer", nothing_gone);
    afterwards(run, &class, &faked, (&log, &sessions, &late, place)).await?;
    control(run, &class, &faked).await?;
    let said = std::fs::read_to_string(&log)?;
    run.report.none("clock", "panics", said.matches("panicked").count());
    Ok(())
}

fn say(run: &mut Run, when: &str, seen: &Seen) {
    let Seen { year, answers, page, sign_in, ready, heading, .. } = seen;
    let answers: Vec<String> = answers.iter().map(|(status, count)| format!("{count} × {status}")).collect();
    let told =
        format!("her own page {page} “{heading}”; answers {}; signing in {sign_in}", answers.join(", "));
    let well = *sign_in == 303 && matches!(page, 200 | 401) && ready.starts_with("200");
    run.report.must("clock", format!("{when} ({year})"), told, "pages that say what is", well);
    run.report.told("clock", format!("{when}: /readyz"), ready.clone());
}

/// Answers, while the clock leaps and comes back; or starts with a clock that is wrong, and again with one that is right.
async fn leapt(
    class: &Class,
    faked: &Faked,
    (leap, starts, pause): (&str, bool, Duration),
    (log, sessions, place): (&Path, &[String], usize),
) -> anyhow::Result<(Heard, Seen)> {
    let url = &class.world.url;
    let session = sessions.first().context("a session")?;
    faked.set(if starts { leap } else { "+0" })?;
    let heard = Heard::default();
    let mut server = faked.server(url, log)?;
    let writers = class.queue.connections(WRITERS);
    let mut seen = None;
    let leaping = async {
        if !starts {
            tokio::time::sleep(pause).await;
            faked.set(leap)?;
        }
        tokio::time::sleep(pause).await;
        let mut looked = look(server.address, session, place).await?;
        if leap.starts_with('+') {
            looked.begun = Some(begin(server.address).await?);
        }
        looked.answers = heard.statuses.borrow().clone();
        seen = Some(looked);
        tokio::time::sleep(pause).await;
        if !starts {
            faked.set("+0")?;
            tokio::time::sleep(pause).await;
        }
        heard.over.set(true);
        anyhow::Ok(())
    };
    let answering = join_all(writers.into_iter().map(|steps| heard.answer(server.address, steps)));
    let (answered, leaped) = tokio::join!(answering, leaping);
    leaped?;
    answered.into_iter().collect::<anyhow::Result<()>>()?;
    ensure!(server.is_running()?, "the server ended");
    server.stop()?;
    faked.set("+0")?;
    Ok((heard, seen.context("not looked")?))
}

/// With the right clock again.
async fn afterwards(
    run: &mut Run,
    class: &Class,
    faked: &Faked,
    (log, sessions, late, place): (&Path, &[String], &[String], usize),
) -> anyhow::Result<()> {
    let server = faked.server(&class.world.url, log)?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut back = 0;
    for session in sessions {
        back += usize::from(ask(server.address, &get("/me", session, "")).await?.0 == 200);
    }
    let mut too = 0;
    for session in late {
        too += usize::from(ask(server.address, &get("/me", session, "")).await?.0 == 200);
    }
    let seen = look(server.address, "", place).await?;
    let heard = Heard::default();
    let answering =
        join_all(class.queue.connections(2).into_iter().map(|steps| heard.answer(server.address, steps)));
    let enough = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        heard.over.set(true);
    };
    let (answered, ()) = tokio::join!(answering, enough);
    answered.into_iter().collect::<anyhow::Result<()>>()?;
    server.stop()?;
    let all_stored =
        heard.statuses.borrow().keys().all(|status| *status == 303) && !heard.done.borrow().is_empty();
    let report = &mut run.report;
    let told = format!("{back} of {NAMELESS}");
    report.must("clock", "afterwards: nameless nurses who are still in", told, "all", back == NAMELESS);
    let told = format!("{too} of {}", late.len());
    let what = "afterwards: those who began while it was ten years ahead and are still in";
    report.must("clock", what, told, "all", too == late.len() && too > 0);
    let told = format!("signing in {}, /readyz {}", seen.sign_in, seen.ready);
    let well = seen.sign_in == 303 && seen.ready == "200 {\"ready\":true}" && all_stored;
    report.must("clock", "afterwards: answers stored", told, "303, 200", well);
    Ok(())
}

/// The same leap with a clock that is believed: what nobody used for ten years must go.
async fn control(run: &mut Run, class: &Class, faked: &Faked) -> anyhow::Result<()> {
    let url = class.world.copy("control")?;
    let before = there(&url).await?;
    faked.set("+3652d")?;
    let kept = Command::new(APP)
        .args(["keep", "--clock-is-right", "--database-url", &url])
        .envs(faked.environment())
        .env_remove("DATABASE_URL")
        .output()?;
    faked.set("+0")?;
    ensure!(kept.status.success(), "{}", String::from_utf8_lossy(&kept.stderr));
    let gone = before.practice - there(&url).await?.practice;
    let told = format!("{gone} of {}", before.practice);
    run.report.must(
        "clock",
        "the control, a clock ten years ahead that is believed: practice gone",
        told,
        "> 0",
        gone > 0,
    );
    Ok(())
}
