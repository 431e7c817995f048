//! The demo: two cohorts of made-up nurses that look like real ones, and how one gets in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use axum::Router;
use axum::extract::State;
use axum::http::{Request, header};
use axum::routing::get;
use tower::ServiceExt as _;
use warmly::accounts::staff::Educator;
use warmly::accounts::store::insert_staff_session;
use warmly::app::App;
use warmly::operate::demo::fill::{Demo, Filled, fill};
use warmly::practice::progress::Repair;
use warmly::practice::store::Part;
use warmly::practice::{Purpose, load};
use warmly::scenario::rubric::Place;
use warmly::web::session::SessionToken;

use crate::app::{TestApp, encode};
use crate::simulation::{GIVEN, rows};
use crate::start_up::{get as fetch, serving};

async fn filled(app: &TestApp) -> Demo {
    fill(&app.app, 7, [(); 3].map(|()| "no password".to_owned())).await.expect("a demo")
}

fn distinct_own_words<'a>(cohorts: impl Iterator<Item = &'a Filled>, slug: &str) -> BTreeSet<&'a str> {
    let attempts = cohorts.flat_map(|cohort| &cohort.attempts).map(|simulated| &simulated.attempt);
    let of_slug = attempts.filter(|attempt| attempt.revision.scenario.slug == slug);
    of_slug.flat_map(|attempt| attempt.openings.values()).filter_map(|o| o.own_words.as_deref()).collect()
}

#[tokio::test]
async fn the_demo_has_two_cohorts_that_look_like_real_ones() {
    let app = TestApp::new().await;
    let demo = filled(&app).await;
    let taken: Vec<usize> = demo
        .cohorts
        .iter()
        .map(|cohort| cohort.seats.iter().filter(|seat| seat.is_taken()).count())
        .collect();
    assert_eq!(taken, [24, 6]);
    let seats = || demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    assert_eq!(seats().filter(|seat| !seat.is_taken()).count(), 3, "some have not come yet");
    assert_eq!(seats().filter(|seat| seat.is_taken() && seat.confirmed_at.is_none()).count(), 2);
    assert_eq!(seats().map(|seat| seat.name.chars().count()).max(), Some(49));
    assert!(seats().any(|seat| !seat.name.contains(' ')) && seats().any(|seat| seat.name.contains('’')));
    for slug in GIVEN {
        let used = distinct_own_words(demo.cohorts.iter(), slug).len();
        assert!(used >= if slug == "friends-now" { 30 } else { 60 }, "{slug}: {used}");
    }
    let now = app.clock.now();
    let (mut skipped, mut opened, mut stopped, mut again, mut practice) = (0, 0, 0, 0, [0, 0]);
    for (index, cohort) in demo.cohorts.iter().enumerate() {
        let mut tried = HashMap::new();
        let mut practicing = BTreeSet::new();
        for simulated in &cohort.attempts {
            let attempt = &simulated.attempt;
            stopped += usize::from(simulated.ended_at.is_none());
            opened += attempt.openings.len();
            skipped += attempt.openings.values().filter(|opening| opening.own_words.is_none()).count();
            assert!(attempt.responses.values().all(|response| response.answered_at < now));
            match &attempt.assigned {
                Some(assigned) => {
                    let times =
                        tried.entry((assigned.seat.clone(), assigned.assignment.clone())).or_insert(0);
                    *times += 1;
                    again += usize::from(*times > 1);
                    assert!(*times <= 3);
                }
                None => {
                    practicing.insert(&simulated.nurse_id);
                }
            }
        }
        practice[index] = practicing.len();
    }
    assert!(stopped > 2 && again > 10, "{stopped} stopped, {again} tried again");
    assert!((15..=40).contains(&(skipped * 100 / opened)), "{skipped} of {opened} skipped");
    assert!(practice[0] >= 5 && (1..5).contains(&practice[1]), "{practice:?}");
    let talks = "SELECT COUNT(*) FROM reflections WHERE wants_talk";
    assert_eq!(app.number(talks).await, 8);
}

