//! What a file must be like so that this program can run on it: compared with one that is made anew, in memory.

use std::collections::BTreeSet;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, QueryBuilder, Row as _, Sqlite};

use super::open::MIGRATIONS;
use super::{foreign, guard};

/// The first thing in it, if any, that would run where somebody only reads or writes rows, and is not ours. That is told
/// by its text, which is what SQLite goes by: what else stands there about it can be anything.
pub(super) async fn strange(conn: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let all = "SELECT COALESCE(CAST(type AS TEXT), ''), COALESCE(CAST(name AS TEXT), ''),
            COALESCE(CAST(sql AS TEXT), '')
        FROM sqlite_schema";
    let all: Vec<(String, String, String)> = sqlx::query_as(all).fetch_all(&mut *conn).await?;
    match all.into_iter().find(|(kind, _, text)| !is_known(kind, text)) {
        Some((kind, name, _)) => Ok(Some(format!("{kind} {name}"))),
        None => foreign::calls(conn).await,
    }
}

/// Whether this is a table, an index or one of our guards. SQLite writes the beginnings of these texts itself.
fn is_known(kind: &str, text: &str) -> bool {
    match kind {
        "table" => text.starts_with("CREATE TABLE "),
        "index" => {
            text.is_empty() || text.starts_with("CREATE INDEX ") || text.starts_with("CREATE UNIQUE INDEX ")
        }
        "trigger" => guard::is_one(text),
        _ => false,
    }
}

/// In what the first thing differs, if any does, that this program needs of a file at this step. What somebody has added
/// and is in nobody's way does not matter.
pub(super) async fn unlike(conn: &mut SqliteConnection, step: i64) -> sqlx::Result<Option<String>> {
    if let Some(what) = other_steps(conn, step).await? {
        return Ok(Some(what));
    }
    let mut model = made_anew(step).await?;
    let (ours, theirs) = (facts(&mut model).await?, facts(conn).await?);
    model.close().await?;
    let tables = |facts: &[Fact]| facts.iter().map(|fact| fact.table.clone()).collect::<BTreeSet<_>>();
    let known = tables(&ours);
    if let Some(table) = known.difference(&tables(&theirs)).next() {
        return Ok(Some(format!("its table {table} is missing")));
    }
    let is_in = |fact: &Fact, facts: &[Fact]| {
        facts.iter().any(|other| other.table == fact.table && other.says == fact.says)
    };
    let missing = ours.iter().filter(|fact| !is_in(fact, &theirs));
    let in_the_way =
        theirs.iter().filter(|fact| fact.binds && known.contains(&fact.table) && !is_in(fact, &ours));
    let first = missing.chain(in_the_way).next();
    Ok(first.map(|fact| format!("its table {} is another than ours ({})", fact.table, fact.in_short())))
}

/// Whether the steps it has been brought through are ours, each to its end.
async fn other_steps(conn: &mut SqliteConnection, step: i64) -> sqlx::Result<Option<String>> {
    let found = "SELECT CAST(version AS INTEGER), lower(hex(checksum)), COALESCE(CAST(success AS INTEGER), 0)
        FROM _sqlx_migrations";
    let found: Vec<(i64, String, i64)> = sqlx::query_as(found).fetch_all(conn).await?;
    let known = MIGRATIONS.iter().filter(|known| known.version <= step);
    for known in known.clone() {
        let what = match found.iter().find(|(version, ..)| *version == known.version) {
            None => "is missing",
            Some((_, _, 0)) => "was begun and not ended",
            Some((_, checksum, _)) if *checksum != crate::hex(&known.checksum) => "is another than ours",
            Some(_) => continue,
        };
        return Ok(Some(format!("its step {} {what}", known.version)));
    }
    Ok((found.len() != known.count()).then(|| "it went through steps that are not ours".to_owned()))
}

/// A new database in memory that has been brought to this step.
async fn made_anew(step: i64) -> sqlx::Result<SqliteConnection> {
    let mut conn = SqliteConnectOptions::new().in_memory(true).connect().await?;
    MIGRATIONS.run_direct(Some(step), &mut conn, false).await?;
    Ok(conn)
}

/// One thing that holds for a table.
#[derive(sqlx::FromRow)]
struct Fact {
    table: String,
    /// Its kind, what it is about, and the rest.
    says: String,
    /// Whether rows that don't know of it can be refused for it.
    binds: bool,
}

impl Fact {
    /// `column name`, `reference staff_id`, `unique code_hash`.
    fn in_short(&self) -> String {
        self.says.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }
}

