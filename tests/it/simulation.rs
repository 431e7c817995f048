//! The simulation: whatever chance brings, made-up answers hold together, and the same seed gives the same rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use warmly::db::{Many, Value, is_clash};
use warmly::operate::bulk::{Size, simulate};
use warmly::operate::habits::Habit;
use warmly::operate::simulate::{Gone, go};
use warmly::operate::tallies::compare;
use warmly::operate::words::{Deck, OwnWords, built_in};
use warmly::practice::replay;
use warmly::scenario::Scenario;
use warmly::scenario::publish::readable;
use warmly::scenario::rubric::Place;

use crate::app::TestApp;

/// What the two cohorts of the demo are given.
pub(crate) const GIVEN: [&str; 4] =
    ["friends-now", "goodbye-at-discharge", "just-call-the-hospital", "not-doing-well"];

static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let mut files = warmly::scenario::publish::built_in();
    let gate = include_str!("fixtures/garden-gate.toml");
    files.push(("garden-gate.toml".to_owned(), gate.to_owned()));
    files.iter().map(|(name, text)| readable(name, text).expect("a scenario without errors")).collect()
});

static WORDS: LazyLock<BTreeMap<String, OwnWords>> = LazyLock::new(|| built_in().expect("own words"));

#[test]
fn own_words_belong_to_turns_that_ask_for_them() {
    assert_eq!(WORDS.keys().map(String::as_str).collect::<Vec<_>>(), GIVEN);
    for (slug, words) in &*WORDS {
        let scenario = SCENARIOS.iter().find(|scenario| scenario.slug == *slug).expect("a scenario");
        for (turn_id, said) in words.turns() {
            let turn = scenario.turns.get(turn_id);
            assert!(turn.is_some_and(|turn| turn.ask_own_words), "{slug}: {turn_id}");
            assert!(!said.at(Place::Keeps).is_empty(), "{slug}: nobody keeps at {turn_id}");
        }
        let all: Vec<&str> = words.all().collect();
        let distinct: BTreeSet<&str> = all.iter().copied().collect();
        assert!(distinct.len() >= 60, "{slug} has {}", distinct.len());
        assert_eq!(distinct.len(), all.len(), "{slug} says something twice");
        for text in all {
            assert!(!text.trim().is_empty() && text.chars().count() <= 1000, "{slug}: {text}");
        }
    }
}