#[tokio::test]
async fn the_answers_of_the_demo_slip_and_are_put_right_like_real_ones() {
    let app = TestApp::new().await;
    let demo = filled(&app).await;
    let spring = &demo.cohorts[0];
    let mut first: BTreeMap<(&str, &str), Place> = BTreeMap::new();
    let (mut slips, mut repaired, mut missed) = (0, 0, BTreeSet::new());
    let mut shares: [[usize; 2]; 2] = [[0; 2]; 2];
    let mut tried: HashMap<(&str, &str), usize> = HashMap::new();
    for simulated in &spring.attempts {
        let attempt = &simulated.attempt;
        if attempt.purpose == Purpose::Practice {
            continue;
        }
        let times = tried.entry((&simulated.nurse_id, &attempt.revision.scenario.slug)).or_insert(0);
        let walk = attempt.replay();
        for (step, answer) in walk.answered() {
            first.entry((&simulated.nurse_id, step.turn_id)).or_insert(answer.verdict.place);
            let slipped = answer.verdict.place != Place::Keeps;
            let share = &mut shares[usize::from(*times > 0)];
            share[0] += usize::from(slipped);
            share[1] += 1;
            if slipped && simulated.ended_at.is_some() {
                slips += 1;
                repaired += usize::from(matches!(walk.repair(step.number), Repair::After(_)));
            }
            if answer.verdict.missed_red_flag {
                missed.insert(simulated.nurse_id.as_str());
            }
        }
        *times += 1;
    }
    let slipped = first.values().filter(|place| **place != Place::Keeps).count() * 100 / first.len();
    assert!((33..=50).contains(&slipped), "{slipped} of a hundred first answers slip");
    assert!(repaired * 100 / slips >= 60, "{repaired} of {slips} put right");
    assert!((3..=8).contains(&missed.len()), "{} missed a danger", missed.len());
    let [once, later] = shares.map(|[slipped, all]| slipped * 100 / all);
    assert!(later + 10 <= once, "{once} of a hundred slip at first, {later} later");
    for place in Place::ALL {
        assert!(first.values().any(|found| *found == place), "{place:?}");
    }
}

#[tokio::test]
async fn an_educator_finds_all_assigned_work_of_the_demo() {
    let app = TestApp::new().await;
    let demo = filled(&app).await;
    let (token, now, educator) = (app.clock.new_token(), app.clock.now(), demo.educator.clone());
    let hash = SessionToken::new(token.clone()).hash();
    app.app
        .db
        .write(move |conn| {
            let (hash, educator) = (hash.clone(), educator.clone());
            let put: warmly::db::Work<'_, (), sqlx::Error> =
                Box::pin(async move { insert_staff_session(conn, &hash, educator.as_str(), "", now).await });
            put
        })
        .await
        .expect("a session");
    let look = |State(app): State<App>, educator: Educator| async move {
        let mut conn = app.db.read().await.expect("a connection");
        let attempts =
            load::of_cohort(&mut conn, &app.library, &educator, Part::All).await.expect("attempts");
        let told = |attempt: &warmly::practice::Attempt| {
            format!("{} {:?} {:?}", attempt.id.as_str(), attempt.openings, attempt.responses)
        };
        attempts.iter().map(told).collect::<Vec<_>>().join("\n")
    };
    let router = Router::new().route("/cohorts/{cohort}/all", get(look)).with_state(app.app.clone());
    for cohort in &demo.cohorts {
        let request = Request::get(format!("/cohorts/{}/all", cohort.id.as_str()))
            .header(header::COOKIE, format!("warmly={token}"))
            .body(axum::body::Body::empty())
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let mut expected: Vec<String> = Vec::new();
        for simulated in cohort.attempts.iter().filter(|simulated| simulated.attempt.assigned.is_some()) {
            let mut attempt = simulated.attempt.clone();
            // How sure she was stays hers.
            for response in attempt.responses.values_mut() {
                response.sureness = None;
            }
            expected.push(format!("{} {:?} {:?}", attempt.id.as_str(), attempt.openings, attempt.responses));
        }
        expected.sort();
        assert!(expected.len() > 10);
        assert!(String::from_utf8_lossy(&bytes) == expected.join("\n"), "all of it, as it was simulated");
    }
}

