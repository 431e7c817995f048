//! The data that is measured on: made by the app's own simulation, with sessions for everybody put in beside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use warmly::clock::Clock;
use warmly::db::{Db, Many, Value};
use warmly::sql;
use warmly::token::token_hash;

use crate::product::run;

/// About how many answers each simulated nurse gives.
const EACH: usize = 280;

/// How many nurses sit in a whole cohort, and in the last one: the last has the same size however much data there is.
const COHORT: usize = 200;
const LAST: usize = 36;

/// A nurse with a session.
#[derive(Clone, Debug)]
pub(crate) struct Nurse {
    pub(crate) id: String,
    pub(crate) seat: String,
    pub(crate) cohort: String,
    pub(crate) token: String,
}

/// An installation with data in it.
pub(crate) struct World {
    pub(crate) url: String,
    /// The folder of its file; none on PostgreSQL.
    pub(crate) folder: Option<PathBuf>,
    /// How many responses it holds.
    pub(crate) responses: usize,
    /// How long making them took; none where they were there from before.
    pub(crate) made_in: Option<Duration>,
    /// The first of its nurses, at most 5,000, by id.
    pub(crate) nurses: Vec<Nurse>,
    /// Its cohorts, oldest first.
    pub(crate) cohorts: Vec<String>,
    /// The session of the educator of every cohort.
    pub(crate) educator: String,
    /// The session of an administrator.
    pub(crate) administrator: String,
    /// The assignment of a scenario in a cohort.
    pub(crate) assignments: BTreeMap<(String, String), String>,
}

/// How many nurses share so many responses, about 280 each: whole cohorts, and one of 36.
pub(crate) fn nurses_for(responses: usize) -> usize {
    let cohorts = (responses / EACH).saturating_sub(LAST) + COHORT / 2;
    cohorts / COHORT * COHORT + LAST
}

impl World {
    /// In a file of its own in this folder. What is there from an earlier run is used again where `keep` says so.
    pub(crate) async fn in_folder(
        folder: &Path,
        nurses: usize,
        responses: usize,
        keep: bool,
    ) -> anyhow::Result<Self> {
        let (file, made) = (folder.join("warmly.sqlite"), folder.join("made"));
        let size = format!("{nurses} {responses}");
        let there = keep && std::fs::read_to_string(&made).is_ok_and(|text| text == size);
        if !there {
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
            std::fs::create_dir_all(folder)?;
        }
        let url = crate::product::sqlite(&file);
        let world = Self::at(&url, nurses, responses, !there).await?;
        std::fs::write(made, size)?;
        Ok(Self { folder: Some(folder.to_owned()), ..world })
    }

    /// In the database at this address; `fresh`: nothing is in it yet.
    pub(crate) async fn at(url: &str, nurses: usize, responses: usize, fresh: bool) -> anyhow::Result<Self> {
        let mut made_in = None;
        if fresh {
            let (people, answers) = (nurses.to_string(), responses.to_string());
            println!("  … making {responses} responses of {nurses} nurses");
            let (said, took) = run(&["simulate", "--nurses", &people, "--responses", &answers], url)?;
            println!("  … {}", said.trim());
            made_in = Some(took);
        }
        let db = Db::open(url).await?;
        let world = Self { responses, made_in, ..Self::read(&db, url).await? };
        world.sign_everybody_in(&db).await?;
        db.close().await;
        Ok(world)
    }

