//! The database is not there, or not now: which errors say so, and what may be done about it.

use std::io;

use sqlx::sqlite::SqliteError;

use super::watch::Trouble;

/// How the database is away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Away {
    /// The connection was lost, or another transaction was in the way: nothing of this one is left. The same thing may
    /// be tried again at once.
    Lost,
    /// No connection can be had, or this one refuses for now. Nothing was stored.
    Closed,
    /// The connection was lost while a transaction was being committed: it may be stored, or not.
    Unsure,
    /// Nothing is written for now, because it could not be kept; what is there can be read. Nothing was stored.
    ReadOnly,
}

/// What an error is wrapped in when nobody can know whether a transaction was committed.
#[derive(Debug, thiserror::Error)]
#[error("the connection was lost while committing: {0}")]
struct WhileCommitting(sqlx::Error);

/// What an error is wrapped in when no connection could be had in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection could be had in time")]
struct WhileConnecting;

/// What a write is refused with.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.words())]
struct Refused(Trouble);

/// What an error is wrapped in for each of those whom the failure of a commit concerns.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotStored(String, &'static str);

/// The same error once more, for another of those it concerns. Nothing of theirs is stored.
pub(super) fn again(error: &sqlx::Error) -> sqlx::Error {
    match away(error) {
        Some(_) => sqlx::Error::Io(io::Error::other(NotStored(error.to_string(), why(error)))),
        None => sqlx::Error::Protocol(error.to_string()),
    }
}

/// A write that is refused.
pub(super) fn refused(trouble: Trouble) -> sqlx::Error {
    sqlx::Error::Io(io::Error::other(Refused(trouble)))
}

/// What stands in the way of storing anything, in words for whoever runs this: never what was to be stored.
#[must_use]
pub fn why(error: &sqlx::Error) -> &'static str {
    let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    let file =
        error.as_database_error().is_some_and(|error| error.try_downcast_ref::<SqliteError>().is_some());
    match (error, code.as_deref()) {
        (sqlx::Error::Io(error), _) => error.get_ref().map_or(SILENT, wrapped),
        (_, Some(code)) if file => of_a_file_in_words(code),
        (_, Some("25006")) => "the database server only reads",
        (_, Some("53100")) => "the disk of the database server is full",
        (_, Some("53300")) => "the database server has no room for another connection",
        _ => SILENT,
    }
}

/// What stands in the way, as far as an error was wrapped here.
fn wrapped(error: &(dyn std::error::Error + Send + Sync + 'static)) -> &'static str {
    if let Some(Refused(trouble)) = error.downcast_ref() {
        return trouble.words();
    }
    if let Some(NotStored(_, why)) = error.downcast_ref() {
        return why;
    }
    error.downcast_ref().map_or(SILENT, |WhileCommitting(cause)| why(cause))
}

const SILENT: &str = "the database does not answer";

fn of_a_file_in_words(code: &str) -> &'static str {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => "another program holds the database file",
        Ok(8) => "the database file can only be read",
        Ok(10) => "the disk refuses what is written to the database file",
        Ok(11 | 26) => "the database file is damaged: run warmly check, or restore a copy",
        Ok(13) => "the disk is full: make room",
        Ok(14) => "the database file can’t be opened: too many open files, or it can’t be reached",
        _ => SILENT,
    }
}

/// Marks that no connection could be had in time: the server is not there, or so many ask that there is none left.
pub(super) fn while_connecting(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::Io(io::Error::other(WhileConnecting)),
        other => other,
    }
}

/// Marks an error of COMMIT, where it leaves open what became of the transaction.
pub(super) fn while_committing(error: sqlx::Error) -> sqlx::Error {
    match away(&error) {
        None => error,
        Some(_) => sqlx::Error::Io(io::Error::other(WhileCommitting(error))),
    }
}

/// Whether this error means that the database is away, and how; None where it means something else.
#[must_use]
pub fn away(error: &sqlx::Error) -> Option<Away> {
    match error {
        sqlx::Error::Io(error) => Some(match error.get_ref() {
            Some(inner) if inner.is::<WhileCommitting>() => Away::Unsure,
            Some(inner) if inner.is::<Refused>() => Away::ReadOnly,
            Some(inner) if inner.is::<WhileConnecting>() || inner.is::<NotStored>() => Away::Closed,
            _ => Away::Lost,
        }),
        sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => Some(Away::Closed),
        sqlx::Error::Database(error) if error.try_downcast_ref::<SqliteError>().is_some() => {
            error.code().and_then(|code| of_a_file(&code))
        }
        sqlx::Error::Database(error) => error.code().and_then(|code| by_code(&code)),
        _ => None,
    }
}

/// What SQLite's numbers say: another process holds the file; it can't be written, read, opened, or grow.
fn of_a_file(code: &str) -> Option<Away> {
    // The lowest byte is the kind of error; what is above it says more about it.
    let kind = code.parse::<u32>().ok()? & 0xff;
    matches!(kind, 5 | 6 | 8 | 10 | 13 | 14).then_some(Away::Closed)
}

