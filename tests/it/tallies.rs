//! Tallies say exactly what the records say, whatever nurses and educators do.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use tower::ServiceExt as _;
use warmly::accounts::staff::Educator;
use warmly::app::App;
use warmly::cohorts::{AssignmentId, CohortId, SeatId};
use warmly::operate::bulk::{Size, simulate};
use warmly::operate::tallies::{Found, compare, fill, run};
use warmly::practice::store::Part;
use warmly::practice::tally::{Tallied, TalliedAnswer, Tally, Unreadable};
use warmly::practice::{Attempt, AttemptId, load};

use crate::app::{Browser, TestApp, config, fixtures};
use crate::assigned::{STRAIGHT, spring};
use crate::cast::{Member, answer};
use crate::joining::link;
use crate::page::Page;
use crate::review::{edited, ward};

/// Ids as they are written, and a few that only look like it.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => any::<[u8; 16]>().prop_map(|bytes| uuid(&bytes)),
        1 => "[0-9A-F-]{36}",
    ]
}

fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn an_answer() -> impl Strategy<Value = TalliedAnswer> {
    (any::<u32>(), any::<u32>(), any::<i64>()).prop_map(|(turn, reply, answered_at)| TalliedAnswer {
        turn,
        reply,
        answered_at,
    })
}

