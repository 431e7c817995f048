//! Published revisions and local words: written once, never changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Scenario;
use super::library::{Library, Revision};
use super::policy::Policy;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// Makes publishing wait until no other process publishes; the turn lasts until the transaction ends. Gives its number,
/// which every process takes as the version of what is in force then.
pub async fn take_turn(conn: &mut Conn) -> sqlx::Result<i64> {
    let (turn,) = sql!(
        conn,
        fetch_one as (i64,),
        "INSERT INTO publishing (id, turns) VALUES (1, 1)
         ON CONFLICT (id) DO UPDATE SET turns = publishing.turns + 1
         RETURNING turns"
    )?;
    Ok(turn)
}

/// The number of the last turn; 0 before the first start.
pub async fn last_turn(conn: &mut Conn) -> sqlx::Result<i64> {
    let (turn,) =
        sql!(conn, fetch_one as (i64,), "SELECT COALESCE(MAX(turns), 0) FROM publishing WHERE id = 1")?;
    Ok(turn)
}

/// Makes these revisions the catalogue, in this order.
pub async fn put_catalogue(conn: &mut Conn, revisions: &[Arc<Revision>]) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM catalogue")?;
    for (position, revision) in (0_i64..).zip(revisions) {
        sql!(
            conn,
            execute,
            "INSERT INTO catalogue (slug, revision_id, position) VALUES ($1, $2, $3)",
            revision.scenario.slug.as_str(),
            revision.id.as_str(),
            position
        )?;
    }
    Ok(())
}

/// What is in force by the database's word, as of one moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ruling {
    /// The number of the turn that put it in force.
    pub turn: i64,
    /// The version of the local words.
    pub policy_version: i64,
    /// The ids of the catalogue's revisions, in its order.
    pub revisions: Vec<String>,
}

/// What is in force: one statement, so that all of it is of the same moment. None before the first start.
pub async fn ruling(conn: &mut Conn) -> sqlx::Result<Option<Ruling>> {
    let rows = sql!(
        conn,
        fetch_all as (i64, i64, Option<String>),
        "SELECT p.turns, (SELECT COALESCE(MAX(version), 0) FROM policies), c.revision_id
         FROM publishing p LEFT JOIN catalogue c ON TRUE WHERE p.id = 1 ORDER BY c.position"
    )?;
    let Some((turn, policy_version, _)) = rows.first() else { return Ok(None) };
    let (turn, policy_version) = (*turn, *policy_version);
    Ok(Some(Ruling { turn, policy_version, revisions: rows.into_iter().filter_map(|row| row.2).collect() }))
}

/// Publishes a scenario as a new revision, or finds the revision that already has this very content.
pub async fn publish(conn: &mut Conn, scenario: Scenario, id: &str, now: Millis) -> anyhow::Result<Revision> {
    let content = serde_json::to_string(&scenario)?;
    let hash = scenario.content_hash();
    let slug = scenario.slug.as_str();
    let known = sql!(
        conn,
        fetch_optional as (String, i64),
        "SELECT id, number FROM revisions WHERE slug = $1 AND hash = $2",
        slug,
        &hash
    )?;
    if let Some((id, number)) = known {
        return Ok(Revision::new(id, number, scenario));
    }
    let (number,) = sql!(
        conn,
        fetch_one as (i64,),
        "INSERT INTO revisions (id, slug, number, hash, content, published_at)
         SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5 FROM revisions WHERE slug = $2
         RETURNING number",
        id,
        slug,
        &hash,
        content,
        now
    )?;
    for (turn_id, turn) in &scenario.turns {
        sql!(
            conn,
            execute,
            "INSERT INTO revision_turns (revision_id, turn_id, content_hash) VALUES ($1, $2, $3)",
            id,
            turn_id,
            turn.content_hash()
        )?;
    }
    Ok(Revision::new(id.to_owned(), number, scenario))
}

/// Makes these local words the version in force, unless they are that already. Gives their version.
pub async fn adopt_policy(conn: &mut Conn, policy: &Policy, now: Millis) -> anyhow::Result<i64> {
    let texts = serde_json::to_string(policy)?;
    let latest = sql!(
        conn,
        fetch_optional as (i64, String),
        "SELECT version, texts FROM policies ORDER BY version DESC LIMIT 1"
    )?;
    match latest {
        Some((version, stored)) if stored == texts => Ok(version),
        latest => {
            let version = latest.map_or(1, |(version, _)| version + 1);
            sql!(
                conn,
                execute,
                "INSERT INTO policies (version, texts, made_at) VALUES ($1, $2, $3)",
                version,
                texts,
                now
            )?;
            Ok(version)
        }
    }
}

/// The version of the local words that is in force; 0 before the first start.
pub async fn latest_policy(conn: &mut Conn) -> sqlx::Result<i64> {
    let (version,) = sql!(conn, fetch_one as (i64,), "SELECT COALESCE(MAX(version), 0) FROM policies")?;
    Ok(version)
}

/// The local words that an administrator filled in, by slot.
pub async fn local_words(conn: &mut Conn) -> sqlx::Result<BTreeMap<String, String>> {
    let rows = sql!(conn, fetch_all as (String, String), "SELECT name, text FROM policy_slots")?;
    Ok(rows.into_iter().collect())
}

/// Fills a slot; an empty text gives it back to its neutral default.
pub async fn put_local_words(conn: &mut Conn, slot: &str, text: &str) -> sqlx::Result<()> {
    if text.is_empty() {
        return sql!(conn, execute, "DELETE FROM policy_slots WHERE name = $1", slot).map(drop);
    }
    sql!(
        conn,
        execute,
        "INSERT INTO policy_slots (name, text) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET text = excluded.text",
        slot,
        text
    )
    .map(drop)
}

/// A revision by its id: from memory, or read once and kept there.
pub async fn revision(conn: &mut Conn, library: &Library, id: &str) -> anyhow::Result<Arc<Revision>> {
    if let Some(known) = library.known_revision(id) {
        return Ok(known);
    }
    let (number, content) =
        sql!(conn, fetch_one as (i64, String), "SELECT number, content FROM revisions WHERE id = $1", id)?;
    let scenario = serde_json::from_str(&content)?;
    let revision = Arc::new(Revision::new(id.to_owned(), number, scenario));
    library.keep_revision(Arc::clone(&revision));
    Ok(revision)
}

/// A published revision as it is stored.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Stored {
    /// Its id.
    pub id: String,
    /// The scenario's slug.
    pub slug: String,
    /// Counted from 1 within the slug.
    pub number: i64,
    /// The hash of what was published.
    pub hash: String,
    /// What was published, as JSON.
    pub content: String,
}

/// The next revisions after this id, in the order of their ids.
pub async fn stored_after(conn: &mut Conn, id: &str, most: i64) -> sqlx::Result<Vec<Stored>> {
    sql!(
        conn,
        fetch_all as Stored,
        "SELECT id, slug, number, hash, content FROM revisions WHERE id > $1 ORDER BY id LIMIT $2",
        id,
        most
    )
}

/// A version of the local words: from memory, or read once and kept there.
pub async fn policy(conn: &mut Conn, library: &Library, version: i64) -> anyhow::Result<Arc<Policy>> {
    if let Some(known) = library.known_policy(version) {
        return Ok(known);
    }
    let (texts,) =
        sql!(conn, fetch_one as (String,), "SELECT texts FROM policies WHERE version = $1", version)?;
    let policy: Arc<Policy> = Arc::new(serde_json::from_str(&texts)?);
    library.keep_policy(version, Arc::clone(&policy));
    Ok(policy)
}
