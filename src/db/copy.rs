//! Copies of a SQLite file that are whole while it is in use, and what is found when a file is looked at closely.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::model::{odd_values, strange, unlike};
use super::{Db, OpenError};

/// What stands in a file that was found sound.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contents {
    /// The last step its tables have been brought through.
    pub step: i64,
    /// Every table of ours that is in it with its number of rows, by name.
    pub rows: Vec<(String, i64)>,
}

impl Contents {
    /// How many rows this table has; 0 where there is no such table.
    #[must_use]
    pub fn rows_of(&self, table: &str) -> i64 {
        self.rows.iter().find(|(name, _)| name == table).map_or(0, |(_, rows)| *rows)
    }
}

/// Why a file is not a sound database of this program, in words for an administrator.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// There is no such file.
    #[error("there is no file {0}")]
    Missing(String),
    /// It is something else.
    #[error("{0} is no SQLite database: it is another kind of file, or its beginning is damaged")]
    OtherKind(String),
    /// It belongs to another program.
    #[error("{0} is a database, but not one of Warmly, no")]
    Foreign(String),
    /// A newer program has made it.
    #[error(
        "{0} belongs to a newer version of Warmly, no (it has step {1}, which this version doesn't know)"
    )]
    Newer(String, i64),
    /// It holds what this program never makes: a view, a trigger, a table that is code. That would run in our name.
    #[error("{0} holds what Warmly, no never makes ({1:?}): another program has changed it")]
    Strange(String, String),
    /// Its tables are not what this program can run on, or were not brought there by its steps.
    #[error("{0} can't be run: {1}. Another program has changed it")]
    Unlike(String, String),
    /// What SQLite's own check says, its first line.
    #[error("{0} is damaged: {1}")]
    Damaged(String, String),
    /// Rows that point to rows which are not there.
    #[error("{0} is damaged: {1} of its rows name others that are not there, the first in the table {2}")]
    Loose(String, usize, String),
    /// It can't be read.
    #[error("{0} can't be read: {1}")]
    Sql(String, sqlx::Error),
}

/// The SQLite file that this address names; None where it names a server.
#[must_use]
pub fn file_of(url: &str) -> Option<PathBuf> {
    url.strip_prefix("sqlite:").map(|path| PathBuf::from(path.trim_start_matches("//")))
}

/// Writes a copy of the database at `from` to `to`, which must not exist or be empty: one committed state of it, while
/// others read and write. Nothing says yet that the copy is on the disk.
pub async fn copy(from: &Path, to: &Path) -> sqlx::Result<()> {
    let Some(place) = to.to_str() else {
        return Err(sqlx::Error::Io(std::io::Error::other("the name of the copy is not plain text")));
    };
    let mut conn = connect(from, true).await?;
    let done = sqlx::query("VACUUM INTO ?1").bind(place).execute(&mut conn).await;
    conn.close().await?;
    done.map(drop)
}

/// Looks at every page and every reference of a file, and counts its rows. It may be in use.
pub async fn inspect(file: &Path) -> Result<Contents, Unsound> {
    let name = file.display().to_string();
    if !file.is_file() {
        return Err(Unsound::Missing(name));
    }
    let unread = |cause: sqlx::Error| match damage(&cause) {
        Some("26") => Unsound::OtherKind(name.clone()),
        Some(_) => Unsound::Damaged(name.clone(), cause.to_string()),
        None => Unsound::Sql(name.clone(), cause),
    };
    let mut conn = connect(file, true).await.map_err(unread)?;
    if !is_ours(&mut conn).await.map_err(unread)? {
        return Err(Unsound::Foreign(name));
    }
    if let Some(what) = strange(&mut conn).await.map_err(unread)? {
        return Err(Unsound::Strange(name, what));
    }
    let step = step_of(&mut conn).await.map_err(unread)?;
    let known = Db::steps().last().copied().unwrap_or_default();
    match step {
        None | Some(0) => Err(Unsound::Foreign(name)),
        Some(step) if step > known => Err(Unsound::Newer(name, step)),
        Some(step) => {
            whole(&mut conn, &name).await?;
            if let Some(what) = unlike(&mut conn, step).await.map_err(unread)? {
                return Err(Unsound::Unlike(name, what));
            }
            let rows = rows(&mut conn).await.map_err(unread)?;
            conn.close().await.map_err(unread)?;
            Ok(Contents { step, rows })
        }
    }
}