#[tokio::test]
async fn the_educator_of_the_demo_has_commented_marked_and_ticked() {
    let app = TestApp::new().await;
    let demo = filled(&app).await;
    for (query, least) in [
        ("SELECT COUNT(*) FROM comments WHERE released_at IS NOT NULL AND read_at IS NULL", 1),
        ("SELECT COUNT(*) FROM comments WHERE released_at IS NULL", 1),
        ("SELECT COUNT(*) FROM comments WHERE resolved_at IS NOT NULL", 1),
        ("SELECT COUNT(*) FROM comment_answers WHERE staff_id IS NULL AND read_at IS NULL", 1),
        ("SELECT COUNT(*) FROM markings", 2),
        ("SELECT COUNT(*) FROM samples", 3),
        ("SELECT COUNT(*) FROM audit WHERE what = 'commented' AND nurse_id IS NOT NULL", 3),
    ] {
        assert!(app.number(query).await >= least, "{query}");
    }
    let wordless = "SELECT COUNT(*) FROM samples s JOIN openings o ON o.attempt_id = s.attempt_id
        AND o.turn_number = s.turn_number WHERE o.own_words IS NULL";
    assert_eq!(app.number(wordless).await, 0);
    let seats = demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    let commented = demo.commented.clone().expect("somebody answered a comment");
    assert!(seats.filter_map(|seat| seat.nurse_id.clone()).any(|nurse| nurse == commented));
    let now = app.clock.now();
    let late = app.column("SELECT id FROM comments ORDER BY written_at DESC").await;
    assert!(
        late.iter().all(|id| *id < warmly::clock::Clock::held(now, 1).new_id()),
        "all of it lies in the past"
    );
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let (one, other, third) = (TestApp::new().await, TestApp::new().await, TestApp::new().await);
    filled(&one).await;
    filled(&other).await;
    let first = rows(&one).await;
    assert!(first.iter().all(|table| !table.is_empty()));
    assert_eq!(first, rows(&other).await);
    fill(&third.app, 8, [(); 3].map(|()| String::new())).await.expect("a demo");
    assert_ne!(first, rows(&third).await);
}

fn post(address: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_demo_says_how_to_get_in_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, said) = serving(folder.path(), &["demo"]);
    let said = said.join("\n");
    for words in ["educator", "manager", "administrator", "/sign-in", "/come-back", "thirty made-up nurses"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(fetch(&address, "/practice").starts_with("HTTP/1.1 200"));
    for (role, home) in
        [("educator", "/cohorts"), ("manager", "/cohorts"), ("administrator", "/administration")]
    {
        let line =
            said.lines().find(|line| line.starts_with(&format!("  as {role}"))).expect("how to sign in");
        let mut words = line.split_whitespace().skip(2);
        let (email, password) = (words.next().expect("an address"), words.next().expect("a password"));
        let answer = post(&address, "/sign-in", &encode(&[("email", email), ("password", password)]));
        assert!(answer.contains(&format!("location: {home}\r\n")), "{role}: {answer}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "its data lie here");
    let seat = said.split_whitespace().find(|word| word.contains("/seats/")).expect("a personal link");
    let seat = seat.split_once("/seats/").expect("an address").1;
    let page = fetch(&address, &format!("/seats/{seat}"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Bronwyn Hughes"), "{page}");
    let (_, code) = said.split_once("/join with the code ").expect("a code");
    let code: String = code.lines().next().expect("a line").split_whitespace().collect();
    let page = fetch(&address, &format!("/join/{code}"));
    let (_, back) = said.split_once("  with the code  ").expect("a return code");
    let back = post(&address, "/come-back", &encode(&[("code", back.lines().next().expect("a line"))]));
    assert!(back.starts_with("HTTP/1.1 303") && back.contains("set-cookie: warmly="), "{back}");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Spring residency"), "{page}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("asked").success());
    assert!(child.wait().expect("ended").success());
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "and are gone");
}