    async fn read(db: &Db, url: &str) -> anyhow::Result<Self> {
        let mut conn = db.read().await?;
        let nurses = sql!(
            &mut conn,
            fetch_all as (String, String, String),
            "SELECT nurse_id, id, cohort_id FROM seats WHERE nurse_id IS NOT NULL ORDER BY id LIMIT 5000"
        )?;
        let nurse = |(id, seat, cohort): (String, String, String)| {
            let token = token_hash(&format!("speed {id}"));
            Nurse { id, seat, cohort, token }
        };
        let cohorts =
            sql!(&mut conn, fetch_all as (String,), "SELECT id FROM cohorts ORDER BY created_at, id")?;
        let assignments = sql!(
            &mut conn,
            fetch_all as (String, String, String),
            "SELECT cohort_id, slug, id FROM assignments"
        )?;
        Ok(Self {
            url: url.to_owned(),
            folder: None,
            responses: 0,
            made_in: None,
            nurses: nurses.into_iter().map(nurse).collect(),
            cohorts: cohorts.into_iter().map(|(id,)| id).collect(),
            educator: token_hash("speed educator"),
            administrator: token_hash("speed administrator"),
            assignments: assignments.into_iter().map(|(cohort, slug, id)| ((cohort, slug), id)).collect(),
        })
    }

    /// Sessions that stay fresh for as long as a run takes, so that reading a page writes nothing.
    async fn sign_everybody_in(&self, db: &Db) -> anyhow::Result<()> {
        let now = Clock::real().now() + 60 * 60 * 1000;
        // The staff's sessions may be no further ahead than clocks differ.
        let soon = Clock::real().now() + 4 * 60 * 1000;
        let mut sessions = Many::new(
            "INSERT INTO sessions (token_hash, kind, nurse_id, staff_id, own_device, created_at, last_seen_at)",
            7,
        );
        let mut session = |token: &str, nurse: Option<&str>, staff: Option<&str>| {
            sessions.push([
                Value::Text(token_hash(token)),
                Value::Text(if nurse.is_some() { "nurse" } else { "staff" }.to_owned()),
                Value::MaybeText(nurse.map(str::to_owned)),
                Value::MaybeText(staff.map(str::to_owned)),
                Value::Truth(nurse.is_some()),
                Value::Number(if nurse.is_some() { now } else { soon }),
                Value::Number(if nurse.is_some() { now } else { soon }),
            ]);
        };
        for nurse in &self.nurses {
            session(&nurse.token, Some(&nurse.id), None);
        }
        let mut conn = db.read().await?;
        let (educator,) = sql!(
            &mut conn,
            fetch_one as (String,),
            "SELECT id FROM staff WHERE educator ORDER BY created_at, id LIMIT 1"
        )?;
        drop(conn);
        let administrator = Clock::held(0, 1).new_id();
        session(&self.educator, None, Some(&educator));
        session(&self.administrator, None, Some(&administrator));
        let done: sqlx::Result<()> = db
            .write(move |conn| {
                let (sessions, administrator) = (sessions.clone(), administrator.clone());
                Box::pin(async move {
                    sql!(&mut *conn, execute, "DELETE FROM sessions")?;
                    // Nobody was away for so long that anything of hers is let go while it is measured.
                    sql!(&mut *conn, execute, "UPDATE nurses SET last_seen_at = $1", now)?;
                    sql!(
                        &mut *conn,
                        execute,
                        "INSERT INTO staff
                            (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)
                         VALUES ($1, 'speed@simulated.example', 'Speed', '', TRUE, FALSE, $2, $2)
                         ON CONFLICT DO NOTHING",
                        administrator.as_str(),
                        now
                    )?;
                    sessions.insert(conn).await
                })
            })
            .await;
        done.context("signing everybody in")
    }

    /// The file, on SQLite.
    pub(crate) fn file(&self) -> anyhow::Result<PathBuf> {
        Ok(self.folder.as_ref().context("no file")?.join("warmly.sqlite"))
    }

    /// A copy of the whole file, to do something else with. The original must be closed.
    pub(crate) fn copy(&self, name: &str) -> anyhow::Result<String> {
        let copy = self.folder.as_ref().context("no file")?.join(format!("{name}.sqlite"));
        for ending in ["-wal", "-shm"] {
            let mut side = copy.clone().into_os_string();
            side.push(ending);
            let _ = std::fs::remove_file(side);
        }
        std::fs::copy(self.file()?, &copy)?;
        Ok(crate::product::sqlite(&copy))
    }
}