/// The columns of a file that was found sound, as `table.column (rows)`, in which rows hold values of another kind than
/// the column says.
pub async fn values_of_another_kind(file: &Path, contents: &Contents) -> sqlx::Result<Vec<String>> {
    let mut conn = connect(file, true).await?;
    let odd = odd_values(&mut conn, contents.step).await?;
    conn.close().await?;
    Ok(odd)
}

/// What tells the installation that this file belongs to from every other; None where it is no database of ours, or can't
/// be read.
pub async fn installation_of(file: &Path) -> Option<String> {
    if !file.symlink_metadata().is_ok_and(|about| about.is_file()) {
        return None;
    }
    let mut conn = connect(file, true).await.ok()?;
    let text = "SELECT value FROM settings WHERE name = 'installation'";
    let found: Option<(String,)> = match is_ours(&mut conn).await {
        Ok(true) => sqlx::query_as(text).fetch_optional(&mut conn).await.ok()?,
        _ => None,
    };
    drop(conn.close().await);
    found.map(|(value,)| value)
}

/// Whether there is something in this file and it is another program's; nothing in it is run to find out. False where it
/// can't be told.
pub(super) async fn is_foreign(file: &Path) -> bool {
    let Ok(mut conn) = connect(file, true).await else { return false };
    let count: sqlx::Result<(i64,)> =
        sqlx::query_as("SELECT count(*) FROM sqlite_schema").fetch_one(&mut conn).await;
    let is_foreign = matches!(count, Ok((1..,))) && matches!(is_ours(&mut conn).await, Ok(false));
    drop(conn.close().await);
    is_foreign
}

/// Which kind of damage this error speaks of: 11, pages that make no sense; 26, no database at all.
fn damage(cause: &sqlx::Error) -> Option<&'static str> {
    let code = cause.as_database_error()?.code()?.parse::<u32>().ok()?;
    match code & 0xff {
        11 => Some("11"),
        26 => Some("26"),
        _ => None,
    }
}

/// The last step that a file's tables have been brought through; None where it has none of ours.
pub(super) async fn newest_step(file: &Path) -> sqlx::Result<Option<i64>> {
    let mut conn = connect(file, true).await?;
    let step = step_of(&mut conn).await?;
    conn.close().await?;
    Ok(step)
}

/// Whether it has tables of ours; nothing in it is run to find out.
async fn is_ours(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    let ours = "SELECT count(*) FROM sqlite_schema
        WHERE type = 'table' AND name IN ('_sqlx_migrations', 'nurses', 'attempts')";
    sqlx::query_as(ours).fetch_one(conn).await.map(|(ours,): (i64,)| ours == 3)
}

async fn step_of(conn: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    if !is_ours(conn).await? {
        return Ok(None);
    }
    let newest = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
    sqlx::query_as(newest).fetch_one(conn).await.map(|(step,): (i64,)| Some(step))
}

async fn whole(conn: &mut SqliteConnection, name: &str) -> Result<(), Unsound> {
    let said: Result<Vec<(String,)>, _> =
        sqlx::query_as("PRAGMA integrity_check(1)").fetch_all(&mut *conn).await;
    let said = said.map_err(|cause| Unsound::Damaged(name.to_owned(), cause.to_string()))?;
    if let Some((first,)) = said.into_iter().find(|(line,)| line != "ok") {
        return Err(Unsound::Damaged(name.to_owned(), first.replace('\n', " ")));
    }
    let loose: Result<Vec<(String,)>, _> =
        sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(conn).await;
    let loose = loose.map_err(|cause| Unsound::Sql(name.to_owned(), cause))?;
    match loose.first() {
        Some((table,)) => Err(Unsound::Loose(name.to_owned(), loose.len(), table.clone())),
        None => Ok(()),
    }
}

