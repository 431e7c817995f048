//! Signing in: whether the time of a refusal tells who has an account, five hundred at once, and how often a password
//! can be tried however the address is spelled.

use std::cell::Cell;
use std::net::SocketAddr;
use std::process::Stdio;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use warmly::accounts::credentials::Email;

use crate::Run;
use crate::driver::{Client, Load, Step, Steps, get, load, quantile};
use crate::people::{PASSWORD, Places, WRONG, add, form, known, unknown};
use crate::product::{Cores, Server};
use crate::tell::{Pair, of_pairs, of_times};
use crate::world::World;

/// How often a guess may be right. Chance is half.
const MOST_RIGHT: f64 = 0.55;

/// How often an account may be tried.
const TRIES: usize = 10;

/// Before a proxy that says where requests come from.
const BEHIND: [(&str, &str); 1] = [("WARMLY_TRUSTED_PROXY", "true")];

pub(crate) async fn sign_in(run: &mut Run) -> anyhow::Result<()> {
    let world = World::in_folder(&run.folder.join("sign_in"), 40, 400, false).await?;
    add(&world.url, 1_600).await?;
    let server = Server::app_with(&world.url, Cores::First, &BEHIND, Stdio::null())?;
    let mut places = Places::default();
    told_apart(run, server.address, &mut places).await?;
    spelled(run, server.address, &mut places).await?;
    server.stop()?;
    // What was used for earlier hashes would count as there from before.
    let server = Server::app_with(&world.url, Cores::First, &BEHIND, Stdio::null())?;
    at_once(run, &server, &mut places).await?;
    server.stop()
}

/// One refusal: how long it took, and all that can be seen of it.
struct Refusal {
    took: f64,
    seen: String,
}

async fn refusal(client: &mut Client, place: &str, email: &str) -> anyhow::Result<Refusal> {
    let wire = form(place, email, WRONG);
    let began = Instant::now();
    let status = client.send(&wire).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    let body = String::from_utf8_lossy(client.body()).replace(email, "(the address)");
    let heads: Vec<&str> = client
        .heads()
        .lines()
        .filter(|line| !line.starts_with("date:") && !line.starts_with("x-request-id:"))
        .collect();
    Ok(Refusal { took, seen: format!("{status}\n{}\n{body}", heads.join("\n")) })
}

/// Pairs of a known and another address, which of the two first by chance.
async fn pairs(
    address: SocketAddr,
    places: &mut Places,
    count: usize,
    other: fn(usize) -> String,
) -> anyhow::Result<(Vec<Pair>, usize)> {
    let mut chance = StdRng::seed_from_u64(6);
    let mut client = Client::connect(address).await?;
    let (mut pairs, mut unlike) = (Vec::with_capacity(count), 0);
    for nth in 0..count {
        let place = places.next();
        let (one, two) = (known(nth), other(nth));
        let (known, other) = if chance.random() {
            let known = refusal(&mut client, &place, &one).await?;
            (known, refusal(&mut client, &place, &two).await?)
        } else {
            let other = refusal(&mut client, &place, &two).await?;
            (refusal(&mut client, &place, &one).await?, other)
        };
        unlike += usize::from(known.seen != other.seen);
        pairs.push(Pair { known: known.took, other: other.took });
    }
    Ok((pairs, unlike))
}

/// In hundredths.
fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