prop_compose! {
    fn an_attempt()(
        (id, assignment) in (id(), id()),
        revision in prop_oneof![id(), "\\PC{0,40}"],
        (policy_version, started_at) in any::<(i64, i64)>(),
        answers in prop::collection::vec(an_answer(), 0..6),
    ) -> Tallied {
        let id = AttemptId::read(&id).expect("an id");
        let assignment = AssignmentId::read(&assignment).expect("an id");
        Tallied { id, assignment, revision, policy_version, started_at, answers }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else_is(
        attempts in prop::collection::vec(an_attempt(), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let tally = Tally { attempts };
        let bytes = tally.pack();
        prop_assert_eq!(Tally::unpack(&bytes), Ok(tally));
        prop_assert!(Tally::unpack(&bytes[..cut.index(bytes.len())]).is_err(), "a piece of it is no tally");
        prop_assert_eq!(Tally::unpack(&[bytes.as_slice(), &[0]].concat()), Err(Unreadable::Long));
    }

    #[test]
    fn whatever_the_bytes_are_reading_them_ends(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Tally::unpack(&bytes);
        let _ = Tally::unpack(&[&[1], bytes.as_slice()].concat());
    }

    #[test]
    fn whatever_the_order_it_comes_to_the_same(
        attempts in prop::collection::vec(an_attempt(), 1..6),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
    ) {
        let mut whole = Tally::default();
        let mut begun: Vec<&Tallied> = Vec::new();
        for attempt in &attempts {
            if whole.start(attempt.clone()) {
                begun.push(attempt);
            }
        }
        let mut given = vec![None; begun.len()];
        let mut tally = Tally::default();
        let every = (0..begun.len()).cycle().take(8 * begun.len());
        for place in order.iter().map(|index| index.index(begun.len())).chain(every) {
            let (attempt, given) = (begun[place], &mut given[place]);
            tally = Tally::unpack(&tally.pack()).expect("what was packed");
            match given {
                None => {
                    prop_assert!(!tally.answer(&attempt.id, 1, attempt.answers.first().copied().unwrap_or(NEVER)));
                    let begun = Tallied { answers: Vec::new(), ..attempt.clone() };
                    prop_assert!(tally.start(begun.clone()) && !tally.start(begun), "it starts once");
                    *given = Some(0);
                }
                Some(number) => {
                    let Some(answer) = attempt.answers.get(*number) else { continue };
                    let next = u32::try_from(*number).expect("a few") + 1;
                    prop_assert!(!tally.answer(&attempt.id, next + 1, *answer), "no answer is left out");
                    prop_assert!(tally.answer(&attempt.id, next, *answer));
                    prop_assert!(!tally.answer(&attempt.id, next, *answer), "it is counted once");
                    *number += 1;
                }
            }
        }
        prop_assert_eq!(tally.pack(), whole.pack());
        prop_assert_eq!(tally.answers(), whole.answers());
    }
}

const NEVER: TalliedAnswer = TalliedAnswer { turn: 0, reply: 0, answered_at: 0 };

/// Seventy attempts with four answers each at ten scenarios, as somebody makes who does all there is seven times.
fn a_year() -> Tally {
    let (mut tally, mut now) = (Tally::default(), 1_772_452_800_000_i64);
    for number in 0..70_u8 {
        now += 86_400_000 * 5;
        let time = u64::try_from(now).expect("a time").to_be_bytes();
        let mut id = [number; 16];
        id[..6].copy_from_slice(&time[2..]);
        let answers = (1..=4_u32).map(|turn| {
            let answered_at = now + i64::from(turn) * 43_210;
            TalliedAnswer { turn, reply: turn % 3, answered_at }
        });
        tally.start(Tallied {
            id: AttemptId::read(&uuid(&id)).expect("an id"),
            assignment: AssignmentId::read(&uuid(&[100 + number % 10; 16])).expect("an id"),
            revision: uuid(&[200 + number % 10; 16]),
            policy_version: 1,
            started_at: now,
            answers: answers.collect(),
        });
    }
    tally
}

#[test]
fn a_year_fits_three_kilobytes_and_the_bytes_stay_what_they_are() {
    assert!(a_year().pack().len() <= 3_300, "{} bytes", a_year().pack().len());
    let id = |number: u8| uuid(&[0, 0, 0, 0, 0, number, 7, 7, 7, 7, 7, 7, 7, 7, 7, number]);
    let mut tally = Tally::default();
    tally.start(Tallied {
        id: AttemptId::read(&id(9)).expect("an id"),
        assignment: AssignmentId::read(&id(8)).expect("an id"),
        revision: "r".to_owned(),
        policy_version: 3,
        started_at: 8,
        answers: vec![TalliedAnswer { turn: 2, reply: 1, answered_at: 208 }],
    });
    let written = [
        &[1, 1, 2, b'r', 1, 0, 0, 0, 0, 0, 0, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 1][..],
        &[0, 0, 0, 0, 0, 0, 9, 7, 7, 7, 7, 7, 7, 7, 7, 7, 9, 0, 0, 6, 1, 1, 2, 1, 0x90, 3],
    ];
    assert_eq!(tally.pack(), written.concat(), "what is stored must be readable by the next version");
    assert_eq!(Tally::unpack(&[2, 0, 0, 0]), Err(Unreadable::Version(2)));
}

/// What is counted of attempts, in words: of a cohort's tallies, and of its records.
async fn both(State(app): State<App>, educator: Educator) -> String {
    let mut conn = app.db.read().await.expect("a connection");
    let tallied = load::tallied(&mut conn, &app.library, &educator).await.expect("tallies");
    let recorded = load::of_cohort(&mut conn, &app.library, &educator, Part::All).await.expect("records");
    let words = |attempts: &[Attempt]| -> Vec<String> { attempts.iter().map(facts).collect() };
    serde_json::to_string(&[words(&tallied), words(&recorded)]).expect("JSON")
}

fn facts(attempt: &Attempt) -> String {
    let walk = attempt.replay();
    let steps: Vec<String> = walk
        .answered()
        .map(|(step, answer)| {
            let (reply, at) = (&answer.reply.id, answer.response.answered_at);
            format!("{} {} {reply} {at} {:?}", step.number, step.turn_id, answer.verdict)
        })
        .collect();
    let (assigned, revision) = (&attempt.assigned, &attempt.revision.id);
    let ending = walk.ending.map(|(id, _)| id);
    format!(
        "{:?} {assigned:?} {revision} {} {} {:?} {steps:?} {ending:?}",
        attempt.id, attempt.policy_version, attempt.started_at, attempt.purpose
    )
}

/// Compares tallies and records in every way there is, and the educator's page with a direct count.
async fn all_agree(app: &TestApp, educator: &Browser<'_>, cohort: &CohortId) -> Vec<String> {
    let found = compare(&app.app.db).await.expect("compared");
    assert_eq!(found.different, Vec::<String>::new());
    let seats = usize::try_from(app.number("SELECT COUNT(*) FROM seats").await).expect("a count");
    let responses = "SELECT COUNT(*) FROM responses r JOIN attempts a ON a.id = r.attempt_id
        WHERE a.seat_id IS NOT NULL";
    let responses = usize::try_from(app.number(responses).await).expect("a count");
    assert_eq!((found.seats, found.responses), (seats, responses));
    let router = Router::new().route("/cohorts/{cohort}", get(both)).with_state(app.app.clone());
    let cookie = educator.cookies.borrow()["warmly"].clone();
    let request = Request::get(format!("/cohorts/{}", cohort.as_str()))
        .header("cookie", format!("warmly={cookie}"))
        .body(Body::empty());
    let page = router.oneshot(request.expect("a request")).await.expect("an answer");
    let bytes = page.into_body().collect().await.expect("a body").to_bytes();
    let [tallied, recorded]: [Vec<String>; 2] = serde_json::from_slice(&bytes).expect("two lists");
    assert_eq!(tallied, recorded);
    let json = educator.get(&format!("/cohorts/{}/overview.json", cohort.as_str())).await;
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).expect("JSON");
    let answered = "SELECT COUNT(DISTINCT a.seat_id) FROM attempts a JOIN responses r ON r.attempt_id = a.id";
    assert_eq!(json["answered"], app.number(answered).await, "{json}");
    tallied
}

/// Sends the replies' form twice at once.
async fn twice(nurse: &Browser<'_>, replies: &Page, reply: &str) {
    let form = replies.form("Say this");
    let position = replies.position(reply);
    let filled = form.filled(&[("reply", &position)]);
    let fields: Vec<(&str, &str)> =
        filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (one, two) = tokio::join!(nurse.post(&form.action, &fields), nurse.post(&form.action, &fields));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
}

#[tokio::test]
async fn tallies_follow_every_answer_and_what_happens_to_it_later() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let ruth = &ward.ruth.browser;
    assert_eq!(all_agree(&app, ruth, &ward.cohort).await.len(), 6);

    let gus = &ward.members[6].browser;
    let before = gus.open(&format!("/assignments/{}", ward.gate.as_str())).await;
    let turn = gus.press(&before, "Begin the assigned work", &[]).await;
    let begun = all_agree(&app, ruth, &ward.cohort).await;
    assert!(begun[6].ends_with("[] None"), "an attempt without answers counts as begun: {}", begun[6]);
    let replies = gus.press(&turn, "Continue", &[("own", "No.")]).await;
    twice(gus, &replies, "replytext one").await;
    let once = all_agree(&app, ruth, &ward.cohort).await;
    assert_eq!(once[6].matches("id-plain-no").count(), 1, "{}", once[6]);

    let (ana, bo) = (&ward.members[0].browser, &ward.members[1].browser);
    let practice = ana.open("/scenarios/garden-gate").await;
    let practice = ana.press(&practice, "Begin", &[]).await;
    answer(ana, practice.path.split('/').nth(2).expect("an id"), "Hm.", "replytext one").await;
    assert_eq!(all_agree(&app, ruth, &ward.cohort).await, once, "practice is nobody’s business");
    let ask = ana.open("/me/delete").await;
    ana.press(&ask, "Delete everything", &[]).await;
    assert_eq!(all_agree(&app, ruth, &ward.cohort).await, once, "her replies stay, without a name");
    let seat = bo.open(&format!("/me/seats/{}", ward.members[1].seat.as_str())).await;
    bo.press(&seat, "Leave this group", &[]).await;
    assert_eq!(all_agree(&app, ruth, &ward.cohort).await, once, "who leaves leaves her answers");
    let phone = app.browser();
    let address = link(&ward.ruth, &ward.cohort, "Cy").await;
    phone.press(&phone.open(&address).await, "That’s me: take my place", &[]).await;
    assert_eq!(all_agree(&app, ruth, &ward.cohort).await, once, "a seat keeps its answers");
    answer(gus, turn.path.split('/').nth(2).expect("an id"), "", "replytext five").await;
    assert_ne!(all_agree(&app, ruth, &ward.cohort).await, once);
}

