//! Attempts that wait for their answers: begun, with the replies of every turn before her, so that nothing but the
//! answer itself is sent. At some last turns she writes her own words first: about a tenth of all that is sent.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use warmly::clock::Clock;
use warmly::cohorts::AssignmentId;
use warmly::db::Db;
use warmly::practice::store::{AttemptRow, ManyRecords, tally_attempts};
use warmly::practice::tally::Tallied;
use warmly::practice::{AttemptId, Opening};
use warmly::scenario::Scenario;
use warmly::scenario::library::Library;
use warmly::sql;

use crate::driver::{Step, Steps, post};
use crate::world::World;

/// Turns of an attempt that are answered, at the most.
const LONGEST: usize = 8;

/// How many attempts are written in one transaction.
const TOGETHER: usize = 2_000;

/// One attempt and what is sent to it, in this order.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    token: String,
    posts: Vec<Post>,
}

#[derive(Clone, Copy, Debug)]
struct Post {
    turn: u32,
    /// Own words, or the position of a reply from 1.
    reply: Option<usize>,
}

/// A way through a scenario that is as long as any: turns, and the position of the reply at each.
struct Way<'a> {
    scenario: &'a Scenario,
    revision: String,
    turns: Vec<(&'a str, usize)>,
}

fn longest<'a>(scenario: &'a Scenario, turn_id: &'a str, left: usize) -> Vec<(&'a str, usize)> {
    let Some(turn) = scenario.turns.get(turn_id).filter(|_| left > 0) else { return Vec::new() };
    let ways = turn.replies.iter().enumerate().map(|(position, reply)| {
        let mut way = vec![(turn_id, position)];
        way.extend(longest(scenario, &reply.next, left - 1));
        way
    });
    ways.max_by_key(Vec::len).unwrap_or_default()
}

/// Every scenario as it is in force in this database, with the version of the local words.
async fn scenarios(db: &Db) -> anyhow::Result<(Vec<(String, Scenario)>, i64)> {
    let mut conn = db.read().await?;
    let rows = sql!(
        &mut conn,
        fetch_all as (String, String),
        "SELECT r.id, r.content FROM revisions r
         WHERE r.number = (SELECT MAX(n.number) FROM revisions n WHERE n.slug = r.slug) ORDER BY r.slug"
    )?;
    let (policy,) = sql!(&mut conn, fetch_one as (i64,), "SELECT MAX(version) FROM policies")?;
    let read = |(id, content): (String, String)| Ok((id, serde_json::from_str(&content)?));
    Ok((rows.into_iter().map(read).collect::<anyhow::Result<_>>()?, policy))
}

/// Begins so many attempts, assigned work and practice in turn, over all the nurses.
pub(crate) async fn prepare(world: &World, count: usize, seed: u64) -> anyhow::Result<Vec<Job>> {
    let db = Db::open(&world.url).await?;
    let (scenarios, policy) = scenarios(&db).await?;
    let way = |(revision, scenario): &'_ (String, Scenario)| {
        let turns = longest(scenario, &scenario.start, LONGEST);
        (
            revision.clone(),
            turns.len(),
            turns.iter().map(|(id, at)| ((*id).to_owned(), *at)).collect::<Vec<_>>(),
        )
    };
    let ways: Vec<_> = scenarios.iter().map(way).collect();
    let clock = Clock::held(Clock::real().now(), seed);
    let mut chance = StdRng::seed_from_u64(seed);
    let mut jobs = Vec::with_capacity(count);
    let mut begun = Begun::default();
    for nth in 0..count {
        let pick = chance.random_range(0..ways.len());
        let ((revision, _, turns), (_, scenario)) =
            (ways.get(pick).context("a way")?, scenarios.get(pick).context("a scenario")?);
        let way = Way {
            scenario,
            revision: revision.clone(),
            turns: turns.iter().map(|(id, at)| (id.as_str(), *at)).collect(),
        };
        jobs.push(begin(world, &way, &mut begun, (nth, policy), &clock, &mut chance)?);
        if (nth + 1) % TOGETHER == 0 || nth + 1 == count {
            write(&db, std::mem::take(&mut begun)).await?;
        }
    }
    db.close().await;
    Ok(jobs)
}

/// Attempts that are to be written, and what is to be added to the tallies.
#[derive(Default)]
struct Begun {
    records: ManyRecords,
    tallied: BTreeMap<String, Vec<Tallied>>,
    library: Library,
}

async fn write(db: &Db, begun: Begun) -> sqlx::Result<()> {
    let begun = Arc::new(begun);
    db.write(move |conn| {
        let begun = Arc::clone(&begun);
        Box::pin(async move {
            begun.records.insert(conn).await?;
            for (seat, tallied) in &begun.tallied {
                tally_attempts(conn, &begun.library, seat, tallied.clone()).await?;
            }
            Ok(())
        })
    })
    .await
}

