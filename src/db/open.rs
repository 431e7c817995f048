//! Opening the database and bringing its tables up to date.

use std::path::Path;
use std::sync::Arc;

use sqlx::Connection as _;
use sqlx::migrate::{MigrateError, Migrator};

use super::copy::{file_of, is_foreign};
use super::lock::Held;
use super::postgres::Server;
use super::sqlite::File;
use super::{Counts, Db, Engine, guard, interrupted, lock, place};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!();

/// The text of every step.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|step| step.sql.as_str())
}

/// Why the database could not be opened, in words for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of neither kind.
    #[error("DATABASE_URL must begin with sqlite: or postgres://")]
    Scheme,
    /// The folder or file can't be made or written.
    #[error("the data folder {folder} can't be written: {cause}")]
    Folder {
        /// The folder's name.
        folder: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// There is no such file.
    #[error("there is no database at {0}: name the folder of the data with --data-dir")]
    Missing(String),
    /// It belongs to another program.
    #[error("{0} is a database, but not one of Warmly, no")]
    Foreign(String),
    /// A newer program has changed the file.
    #[error(
        "this database belongs to a newer version of Warmly, no (it has step {0}, which this version doesn't \
         know). Start that version, or restore the copy made before the upgrade."
    )]
    Newer(i64),
    /// The database could not be opened or brought up to date.
    #[error("the database can't be opened: {0}")]
    Sql(#[from] sqlx::Error),
    /// A step of bringing it up to date failed.
    #[error("the database can't be brought up to date: {0}")]
    Migrate(MigrateError),
    /// Another process serves this file.
    #[error(
        "another Warmly, no is using the file {0}. Stop the other one, or name another folder with --data-dir"
    )]
    Held(String),
    /// A restore that was cut short can't be ended.
    #[error("a restore of {file} was interrupted and can't be ended: {cause}")]
    Restore {
        /// The file's name.
        file: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl Db {
    /// Opens `url`; a SQLite file and its folder are made when missing. No other process may have it open in this way.
    /// Call [`Db::migrate`] next.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_as(url, true).await
    }

    /// Opens `url`, with the lock on its file or beside whoever holds that.
    async fn open_as(url: &str, alone: bool) -> Result<Self, OpenError> {
        let counts = Arc::new(Counts::default());
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self { engine: Engine::Postgres(Server::open(url).await?), counts });
        }
        let file = file_of(url).ok_or(OpenError::Scheme)?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            writable(folder)
                .map_err(|cause| OpenError::Folder { folder: folder.display().to_string(), cause })?;
        }
        let held = if alone { Some(lock_on(&file)?) } else { None };
        if alone {
            interrupted::finish(&file)
                .await
                .map_err(|cause| OpenError::Restore { file: file.display().to_string(), cause })?;
        }
        if is_foreign(&file).await {
            return Err(OpenError::Foreign(file.display().to_string()));
        }
        if alone {
            place::make_file(&file)
                .map_err(|cause| OpenError::Folder { folder: file.display().to_string(), cause })?;
            place::close_to_others(&file);
        }
        let file = File::open(&file, Arc::clone(&counts), held).await?;
        Ok(Self { engine: Engine::Sqlite(file), counts })
    }

    /// Opens a database that is there and was not changed by a newer program, for whoever looks at it or mends it.
    pub async fn open_existing(url: &str) -> Result<Self, OpenError> {
        if let Some(file) = file_of(url).filter(|file| !file.is_file()) {
            return Err(OpenError::Missing(file.display().to_string()));
        }
        let db = Self::open_as(url, false).await?;
        let newest = db.step().await?;
        let known = Self::steps().last().copied().unwrap_or_default();
        if newest > known {
            db.close().await;
            return Err(OpenError::Newer(newest));
        }
        Ok(db)
    }

    /// The last step that the tables have been brought through.
    pub async fn step(&self) -> sqlx::Result<i64> {
        let newest = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
        crate::sql!(&mut self.read().await?, fetch_one as (i64,), newest).map(|(step,)| step)
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        self.migrate_to(i64::MAX).await
    }

    /// Every step of bringing the tables up to date, oldest first.
    #[must_use]
    pub fn steps() -> Vec<i64> {
        MIGRATIONS.iter().map(|step| step.version).collect()
    }

    /// Brings the tables up to this step and no further. In a file all steps are one transaction: whatever happens, the
    /// file is as it was before, or has them all.
    pub async fn migrate_to(&self, step: i64) -> Result<(), OpenError> {
        let done = match &self.engine {
            Engine::Sqlite(file) => together(file, step).await,
            Engine::Postgres(server) => MIGRATIONS.run_to(step, &server.unlimited().await?).await,
        };
        done.map_err(|error| match error {
            MigrateError::VersionMissing(step) => OpenError::Newer(step),
            other => OpenError::Migrate(other),
        })?;
        if Self::steps().last().is_none_or(|last| *last <= step) {
            guard::the_audit_log(self).await?;
        }
        Ok(())
    }
}

/// The lock on this file, which must be one that can be written to, where it is there.
fn lock_on(file: &Path) -> Result<Held, OpenError> {
    let name = file.display().to_string();
    if file.exists()
        && let Err(cause) = std::fs::File::options().append(true).open(file)
    {
        return Err(OpenError::Folder { folder: name, cause });
    }
    match lock::hold(file) {
        Ok(held) => held.ok_or(OpenError::Held(name)),
        Err(cause) => Err(OpenError::Folder { folder: name, cause }),
    }
}

async fn together(file: &File, step: i64) -> Result<(), MigrateError> {
    let mut conn = file.writing().await.acquire().await?;
    let mut all = conn.begin_with("BEGIN IMMEDIATE").await?;
    // What `run_to` does with a connection; `run_to` itself can't be awaited on another thread (sqlx 0.9.0).
    MIGRATIONS.run_direct(Some(step), &mut *all, false).await?;
    all.commit().await?;
    Ok(())
}

/// Makes the folder when it is missing, and makes sure that a file can be written in it: one with a name of chance, so
/// that nobody has put a link there.
fn writable(folder: &Path) -> std::io::Result<()> {
    place::make_folder(folder)?;
    tempfile::Builder::new().prefix(".writable-").tempfile_in(folder)?.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_can_share_a_transaction_with_the_others() {
        assert!(MIGRATIONS.iter().all(|step| !step.no_tx), "a file would be met between two steps");
    }
}