/// A seat on the roster that nobody has taken; gives its id.
async fn waiting(app: &TestApp, ruth: &Browser<'_>, cohort: &CohortId, name: &str) -> String {
    let people = ruth.open(&format!("/cohorts/{}/people", cohort.as_str())).await;
    let form = [("name", name), ("external_id", "18")];
    ruth.press(&people, "Add this nurse", &form).await;
    app.column("SELECT id FROM seats WHERE external_id = '18'").await.concat()
}

/// Makes as if she had come by code.
async fn as_if_by_code(app: &TestApp) {
    app.alter("UPDATE seats SET came_by = 'code' WHERE nurse_id IS NOT NULL").await;
}

#[tokio::test]
async fn work_that_moves_to_another_seat_moves_in_the_tallies() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let attempt = app.worked(&ana, &gate, "garden-gate", &STRAIGHT[..2]).await;
    as_if_by_code(&app).await;
    let into = waiting(&app, &ruth.browser, &cohort, "Anna").await;
    let edit = format!("/cohorts/{}/people/{}/edit", cohort.as_str(), ana.seat.as_str());
    let edit = ruth.browser.open(&edit).await;
    ruth.browser.press(&edit, "Merge", &[("into", &into)]).await;
    let merged = all_agree(&app, &ruth.browser, &cohort).await;
    assert!(merged.len() == 1 && merged[0].contains(&into), "{merged:?}");
    assert_eq!(app.number("SELECT COUNT(*) FROM tallies").await, 1, "the seat that is gone has none");
    answer(&ana.browser, &attempt, "", "replytext eight").await;
    assert_ne!(all_agree(&app, &ruth.browser, &cohort).await, merged, "she goes on in her new place");

    // She opens the link of one more place, where somebody worked before: hers comes to it.
    let bea = app.member(&cohort, "Bea").await;
    app.worked(&bea, &gate, "garden-gate", &STRAIGHT[..1]).await;
    let address = link(&ruth, &cohort, "Bea").await;
    let page = ana.browser.open(&address).await;
    ana.browser.press(&page, "That’s me: take my place", &[]).await;
    let folded = all_agree(&app, &ruth.browser, &cohort).await;
    assert!(folded.iter().all(|attempt| attempt.contains(bea.seat.as_str())), "{folded:?}");
    assert_eq!((folded.len(), app.number("SELECT COUNT(*) FROM tallies").await), (2, 1));
    app.alter("DELETE FROM completions WHERE completed_at > 0").await;
    app.alter("DELETE FROM attempts WHERE seat_id IS NOT NULL").await;
    app.alter("DELETE FROM seats WHERE name <> ''").await;
    assert_eq!(app.number("SELECT COUNT(*) FROM tallies").await, 0, "a tally goes with its seat");
}