async fn told_apart(run: &mut Run, address: SocketAddr, places: &mut Places) -> anyhow::Result<()> {
    let count = run.times(15, 1_000);
    pairs(address, places, 4, |nth| unknown(nth + 5_000)).await?;
    let (found, unlike) = pairs(address, places, count, unknown).await?;
    let (slower, threshold) = (of_pairs(&found), of_times(&found));
    let median = |part: fn(&Pair) -> f64| {
        let mut times: Vec<f64> = found.iter().map(part).collect();
        times.sort_by(f64::total_cmp);
        quantile(&times, 0.5)
    };
    let (one, two) = (median(|pair| pair.known), median(|pair| pair.other));
    let report = &mut run.report;
    report.told(
        "sign_in",
        format!("{count} pairs, a known and an unknown address: medians"),
        format!("{one:.2} and {two:.2} ms"),
    );
    for (what, right) in [
        ("told apart by which of a pair is slower, learned on the other half", slower),
        ("told apart by the best limit of time, learned on the other half", threshold),
    ] {
        if run.long {
            run.report.must("sign_in", what, percent(right), "≤ 55 %", right <= MOST_RIGHT);
        } else {
            run.report.told("sign_in", what, percent(right));
        }
    }
    run.report.none("sign_in", "pairs whose status, headers or page differ", unlike);
    let least = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0].into_iter().find(|more| {
        let late = |pair: &Pair| Pair { known: pair.known + more, ..*pair };
        let late: Vec<Pair> = found.iter().map(late).collect();
        of_pairs(&late).max(of_times(&late)) > MOST_RIGHT
    });
    let told = least.map_or_else(|| "> 50 ms".to_owned(), |more| format!("{more} ms"));
    run.report.told("sign_in", "the least difference of time that would show (> 55 %)", told);
    // The control: what is no address at all is refused without a slow hash.
    let (control, _) = pairs(address, places, run.times(10, 200), |nth| format!("nobody {nth:04}")).await?;
    let right = of_pairs(&control).min(of_times(&control));
    let what = "the control, no address at all: told apart";
    if run.long {
        run.report.must("sign_in", what, percent(right), "≥ 90 %", right >= 0.9);
    } else {
        run.report.told("sign_in", what, percent(right));
    }
    Ok(())
}

/// Ways to write an address; those that reach the account are found out by signing in.
fn spellings(email: &str) -> Vec<String> {
    let (name, place) = email.split_once('@').unwrap_or((email, ""));
    let (first, rest) = name.split_at(1);
    let wide: String = name.chars().filter_map(|char| char::from_u32(u32::from(char) + 0xfee0)).collect();
    vec![
        email.to_owned(),
        email.to_uppercase(),
        format!("{}@{}", name.to_uppercase(), place),
        format!("{name}@{}", place.to_uppercase()),
        format!("  {email}"),
        format!("{email}\t\r\n"),
        format!("\u{a0}{email}\u{3000}"),
        // The sign for kelvin is a small k in lower case.
        format!("\u{212a}{rest}@{place}"),
        format!("{wide}@{place}"),
        format!("{first}.{rest}@{place}"),
        format!("{name}+1@{place}"),
        format!("{email}."),
        format!("{name}\u{200b}@{place}"),
        format!("\u{feff}{email}"),
        format!("{first}\u{301}{rest}@{place}"),
        format!("{name}@{place}\0"),
        format!("\"{name}\"@{place}"),
        format!("{name} @{place}"),
        format!("Ruth <{email}>"),
        format!("{name}%40{place}"),
    ]
}

async fn spelled(run: &mut Run, address: SocketAddr, places: &mut Places) -> anyhow::Result<()> {
    let mut client = Client::connect(address).await?;
    let mut reaching = Vec::new();
    for nth in 0..spellings(&known(0)).len() {
        let fresh = known(1_500 + nth);
        let spelling = spellings(&fresh).into_iter().nth(nth).context("a spelling")?;
        if client.send(&form(&places.next(), &spelling, PASSWORD)).await? == 303 {
            reaching.push(nth);
        }
    }
    let victim = known(1_599);
    let (mut checked, mut refused, mut other) = (0, 0, 0);
    for round in 0..run.times(2, 10) {
        for nth in &reaching {
            let spelling = spellings(&victim).into_iter().nth(*nth).context("a spelling")?;
            let wrong = format!("{WRONG} {round}");
            match client.send(&form(&places.next(), &spelling, &wrong)).await? {
                422 => checked += 1,
                429 => refused += 1,
                _ => other += 1,
            }
        }
    }
    let (mut inside, mut apart) = (0, 0);
    for (nth, spelling) in spellings(&victim).into_iter().enumerate() {
        let status = client.send(&form(&places.next(), &spelling, PASSWORD)).await?;
        inside += usize::from(status == 303);
        // Whoever is somebody else must not be kept out by it.
        let is_other = !reaching.contains(&nth) && Email::read(&spelling).is_some();
        apart += usize::from(is_other && status == 429);
    }
    let (total, ways) = (checked + refused + other, reaching.len());
    let report = &mut run.report;
    let what = format!("{total} wrong passwords for one account, in {ways} spellings that reach it: checked");
    let well = checked <= TRIES && checked > 0 && other == 0 && ways > 1;
    report.must("sign_in", what, checked.to_string(), "≤ 10", well);
    report.none("sign_in", "let in afterwards by the right password, in any spelling", inside);
    report.none("sign_in", "other addresses that were kept out with it (the control)", apart);
    Ok(())
}