/// One attempt of somebody with this habit.
fn gone(scenario: &Scenario, habit: Habit, nth: u32, seed: u64) -> Gone {
    let mut deck = Deck::new(WORDS.get(&scenario.slug).cloned().unwrap_or_default());
    go(&mut StdRng::seed_from_u64(seed), scenario, &mut deck, habit, nth, 1_000_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_chance_brings_an_attempt_holds_together(seed in 0_u64..1_000_000, nth in 1_u32..=3) {
        for scenario in SCENARIOS.iter() {
            for habit in Habit::ALL {
                let gone = gone(scenario, habit, nth, seed);
                let walk = replay(scenario, &gone.openings, &gone.responses);
                prop_assert_eq!(walk.answered().count(), gone.responses.len(), "every response is reached");
                prop_assert_eq!(walk.ending.is_some(), gone.ended_at.is_some(), "it ends only at an ending");
                prop_assert_eq!(&gone, &super::simulation::gone(scenario, habit, nth, seed));
                let opened = walk.steps.iter().filter(|step| step.opening.is_some()).count();
                prop_assert_eq!(opened, gone.openings.len(), "no opening lies beyond");
                let mut before = gone.started_at;
                for step in &walk.steps {
                    let Some(opening) = step.opening else { continue };
                    let ids: BTreeSet<&str> = step.turn.replies.iter().map(|reply| reply.id.as_str()).collect();
                    let order: BTreeSet<&str> = opening.reply_order.iter().map(String::as_str).collect();
                    prop_assert_eq!(ids, order);
                    prop_assert!(opening.own_words.is_none() || step.turn.ask_own_words);
                    prop_assert!(step.turn.ask_own_words || opening.opened_at == before, "it opens at once");
                    prop_assert!(opening.opened_at >= before);
                    let Some(answer) = step.answer else { continue };
                    let thought = answer.response.answered_at - opening.opened_at;
                    prop_assert!((8_000..=91_000).contains(&thought), "{} ms", thought);
                    before = answer.response.answered_at;
                }
                for number in gone.placements.keys() {
                    prop_assert!(gone.responses.contains_key(number));
                    prop_assert!(gone.openings[number].own_words.is_some());
                }
            }
        }
    }
}

/// Everything recorded of every attempt, and of whoever made them.
pub(crate) async fn rows(app: &TestApp) -> Vec<Vec<String>> {
    vec![
        app.column("SELECT id || nurse_id || purpose || COALESCE(seat_id, '') FROM attempts ORDER BY id")
            .await,
        app.column(
            "SELECT attempt_id || COALESCE(own_words, '-') || reply_order || CAST(opened_at AS TEXT)
             FROM openings ORDER BY attempt_id, turn_number",
        )
        .await,
        app.column(
            "SELECT attempt_id || turn_id || reply_id || COALESCE(sureness, '-') || CAST(answered_at AS TEXT)
             FROM responses ORDER BY attempt_id, turn_number",
        )
        .await,
        app.column("SELECT attempt_id || place FROM placements ORDER BY attempt_id, turn_number").await,
        app.column("SELECT attempt_id || feeling FROM reflections ORDER BY attempt_id").await,
        app.column("SELECT attempt_id FROM completions ORDER BY attempt_id").await,
        app.column("SELECT id || text FROM comments ORDER BY id").await,
        app.column("SELECT id || name FROM seats ORDER BY id").await,
    ]
}

#[tokio::test]
async fn large_data_is_as_large_as_asked_and_the_same_again() {
    let size = Size { nurses: 230, responses: 1_500, seed: 3 };
    let (one, other) = (TestApp::new().await, TestApp::new().await);
    let done = simulate(&one.app, size).await.expect("data");
    simulate(&other.app, size).await.expect("data");
    assert_eq!(one.number("SELECT COUNT(*) FROM nurses").await, 230);
    assert_eq!(one.number("SELECT COUNT(*) FROM cohorts").await, 2, "two hundred share a cohort");
    assert_eq!(
        one.number("SELECT COUNT(*) FROM responses").await,
        i64::try_from(done.responses).expect("few")
    );
    assert!((1_500..1_560).contains(&done.responses), "{done}");
    assert!(done.to_string().contains("rows a second"));
    let written = "SELECT (SELECT COUNT(*) FROM attempts) + (SELECT COUNT(*) FROM openings)
         + (SELECT COUNT(*) FROM responses) + (SELECT COUNT(*) FROM placements)";
    assert_eq!(one.number(written).await, i64::try_from(done.rows).expect("few"));
    let disorder =
        "SELECT COUNT(*) FROM attempts a JOIN attempts b ON a.id < b.id AND a.started_at > b.started_at";
    assert_eq!(one.number(disorder).await, 0, "ids sort by time");
    let counted = compare(&one.app.db).await.expect("a recount");
    assert_eq!(counted.different, [""; 0], "every tally says what the records say");
    assert_eq!(counted.seats, 230);
    let assigned = "SELECT COUNT(*) FROM responses r JOIN attempts a ON a.id = r.attempt_id
         WHERE a.seat_id IS NOT NULL";
    assert_eq!(one.number(assigned).await, i64::try_from(counted.responses).expect("few"));
    let two = rows(&other).await;
    for (table, again) in rows(&one).await.iter().zip(&two).filter(|(table, _)| !table.is_empty()) {
        assert_eq!(table, again);
    }
}

#[tokio::test]
async fn many_rows_are_written_each_once_or_none_at_all() {
    let app = TestApp::new().await;
    let mut before = app.number("SELECT COUNT(*) FROM settings").await;
    let write = async |prefix: &'static str, rows: usize| {
        let mut many = Many::new("INSERT INTO settings (name, value)", 2);
        for row in 0..rows {
            many.push([Value::Text(format!("{prefix}{row}")), Value::Text(format!("value {row}"))]);
        }
        assert_eq!(many.rows(), rows);
        let written: sqlx::Result<()> = app
            .app
            .db
            .write(move |conn| {
                let many = many.clone();
                Box::pin(async move { many.insert(conn).await })
            })
            .await;
        written
    };
    for (prefix, rows) in [("a", 0), ("b", 1), ("c", 37), ("d", 256), ("e", 701)] {
        write(prefix, rows).await.expect("written");
        before += i64::try_from(rows).expect("few");
        assert_eq!(app.number("SELECT COUNT(*) FROM settings").await, before, "{rows}");
    }
    assert_eq!(app.column("SELECT value FROM settings WHERE name = 'e700'").await, ["value 700"]);
    // Its last row is there already: none of the others comes.
    write("f7", 1).await.expect("written");
    assert!(is_clash(&write("f", 71).await.expect_err("a clash")));
    assert_eq!(app.number("SELECT COUNT(*) FROM settings WHERE name LIKE 'f%'").await, 1);
}

#[test]
fn nobody_says_the_same_twice_before_everything_was_said() {
    let words = &WORDS["friends-now"];
    let (_, said) = words.turns().find(|(turn, _)| *turn == "darla").expect("a turn");
    let all = said.at(Place::Keeps).len();
    let (mut deck, mut chance) = (Deck::new(words.clone()), StdRng::seed_from_u64(1));
    let dealt: Vec<_> = (0..all * 2).filter_map(|_| deck.deal(&mut chance, "darla", Place::Keeps)).collect();
    let (first, second) = dealt.split_at(all);
    for round in [first, second] {
        assert_eq!(round.iter().collect::<BTreeSet<_>>().len(), all);
    }
    assert_eq!(deck.deal(&mut chance, "no-such-turn", Place::Keeps), None);
}