#[tokio::test]
async fn answers_that_come_while_seats_are_merged_are_counted_once_and_nobody_waits_for_ever() {
    let app = TestApp::new().await;
    let (ruth, cohort, _, gate) = spring(&app).await;
    for round in 0..6 {
        let bea = app.member(&cohort, "Bea").await;
        let mut attempts = Vec::new();
        for _ in 0..2 {
            attempts.push(app.worked(&bea, &gate, "garden-gate", &STRAIGHT[..1]).await);
        }
        as_if_by_code(&app).await;
        let into = waiting(&app, &ruth.browser, &cohort, &format!("Beatriz {round}")).await;
        let merge = format!("/cohorts/{}/people/{}/merge", cohort.as_str(), bea.seat.as_str());
        let before = bea.browser.open(&format!("/assignments/{}", gate.as_str())).await;
        let token = before.attributes("input[name=token]", "value").concat();
        let [first, second] = [0, 1].map(|place: usize| format!("/attempts/{}/2/replies", attempts[place]));
        let begin = before.form("Begin the assigned work").action;
        let (start, into, reply) = ([("token", token.as_str())], [("into", into.as_str())], [("reply", "1")]);
        let pages = tokio::join!(
            bea.browser.post(&first, &reply),
            ruth.browser.post(&merge, &into),
            bea.browser.post(&second, &reply),
            bea.browser.post(&begin, &start),
            compare(&app.app.db),
        );
        for page in [pages.0, pages.1, pages.2, pages.3] {
            assert!(!page.status.is_server_error(), "{} {}", page.path, page.status);
        }
        assert_eq!(pages.4.expect("compared").different, Vec::<String>::new(), "also in the middle of it");
        all_agree(&app, &ruth.browser, &cohort).await;
        app.alter("UPDATE seats SET external_id = NULL, came_by = 'roster' WHERE nurse_id IS NOT NULL").await;
    }
}

#[tokio::test]
async fn a_new_revision_and_a_database_without_tallies_are_counted() {
    let mut app = TestApp::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (cohort, gate, cookies, ana) = {
        let (ruth, cohort, ana, gate) = spring(&app).await;
        app.worked(&ana, &gate, "garden-gate", &STRAIGHT[..2]).await;
        let cookies = [&ruth.browser, &ana.browser].map(|browser| browser.cookies.borrow().clone());
        (cohort, gate, cookies, (ana.nurse_id, ana.seat))
    };
    let lift = [("Could you drive me to town?", "Would you drive me to the market?")];
    edited(folder.path(), &[("garden-gate.toml", &lift)]);
    app.alter("DELETE FROM tallies WHERE seq > 0").await;
    app.restart(folder.path()).await;
    let [ruth, nurse] = cookies.map(|cookies| {
        let browser = app.browser();
        browser.cookies.replace(cookies);
        browser
    });
    assert_eq!(all_agree(&app, &ruth, &cohort).await.len(), 1, "counted when it started");
    let ana = Member { nurse_id: ana.0, seat: ana.1, browser: nurse };
    app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    assert_eq!(all_agree(&app, &ruth, &cohort).await.len(), 2);
    let revisions = app.column("SELECT DISTINCT revision_id FROM attempts").await;
    assert_eq!(revisions.len(), 2);

    // Also where the tally is missing when she goes on, and where two processes count what is missing.
    for _ in 0..2 {
        let open = app.worked(&ana, &gate, "garden-gate", &STRAIGHT[..2]).await;
        app.alter("DELETE FROM tallies WHERE seq > 0").await;
        answer(&ana.browser, &open, "", "replytext nine").await;
        all_agree(&app, &ruth, &cohort).await;
    }
    app.alter("DELETE FROM tallies WHERE seq > 0").await;
    let (one, other) = tokio::join!(fill(&app.app.db), fill(&app.app.db));
    one.and(other).expect("filled");
    assert_eq!(all_agree(&app, &ruth, &cohort).await.len(), 4);
}

