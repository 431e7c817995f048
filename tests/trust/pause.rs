//! A backup that is made beside two hundred answers a second: how long whoever answers waits for it, and whether the
//! copy is what was stored at one moment.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use warmly::db::Db;
use warmly::sql;

use crate::Run;
use crate::class::Class;
use crate::driver::{Client, Steps, get, once};
use crate::product::{Cores, Server, run as command, sqlite};

/// Connections that answer, and how long each waits from one answer to the next: two hundred answers a second.
const WRITERS: usize = 8;
const APART: Duration = Duration::from_millis(40);

/// How long a writer may wait.
const LONGEST: Duration = Duration::from_millis(150);

/// An answer: when it was sent and, unless it was not, when it was said to be stored.
struct Sent {
    tag: u64,
    at: Instant,
    stored: Option<Instant>,
}

/// All answers of one round.
#[derive(Default)]
struct Sending {
    sent: RefCell<Vec<Sent>>,
    refused: Cell<usize>,
    done: Cell<bool>,
    /// When the first of them was sent.
    began: Cell<Option<Instant>>,
}

impl Sending {
    /// Answers on one connection, a little apart, until it is enough.
    async fn answer(&self, address: SocketAddr, mut steps: Steps, first: Duration) {
        let mut next = Instant::now() + first;
        let Ok(mut client) = Client::connect(address).await else { return };
        while !self.done.get() {
            tokio::time::sleep_until(next.into()).await;
            next += APART;
            let Some(step) = steps() else { return };
            self.began.set(self.began.get().or_else(|| Some(Instant::now())));
            let place = self.sent.borrow().len();
            self.sent.borrow_mut().push(Sent { tag: step.tag, at: Instant::now(), stored: None });
            let status = client.send(&step.wire).await;
            if !matches!(status, Ok(303)) {
                self.refused.set(self.refused.get() + 1);
                return;
            }
            if let Some(sent) = self.sent.borrow_mut().get_mut(place) {
                sent.stored = Some(Instant::now());
            }
        }
    }

    fn slowest(&self, from: Instant, to: Instant) -> Duration {
        let sent = self.sent.borrow();
        let took = sent.iter().filter_map(|one| {
            let stored = one.stored?;
            (stored >= from && one.at <= to).then(|| stored - one.at)
        });
        took.max().unwrap_or_default()
    }
}

/// What was found wrong in copies.
#[derive(Default)]
struct Wrong {
    missing: usize,
    never_sent: usize,
    disordered: usize,
    unsound: usize,
    miscounted: usize,
}

pub(crate) async fn pause(run: &mut Run) -> anyhow::Result<()> {
    let rounds = run.times(1, 10);
    let size = if run.long { (700, 200_000) } else { (40, 400) };
    let folder = run.folder.join("pause");
    let mut class = Class::of(&folder.join("data"), 8, size).await?;
    let (mut wrong, mut slowest, mut quiet) = (Wrong::default(), Duration::ZERO, Duration::ZERO);
    let (mut refused, mut copied, mut answers, mut rate) = (0, Vec::new(), 0, 0.0);
    for round in 0..rounds {
        class.refill(1_500).await?;
        let server = Server::app(&class.world.url, Cores::First)?;
        let copy = folder.join(format!("copy-{round}.sqlite"));
        let (url, name) = (class.world.url.clone(), copy.display().to_string());
        let (sending, (from, to)) =
            beside(&class, &server, move || command(&["backup", &name], &url).map(drop)).await?;
        server.stop()?;
        slowest = slowest.max(sending.slowest(from, to));
        quiet = quiet.max(sending.slowest(sending.began.get().unwrap_or(from), from));
        refused += sending.refused.get();
        copied.push((to - from).as_secs_f64());
        answers += sending.sent.borrow().len();
        let began = sending.began.get().unwrap_or(from);
        let lasted = sending.sent.borrow().last().map_or(0.0, |last| (last.at - began).as_secs_f64());
        rate += crate::driver::number(sending.sent.borrow().len()) / lasted.max(0.1);
        let target = folder.join(format!("restored-{round}")).join("warmly.sqlite");
        restore(&class, &sending, from, (&copy, &target), &mut wrong).await?;
    }
    copied.sort_by(f64::total_cmp);
    let report = &mut run.report;
    let each_second = rate / crate::driver::number(rounds);
    let what = format!("{rounds} backups beside answers, {} before: answers, each second", size.1);
    report.must("pause", what, format!("{answers}, {each_second:.0}"), "about 200", each_second > 120.0);
    let range =
        |list: &[f64]| format!("{:.2}–{:.2} s", list.first().unwrap_or(&0.0), list.last().unwrap_or(&0.0));
    report.told("pause", "a backup took", range(&copied));
    let told = format!("{} ms ({} ms before)", slowest.as_millis(), quiet.as_millis());
    if run.long {
        run.report.must(
            "pause",
            "the longest a writer waited meanwhile",
            told,
            "≤ 150 ms",
            slowest <= LONGEST,
        );
    } else {
        run.report.told("pause", "the longest a writer waited meanwhile", told);
    }
    let report = &mut run.report;
    report.none("pause", "answers refused", refused);
    report.none("pause", "said to be stored before, and missing in the restored copy", wrong.missing);
    report.none("pause", "in the copy and never sent", wrong.never_sent);
    report.none("pause", "stored before another that is in the copy, and missing", wrong.disordered);
    report.none("pause", "restored copies that are not sound, or not served from", wrong.unsound);
    report.none("pause", "recounts of them that differ from the tallies", wrong.miscounted);
    controls(run, &mut class, &folder).await
}