/// Tables, each with the statement that counts its rows.
macro_rules! counted {
    ($($table:ident)*) => {
        [$((stringify!($table), concat!("SELECT count(*) FROM ", stringify!($table)))),*]
    };
}

/// Every table of ours, by name.
const TABLES: [(&str, &str); 36] = counted! {
    _sqlx_migrations assignments attempts audit blacked_out catalogue cohorts comment_answers comments
    completions half_sessions known_devices links marked_elements markings memberships nurses openings
    placements policies policy_slots practice_counts publishing recovery_codes reflections responses
    revision_turns revisions samples seats second_steps sessions settings staff tallies tries
};

async fn rows(conn: &mut SqliteConnection) -> sqlx::Result<Vec<(String, i64)>> {
    let there = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let there: Vec<(String,)> = sqlx::query_as(there).fetch_all(&mut *conn).await?;
    let mut rows = Vec::with_capacity(there.len());
    for (name, count) in TABLES {
        // An older version has fewer.
        if there.iter().any(|(there,)| there == name) {
            let (count,): (i64,) = sqlx::query_as(count).fetch_one(&mut *conn).await?;
            rows.push((name.to_owned(), count));
        }
    }
    Ok(rows)
}

/// What a copy that is to be served again lets go, where it has that table. The guards are put up anew at the start.
const STALE: [(&str, &str); 5] = [
    ("sessions", "DELETE FROM sessions WHERE kind = 'staff'"),
    ("half_sessions", "DELETE FROM half_sessions"),
    ("known_devices", "DELETE FROM known_devices"),
    ("audit", "DROP TRIGGER IF EXISTS audit_stays"),
    ("audit", "DROP TRIGGER IF EXISTS audit_is_kept"),
];

/// Ends, in a copy that nobody has open and that holds `contents`, the sessions of everybody of the staff, and forgets
/// their browsers: some of them were ended since. Gives how many sessions were ended. Those of nurses stay: for many,
/// the browser is all that leads back.
pub async fn sign_staff_out(file: &Path, contents: &Contents) -> sqlx::Result<u64> {
    let mut conn = connect(file, false).await?;
    let done = let_go_of_stale(&mut conn, contents).await;
    conn.close().await?;
    done
}

async fn let_go_of_stale(conn: &mut SqliteConnection, contents: &Contents) -> sqlx::Result<u64> {
    // Nothing of it can be read in the file either.
    sqlx::query("PRAGMA secure_delete = ON").execute(&mut *conn).await?;
    let mut all = conn.begin().await?;
    let mut sessions = 0;
    for (table, statement) in STALE {
        if contents.rows.iter().any(|(name, _)| name == table) {
            let gone = sqlx::query(statement).execute(&mut *all).await?.rows_affected();
            if table == "sessions" {
                sessions = gone;
            }
        }
    }
    all.commit().await?;
    Ok(sessions)
}

pub(super) async fn connect(file: &Path, read_only: bool) -> sqlx::Result<SqliteConnection> {
    let patience = std::time::Duration::from_secs(5);
    SqliteConnectOptions::new().filename(file).read_only(read_only).busy_timeout(patience).connect().await
}

impl Db {
    /// The step that the SQLite file at `url` has reached, where this version brings it further; None where there is
    /// nothing to keep a copy of: a new file, one that is up to date, or a server.
    pub async fn step_before_upgrade(url: &str) -> Result<Option<i64>, OpenError> {
        let Some(file) = file_of(url).filter(|file| file.is_file()) else { return Ok(None) };
        let known = Self::steps().last().copied().unwrap_or_default();
        Ok(newest_step(&file).await?.filter(|step| (1..known).contains(step)))
    }
}