/// Writes these bytes into the tally of a seat.
async fn spoil(app: &TestApp, seat: &SeatId, packed: &'static [u8]) {
    let seat = seat.as_str().to_owned();
    let write = app.app.db.write(move |conn| {
        let seat = seat.clone();
        let work: warmly::db::Work<'_, u64, sqlx::Error> = Box::pin(async move {
            warmly::sql!(conn, execute, "UPDATE tallies SET packed = $1 WHERE seat_id = $2", packed, seat)
        });
        work
    });
    assert_eq!(write.await.expect("spoiled"), 1);
}

/// What `warmly check --tallies` says, and whether all is well.
async fn check(app: &TestApp, mend: bool) -> (bool, String) {
    let mut config = config(&fixtures());
    config.database_url = Some(app.url().to_owned());
    let mut out = Vec::new();
    let fine = run(&config, mend, &mut out).await.expect("compared");
    (fine, String::from_utf8(out).expect("text"))
}

#[tokio::test]
async fn a_tally_that_was_spoiled_is_found_and_mended_and_breaks_no_page() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let said = "Compared 7 seats with 18 responses: every tally says what the records say.\n".to_owned();
    assert_eq!(check(&app, false).await, (true, said.clone()));
    let whole = all_agree(&app, &ward.ruth.browser, &ward.cohort).await;
    let overview = ward.ruth.browser.open(&ward.at("")).await.words();

    spoil(&app, &ward.members[3].seat, b"").await;
    spoil(&app, &ward.members[2].seat, &[99, 1, 2, 3]).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!((page.status.as_u16(), page.words()), (200, overview), "counted from the records instead");
    let mut seats = [2, 3].map(|place: usize| ward.members[place].seat.as_str());
    seats.sort_unstable();
    let found = compare(&app.app.db).await.expect("compared");
    assert_eq!(found, Found { seats: 7, responses: 18, different: seats.map(str::to_owned).to_vec() });

    spoil(&app, &ward.members[3].seat, &[1, 0, 0, 0]).await;
    let (fine, words) = check(&app, false).await;
    let different = format!("2 tallies are not what the records say:\n  {}\n  {}\n", seats[0], seats[1]);
    assert!(!fine && words.contains(&different), "{words}");
    assert!(words.ends_with("With --mend they are counted anew.\n"), "{words}");
    let (fine, words) = check(&app, true).await;
    assert!(fine && words.ends_with("All of them were counted anew.\n"), "{words}");
    assert_eq!(check(&app, false).await, (true, said));
    assert_eq!(all_agree(&app, &ward.ruth.browser, &ward.cohort).await, whole);

    // Whoever goes on where the tally can't be read, or lacks something, mends it with her answer.
    for packed in [&[99][..], &[1, 0, 0, 0]] {
        let gus = &ward.members[6];
        let attempt = app.started(gus, &ward.gate, "garden-gate").await;
        spoil(&app, &gus.seat, packed).await;
        answer(&gus.browser, &attempt, "", "replytext one").await;
        all_agree(&app, &ward.ruth.browser, &ward.cohort).await;
        spoil(&app, &gus.seat, &[99]).await;
        app.started(gus, &ward.gate, "garden-gate").await;
        all_agree(&app, &ward.ruth.browser, &ward.cohort).await;
    }
}

#[tokio::test]
async fn simulated_nurses_have_tallies_too() {
    let app = TestApp::new().await;
    simulate(&app.app, Size { nurses: 230, responses: 3_000, seed: 5 }).await.expect("data");
    let found = compare(&app.app.db).await.expect("compared");
    assert_eq!((found.seats, found.different), (230, Vec::new()));
    assert!(found.responses > 1_500, "{}", found.responses);
    assert!(app.number("SELECT COUNT(*) FROM tallies").await > 200);
}