fn begin(
    world: &World,
    way: &Way<'_>,
    begun: &mut Begun,
    (nth, policy): (usize, i64),
    clock: &Clock,
    chance: &mut StdRng,
) -> anyhow::Result<Job> {
    let nurse = world.nurses.get(nth % world.nurses.len()).context("a nurse")?;
    let assigned = (nth / world.nurses.len() + nth).is_multiple_of(2);
    let given = world.assignments.get(&(nurse.cohort.clone(), way.scenario.slug.clone()));
    let given = given.filter(|_| assigned);
    let id = clock.new_id();
    let row = AttemptRow {
        id: id.clone(),
        nurse_id: nurse.id.clone(),
        revision_id: way.revision.clone(),
        policy_version: policy,
        purpose: if given.is_some() { "assigned" } else { "practice" }.to_owned(),
        assignment_id: given.cloned(),
        seat_id: given.map(|_| nurse.seat.clone()),
        started_at: clock.now(),
    };
    begun.records.attempt(&row, &clock.new_token());
    let attempt = AttemptId::read(&id).context("an id")?;
    if let Some(given) = given {
        begun.tallied.entry(nurse.seat.clone()).or_default().push(Tallied {
            id: attempt.clone(),
            assignment: AssignmentId::read(given).context("an assignment")?,
            revision: way.revision.clone(),
            policy_version: policy,
            started_at: row.started_at,
            answers: Vec::new(),
        });
    }
    let mut posts = Vec::new();
    for ((turn_id, position), number) in way.turns.iter().zip(1_u32..) {
        let turn = way.scenario.turns.get(*turn_id).context("a turn")?;
        let last = usize::try_from(number)? == way.turns.len();
        let share = u32::try_from(way.turns.len())? * 10;
        if last && turn.ask_own_words && chance.random_range(0..90) < share {
            posts.push(Post { turn: number, reply: None });
        } else {
            let reply_order = turn.replies.iter().map(|reply| reply.id.clone()).collect();
            let opened_at = clock.now();
            let opening = Opening { own_words: None, words_gone: false, reply_order, opened_at };
            begun.records.opening(&attempt, number, turn_id, &opening);
        }
        posts.push(Post { turn: number, reply: Some(position + 1) });
    }
    Ok(Job { id, token: nurse.token.clone(), posts })
}

const WORDS: &str =
    "own=I+like+working+with+you%2C+and+I+don%E2%80%99t+give+out+my+number.+The+unit+can+always+reach+me.";

impl Job {
    /// The page of its first turn, where its replies are open.
    pub(crate) fn page(&self) -> Option<String> {
        self.posts.first()?.reply.map(|_| format!("/attempts/{}/1/replies", self.id))
    }

    /// The session of whoever makes it.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// How many answers are sent to it.
    pub(crate) fn answers(&self) -> usize {
        self.posts.iter().filter(|post| post.reply.is_some()).count()
    }

    /// How much is sent to it.
    pub(crate) fn sent(&self) -> usize {
        self.posts.len()
    }

    /// What is sent, in order. An answer's number: which job, and which turn; own words have none.
    fn steps(&self, nth: u64) -> impl Iterator<Item = Step> {
        self.posts.iter().map(move |send| {
            let address = format!("/attempts/{}/{}", self.id, send.turn);
            let (wire, tag) = match send.reply {
                None => (post(&address, &self.token, WORDS), u64::MAX),
                Some(reply) => {
                    let body = format!("reply={reply}");
                    let tag = nth << 8 | u64::from(send.turn);
                    (post(&format!("{address}/replies"), &self.token, &body), tag)
                }
            };
            Step { wire, expect: 303, tag, wait: Duration::ZERO }
        })
    }
}

/// Attempts that several loads use up, one after the other.
#[derive(Clone)]
pub(crate) struct Queue(Rc<RefCell<(usize, Rc<Vec<Job>>)>>);

impl Queue {
    pub(crate) fn new(jobs: &Rc<Vec<Job>>) -> Self {
        Self(Rc::new(RefCell::new((0, Rc::clone(jobs)))))
    }

    fn next(&self) -> Option<Vec<Step>> {
        let mut queue = self.0.borrow_mut();
        let (at, jobs) = &mut *queue;
        let job = jobs.get(*at)?;
        let steps = job.steps(u64::try_from(*at).ok()?).collect();
        *at += 1;
        Some(steps)
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        let queue = self.0.borrow();
        queue.1.len() - queue.0
    }

    /// Connections that each go through one attempt after another.
    pub(crate) fn connections(&self, count: usize) -> Vec<Steps> {
        let one = |_| -> Steps {
            let (queue, mut now) = (self.clone(), Vec::new().into_iter());
            Box::new(move || {
                now.next().or_else(|| {
                    now = queue.next()?.into_iter();
                    now.next()
                })
            })
        };
        (0..count).map(one).collect()
    }
}

/// The attempt and the turn that an answer's number names.
pub(crate) fn named(jobs: &[Job], tag: u64) -> Option<(&str, i64)> {
    let job = jobs.get(usize::try_from(tag >> 8).ok()?)?;
    Some((&job.id, i64::try_from(tag & 255).ok()?))
}