/// How long answers come before anything else happens, and after it.
const SETTLED: Duration = Duration::from_millis(600);

/// Does something beside two hundred answers a second; gives the answers, and from when to when it was done.
async fn beside(
    class: &Class,
    server: &Server,
    work: impl FnOnce() -> anyhow::Result<()> + Send + 'static,
) -> anyhow::Result<(Rc<Sending>, (Instant, Instant))> {
    let sending = Rc::new(Sending::default());
    let writers = class.queue.connections(WRITERS).into_iter().zip(0_u32..).map(|(steps, nth)| {
        let (sending, address) = (Rc::clone(&sending), server.address);
        async move { sending.answer(address, steps, APART * nth / 8).await }
    });
    let working = async {
        tokio::time::sleep(SETTLED).await;
        let from = Instant::now();
        let done = tokio::task::spawn_blocking(work).await;
        let to = Instant::now();
        tokio::time::sleep(SETTLED / 2).await;
        sending.done.set(true);
        done??;
        anyhow::Ok((from, to))
    };
    let (_, span) = tokio::join!(join_all(writers), working);
    Ok((sending, span?))
}

/// Restores a copy, serves from it, and lays it beside what was sent.
async fn restore(
    class: &Class,
    sending: &Sending,
    from: Instant,
    (copy, target): (&Path, &Path),
    wrong: &mut Wrong,
) -> anyhow::Result<()> {
    let url = sqlite(target);
    let restored = command(&["restore", &copy.display().to_string()], &url);
    if let Err(cause) = restored.and_then(|_| command(&["check"], &url)) {
        println!("  {cause:#}");
        wrong.unsound += 1;
        return Ok(());
    }
    wrong.miscounted += usize::from(command(&["check", "--tallies"], &url).is_err());
    compare(class, sending, from, &url, wrong).await?;
    let server = Server::app(&url, Cores::First)?;
    let is_served = once(server.address, &get("/practice", "", ""), 200).await.is_ok();
    wrong.unsound += usize::from(!is_served);
    server.stop()
}

/// What of all that was sent is in the database at this address.
async fn compare(
    class: &Class,
    sending: &Sending,
    from: Instant,
    url: &str,
    wrong: &mut Wrong,
) -> anyhow::Result<()> {
    let db = Db::open_existing(url).await?;
    let mut conn = db.read().await?;
    let rows = sql!(&mut conn, fetch_all as (String, i64), "SELECT attempt_id, turn_number FROM responses")?;
    drop(conn);
    db.close().await;
    let stored: HashSet<(&str, i64)> = rows.iter().map(|(attempt, turn)| (attempt.as_str(), *turn)).collect();
    let sent = sending.sent.borrow();
    let (mut last_inside, mut first_missing) = (None, None);
    for one in sent.iter() {
        let Some(name) = class.named(one.tag) else { continue };
        let (inside, acknowledged) = (stored.contains(&name), one.stored);
        if inside {
            last_inside = last_inside.max(Some(one.at));
        } else if let Some(at) = acknowledged {
            wrong.missing += usize::from(at < from);
            first_missing = Some(first_missing.map_or(at, |first: Instant| first.min(at)));
        }
    }
    // Whatever was said to be stored before something was sent that is in the copy must be in it, too.
    wrong.disordered +=
        usize::from(first_missing.zip(last_inside).is_some_and(|(missing, inside)| missing < inside));
    let known: HashSet<(&str, i64)> = sent.iter().filter_map(|one| class.named(one.tag)).collect();
    let begun: HashSet<&str> = known.iter().map(|(attempt, _)| *attempt).collect();
    wrong.never_sent += stored.iter().filter(|name| begun.contains(name.0) && !known.contains(*name)).count();
    Ok(())
}

/// What must be seen: somebody who holds the database, and a copy that is made of the file alone.
async fn controls(run: &mut Run, class: &mut Class, folder: &Path) -> anyhow::Result<()> {
    const HELD: Duration = Duration::from_millis(400);
    class.refill(1_500).await?;
    let server = Server::app(&class.world.url, Cores::First)?;
    let url = class.world.url.clone();
    let holding = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let db = Db::open_existing(&url).await?;
            let held: sqlx::Result<()> = db
                .write(|conn| {
                    Box::pin(async move {
                        sql!(&mut *conn, execute, "UPDATE settings SET value = value")?;
                        tokio::time::sleep(HELD).await;
                        Ok(())
                    })
                })
                .await;
            held?;
            db.close().await;
            anyhow::Ok(())
        })
    };
    let (sending, (from, to)) = beside(class, &server, holding).await?;
    let slowest = sending.slowest(from, to);
    let told = format!("{} ms", slowest.as_millis());
    let what = "the control, the database held for 400 ms: the longest a writer waited";
    run.report.must("pause", what, told, "> 150 ms", slowest > LONGEST);
    let (file, careless) = (class.world.file()?, folder.join("careless.sqlite"));
    let to = careless.clone();
    let (sending, (from, _)) = beside(class, &server, move || Ok(std::fs::copy(file, to).map(drop)?)).await?;
    server.stop()?;
    let mut wrong = Wrong::default();
    let read = compare(class, &sending, from, &sqlite(&careless), &mut wrong).await;
    let told = match &read {
        Ok(()) => format!("{} missing", wrong.missing),
        Err(_) => "it can’t be opened".to_owned(),
    };
    let what = "the control, a copy of the file alone";
    run.report.must("pause", what, told, "not whole", read.is_err() || wrong.missing > 0);
    Ok(())
}