/// What became of somebody who signed in until she was in.
#[derive(Default)]
struct Came {
    inside: bool,
    asked_to_wait: usize,
    other: usize,
    took: Duration,
}

async fn at_once(run: &mut Run, server: &Server, places: &mut Places) -> anyhow::Result<()> {
    // More than may wait, in the short form too.
    let many = run.times(60, 500).max(60);
    let address = server.address;
    let wires = [get("/practice", "", ""), get("/sign-in", "", ""), get("/how-it-works", "", "")];
    for wire in &wires {
        Client::connect(address).await?.send(wire).await?;
    }
    server.forget_peak()?;
    let (before, done) = (server.resident()?, Rc::new(Cell::new(false)));
    let forms: Vec<_> = (0..many).map(|nth| form(&places.next(), &known(1_000 + nth), PASSWORD)).collect();
    let coming = async {
        let came = join_all(forms.iter().map(|wire| until_in(address, wire))).await;
        done.set(true);
        came
    };
    let reading = |at: usize| -> Steps {
        let (done, wires, mut at) = (Rc::clone(&done), wires.clone(), at);
        Box::new(move || {
            at += 1;
            let wire = Rc::clone(wires.get(at % wires.len())?);
            let wait = Duration::from_millis(20);
            (!done.get()).then_some(Step { wire, expect: 200, tag: 0, wait })
        })
    };
    let (came, pages) =
        tokio::join!(coming, load(address, Duration::from_mins(3), (0..4).map(reading).collect()));
    let more = server.peak()? - before;
    let mut pages: Load = pages?;
    let tail = pages.quantile(0.95) / 1000.0;
    let count = |of: fn(&Came) -> usize| came.iter().map(of).sum::<usize>();
    let last = came.iter().map(|one| one.took).max().unwrap_or_default();
    let report = &mut run.report;
    let inside = count(|one| usize::from(one.inside));
    let told = format!("{inside}, the last after {:.1} s", last.as_secs_f64());
    report.must("sign_in", format!("{many} sign in at once: let in"), told, "all", inside == many);
    let waited = count(|one| usize::from(one.asked_to_wait > 0));
    report.told("sign_in", "of these asked to try again in a moment (40 wait at a time)", waited.to_string());
    report.none("sign_in", "answered in another way, or not", count(|one| one.other));
    report.must("sign_in", "memory meanwhile", format!("+{more:.0} MB"), "≤ +64 MB", more <= 64.0);
    let what = format!("p95 of {} ordinary pages meanwhile", pages.count());
    if run.long {
        run.report.must("sign_in", what, format!("{tail:.1} ms"), "≤ 100 ms", tail <= 100.0);
    } else {
        run.report.told("sign_in", what, format!("{tail:.1} ms"));
    }
    run.report.none("sign_in", "ordinary pages refused or broken", pages.wrong + pages.broken);
    Ok(())
}

/// Sends the form until she is in, a second apart, as somebody does who is asked to try again in a moment.
async fn until_in(address: SocketAddr, wire: &[u8]) -> Came {
    let began = Instant::now();
    let mut came = Came::default();
    while came.other == 0 && began.elapsed() < Duration::from_mins(2) {
        let sent = async { anyhow::Ok(Client::connect(address).await?.send(wire).await?) };
        match sent.await {
            Ok(303) => {
                came.inside = true;
                break;
            }
            Ok(503) => came.asked_to_wait += 1,
            other => {
                println!("  neither let in nor asked to try again: {other:?}");
                came.other += 1;
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    came.took = began.elapsed();
    came
}