/// Columns, references, what is there only once, and how often a table's text limits, compares or replaces in a way of its
/// own. Indexes that only make it faster are left out.
async fn facts(conn: &mut SqliteConnection) -> sqlx::Result<Vec<Fact>> {
    let facts = "WITH tables (name) AS (
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'
        )
        SELECT t.name AS \"table\", 'column ' || c.name || ' ' || upper(c.type) || ' ' || c.\"notnull\" || ' ' || c.pk
                || ' ' || c.hidden || ' ' || COALESCE(c.dflt_value, '') AS says,
            c.pk > 0 OR c.hidden > 0 OR (c.\"notnull\" AND c.dflt_value IS NULL) AS binds
        FROM tables t JOIN pragma_table_xinfo(t.name) c
        UNION ALL
        SELECT t.name, 'reference ' || f.\"from\" || ' ' || f.\"table\" || ' ' || COALESCE(f.\"to\", '') || ' '
            || f.on_update || ' ' || f.on_delete, TRUE
        FROM tables t JOIN pragma_foreign_key_list(t.name) f
        UNION ALL
        SELECT t.name, 'unique ' || (SELECT group_concat(COALESCE(i.name, '?')) FROM pragma_index_info(l.name) i)
            || ' ' || l.partial, TRUE
        FROM tables t JOIN pragma_index_list(t.name) l WHERE l.\"unique\"
        UNION ALL
        SELECT t.name, 'limits ' || (length(s.sql) - length(replace(upper(s.sql), 'CHECK', '')))
            || ' ' || (length(s.sql) - length(replace(upper(s.sql), 'COLLATE', '')))
            || ' ' || (length(s.sql) - length(replace(upper(s.sql), 'CONFLICT', ''))), TRUE
        FROM tables t JOIN sqlite_schema s ON s.type = 'table' AND s.name = t.name";
    sqlx::query_as(facts).fetch_all(conn).await
}

/// The columns of a file at this step, as `table.column (rows)`, in which rows hold values of another kind than the column
/// says. SQLite lets them in; this program can't read such a row.
pub(super) async fn odd_values(conn: &mut SqliteConnection, step: i64) -> sqlx::Result<Vec<String>> {
    let mut model = made_anew(step).await?;
    let columns =
        "SELECT m.name, c.name, upper(c.type) FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations'
        ORDER BY m.name, c.cid";
    let columns: Vec<(String, String, String)> = sqlx::query_as(columns).fetch_all(&mut model).await?;
    model.close().await?;
    let mut odd = Vec::new();
    for of_table in columns.chunk_by(|one, next| one.0 == next.0) {
        let Some((table, ..)) = of_table.first() else { continue };
        // The names are those of the new database, never the file's.
        let mut query = QueryBuilder::<Sqlite>::new("SELECT 0");
        for (_, column, kind) in of_table {
            query.push(", COALESCE(SUM(").push(is_odd(column, kind)).push("), 0)");
        }
        let row = query.push(" FROM ").push(table).build().fetch_one(&mut *conn).await?;
        for (at, (_, column, _)) in (1..).zip(of_table) {
            let rows: i64 = row.try_get(at)?;
            if rows > 0 {
                odd.push(format!("{table}.{column} ({rows})"));
            }
        }
    }
    Ok(odd)
}

/// The question whether this column of a row holds what it should not.
fn is_odd(column: &str, kind: &str) -> String {
    let holds = |kind: &str| format!("typeof({column}) NOT IN ('{kind}', 'null')");
    match kind {
        "TEXT" => holds("text"),
        "BIGINT" => holds("integer"),
        "BOOLEAN" => format!("{column} NOT IN (0, 1)"),
        "BYTEA" => holds("blob"),
        _ => "FALSE".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_made_anew_is_like_itself_at_every_step_and_like_no_other() {
        let steps: Vec<i64> = MIGRATIONS.iter().map(|step| step.version).collect();
        for step in &steps {
            let mut conn = made_anew(*step).await.expect("a database");
            assert_eq!(strange(&mut conn).await.expect("looked at"), None);
            assert_eq!(unlike(&mut conn, *step).await.expect("looked at"), None);
            assert!(odd_values(&mut conn, *step).await.expect("looked at").is_empty());
            for other in steps.iter().filter(|other| *other != step) {
                assert!(
                    unlike(&mut conn, *other).await.expect("looked at").is_some(),
                    "{step} is not {other}"
                );
            }
        }
    }

    /// A kind that is not known here would let everything pass.
    #[tokio::test]
    async fn every_kind_of_column_is_known() {
        let last = MIGRATIONS.iter().map(|step| step.version).max().expect("a step");
        let facts = facts(&mut made_anew(last).await.expect("a database")).await.expect("facts");
        for fact in facts.iter().filter(|fact| fact.says.starts_with("column ")) {
            let kind = fact.says.split(' ').nth(2).expect("a kind");
            assert_ne!(is_odd("c", kind), "FALSE", "{}: {}", fact.table, fact.says);
        }
    }

    #[test]
    fn only_the_text_says_what_a_thing_is() {
        let guard = "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit\n    BEGIN SELECT RAISE(ABORT, \
            'the audit log is never changed'); END";
        for (kind, text) in [("table", "CREATE TABLE t (x)"), ("index", ""), ("trigger", guard)] {
            assert!(is_known(kind, text), "{text}");
        }
        for (kind, text) in [
            ("table", "CREATE VIRTUAL TABLE t USING fts5 (x)"),
            ("table", guard),
            ("trigger", ""),
            ("trigger", "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN DELETE FROM nurses; END"),
            ("trigger", &guard.replace(" audit\n", " audits\n")),
            ("Trigger", guard),
            ("view", "CREATE VIEW v AS SELECT 1"),
        ] {
            assert!(!is_known(kind, text), "{kind}: {text}");
        }
    }
}