/// What PostgreSQL's five-character codes say.
fn by_code(code: &str) -> Option<Away> {
    match code {
        // The server is stopped, or this connection was ended; the connection is gone; a deadlock; a serialization
        // failure.
        "57P01" | "57P02" | "57P05" | "25P03" | "40P01" | "40001" => Some(Away::Lost),
        // It starts up; it has no room for one more; it only reads, being the copy of another; a statement or a lock
        // took too long.
        "57P03" | "53300" | "25006" | "57014" | "55P03" => Some(Away::Closed),
        code if code.len() == 5 && code.starts_with("08") => Some(Away::Lost),
        // Out of memory, out of disk.
        code if code.len() == 5 && code.starts_with("53") => Some(Away::Closed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// What a server says.
    #[derive(Debug, thiserror::Error)]
    #[error("said by a server")]
    struct Said(&'static str);

    impl DatabaseError for Said {
        fn message(&self) -> &'static str {
            "said by a server"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(self.0))
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }
    }

    fn said(code: &'static str) -> sqlx::Error {
        sqlx::Error::Database(Box::new(Said(code)))
    }

    #[test]
    fn what_a_server_says_means_that_it_is_away_or_something_else() {
        for code in ["57P01", "57P02", "57P05", "25P03", "40P01", "40001", "08006", "08P01"] {
            assert_eq!(away(&said(code)), Some(Away::Lost), "{code}: once more at once");
        }
        for code in ["57P03", "53300", "25006", "57014", "55P03", "53100", "53200"] {
            assert_eq!(away(&said(code)), Some(Away::Closed), "{code}: not for now");
        }
        // A unique index, a check, a syntax error; numbers of the file that no server says; what is no code.
        for code in ["23505", "23514", "42601", "5", "10", "13", "080", "530", "080061", ""] {
            assert_eq!(away(&said(code)), None, "{code}");
        }
    }

    #[test]
    fn why_nothing_can_be_stored_is_said_in_words_for_whoever_runs_it() {
        for (code, words) in
            [("25006", "only reads"), ("53100", "disk"), ("53300", "no room"), ("57P01", "not answer")]
        {
            assert!(why(&said(code)).contains(words), "{code}: {}", why(&said(code)));
        }
        for (code, words) in [
            ("5", "another program"),
            ("6", "another program"),
            ("8", "only be read"),
            ("10", "refuses"),
            ("3850", "refuses"),
            ("11", "damaged"),
            ("26", "damaged"),
            ("13", "full"),
            ("14", "can’t be opened"),
            ("1", SILENT),
        ] {
            assert!(of_a_file_in_words(code).contains(words), "{code}: {}", of_a_file_in_words(code));
        }
    }

    #[test]
    fn what_is_away_while_something_else_goes_on_is_still_known_for_what_it_is() {
        let full = while_committing(said("53100"));
        assert_eq!(
            (away(&full), why(&full)),
            (Some(Away::Unsure), "the disk of the database server is full")
        );
        assert_eq!(away(&while_committing(said("23505"))), None, "the server has decided");
        let of_all = again(&said("53100"));
        assert_eq!(
            (away(&of_all), why(&of_all)),
            (Some(Away::Closed), "the disk of the database server is full")
        );
        assert_eq!(away(&again(&said("23505"))), None);
        assert_eq!(away(&sqlx::Error::Io(io::Error::other("the line was cut"))), Some(Away::Lost));
        assert_eq!(away(&sqlx::Error::PoolClosed), Some(Away::Closed));
    }

    #[test]
    fn a_lost_connection_is_told_from_a_lost_commit_and_from_a_mistake() {
        let lost = || sqlx::Error::Io(io::Error::from(io::ErrorKind::UnexpectedEof));
        assert_eq!(away(&lost()), Some(Away::Lost));
        assert_eq!(away(&while_committing(lost())), Some(Away::Unsure));
        assert_eq!(away(&while_connecting(sqlx::Error::PoolTimedOut)), Some(Away::Closed));
        assert_eq!(away(&sqlx::Error::PoolTimedOut), None, "a full queue is told in other words");
        assert_eq!(away(&sqlx::Error::RowNotFound), None);
        assert_eq!(away(&while_committing(sqlx::Error::RowNotFound)), None);
        assert_eq!((by_code("40P01"), by_code("53100")), (Some(Away::Lost), Some(Away::Closed)));
        assert_eq!((by_code("23505"), of_a_file("1555"), of_a_file("19")), (None, None, None));
        assert_eq!(away(&refused(Trouble::Removed)), Some(Away::ReadOnly));
        assert_eq!(away(&while_committing(refused(Trouble::Removed))), Some(Away::Unsure));
        assert_eq!(why(&refused(Trouble::NoRoom)), Trouble::NoRoom.words());
        assert_eq!(why(&again(&while_committing(refused(Trouble::NoRoom)))), Trouble::NoRoom.words());
        assert_eq!((why(&lost()), of_a_file_in_words("778")), (SILENT, of_a_file_in_words("10")));
        assert_eq!((of_a_file("5"), of_a_file("778")), (Some(Away::Closed), Some(Away::Closed)));
    }
}
