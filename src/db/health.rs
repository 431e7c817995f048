//! Whether what is written is kept: what is known of it, and a way to try it out.

use super::watch::{Room, Trouble};
use super::{Db, Engine, away};

impl Db {
    /// What stands in the way of writing, as far as it is known without trying. Of a server nothing is.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match &self.engine {
            Engine::Sqlite(file) => file.watch.in_the_way(),
            Engine::Postgres(_) => None,
        }
    }

    /// How much room is left on the disk of the file. A server looks after its own.
    #[must_use]
    pub fn room(&self) -> Room {
        match &self.engine {
            Engine::Sqlite(file) => file.watch.room(),
            Engine::Postgres(_) => Room::Enough,
        }
    }

    /// How many bytes of that disk are free, where it is known.
    #[must_use]
    pub fn free(&self) -> Option<u64> {
        match &self.engine {
            Engine::Sqlite(file) => file.watch.free(),
            Engine::Postgres(_) => None,
        }
    }

    /// How many bytes the journal of the file has; None on a server.
    #[must_use]
    pub fn journal(&self) -> Option<u64> {
        match &self.engine {
            Engine::Sqlite(file) => Some(file.watch.journal()),
            Engine::Postgres(_) => None,
        }
    }

    /// From now on, exports and imports stop below `files` free bytes on the disk of the file, and everything that is
    /// written below `writes`. Else it is 256 and 64 MiB, on a small disk a tenth and a fortieth of it.
    pub fn keep_free(&self, files: u64, writes: u64) {
        if let Engine::Sqlite(file) = &self.engine {
            file.watch.keep_free(files, writes);
        }
    }

    /// The same database, past those who wait for a connection to a server: for finding out whether it answers.
    #[must_use]
    pub fn aside(&self) -> Self {
        match &self.engine {
            Engine::Sqlite(_) => self.clone(),
            Engine::Postgres(server) => {
                Self { engine: Engine::Postgres(server.aside()), counts: self.counts.clone() }
            }
        }
    }

    /// An error where nothing written now would be kept.
    pub(super) fn may_write(&self) -> sqlx::Result<()> {
        self.trouble().map_or(Ok(()), |trouble| Err(away::refused(trouble)))
    }

    /// An error where what was written just now went into a file that is no longer where ours was.
    pub(super) fn was_written(&self) -> sqlx::Result<()> {
        let Engine::Sqlite(file) = &self.engine else { return Ok(()) };
        let gone = file.watch.look();
        gone.map_or(Ok(()), |trouble| Err(away::while_committing(away::refused(trouble))))
    }
}
