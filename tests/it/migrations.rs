//! Each migration runs on top of rows that were there before it.

use std::path::Path;

use warmly::db::{Db, Link, OpenError};
use warmly::operate::tallies::{Found, compare, fill};
use warmly::practice::store::stored_tallies;
use warmly::practice::tally::Tally;

use crate::app::{TestApp, begin};

/// Rows as they were after each step, where a step has some: `samples/0001.sql` stands after the first.
#[tokio::test]
async fn each_step_runs_on_top_of_rows_from_before_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = crate::app::empty_database(folder.path()).await;
    let db = Db::open(&url).await.expect("a database");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples");
    for step in Db::steps() {
        db.migrate_to(step).await.expect("a step on top of rows");
        if let Ok(rows) = std::fs::read_to_string(samples.join(format!("{step:04}.sql"))) {
            let scenario = std::fs::read_to_string(samples.join("garden-gate.json")).expect("a scenario");
            run(&db, rows.replace("GARDEN-GATE", &scenario.trim().replace('\'', "''"))).await;
        }
    }
    db.migrate().await.expect("up to date");
    let mut conn = db.read().await.expect("a connection");
    let whole = "SELECT COUNT(*) FROM nurses n JOIN attempts a ON a.nurse_id = n.id
        JOIN openings o ON o.attempt_id = a.id JOIN responses r ON r.attempt_id = a.id AND r.turn_number = o.turn_number
        JOIN placements p ON p.attempt_id = a.id JOIN reflections f ON f.attempt_id = a.id
        JOIN sessions s ON s.nurse_id = n.id JOIN revisions v ON v.id = a.revision_id
        WHERE o.own_words = 'Um, no.' AND s.own_device";
    let (count,) = warmly::sql!(&mut conn, fetch_one as (i64,), whole).expect("the rows");
    assert_eq!(count, 1, "the record is still whole");
    let whole =
        "SELECT COUNT(*) FROM reflections WHERE attempt_id = 'a' AND nurse_id = 'n' AND NOT wants_talk";
    let (count,) = warmly::sql!(&mut conn, fetch_one as (i64,), whole).expect("what she wrote");
    assert_eq!(count, 1, "what she wrote is hers, and unread");
    let whole = "SELECT COUNT(*) FROM staff f JOIN cohorts c ON c.created_by = f.id JOIN seats s ON s.cohort_id = c.id
        JOIN assignments g ON g.cohort_id = c.id JOIN attempts a ON a.seat_id = s.id AND a.assignment_id = g.id
        JOIN comments m ON m.attempt_id = a.id JOIN comment_answers ma ON ma.comment_id = m.id
        JOIN marked_elements e ON e.attempt_id = a.id JOIN samples x ON x.attempt_id = a.id
        JOIN completions d ON d.attempt_id = a.id JOIN audit u ON u.cohort_id = c.id";
    let (count,) = warmly::sql!(&mut conn, fetch_one as (i64,), whole).expect("the cohort");
    assert_eq!(count, 1, "the cohort is still whole");
    drop(conn);
    tallies_of_before(&db).await;
}

/// Work from before there were tallies is counted when the program starts.
async fn tallies_of_before(db: &Db) {
    let seat = "019c0000-0000-7000-8000-000000000003";
    assert_eq!(compare(db).await.expect("compared").different, [seat], "not yet");
    fill(db).await.expect("filled");
    let found = Found { seats: 2, responses: 2, different: Vec::new() };
    assert_eq!(compare(db).await.expect("compared"), found);
    let mut conn = db.read().await.expect("a connection");
    let row = stored_tallies(&mut conn, seat, seat).await.expect("a tally").pop().expect("a tally");
    let tally = Tally::unpack(&row.packed).expect("readable");
    let answers: Vec<_> = tally.attempts[0]
        .answers
        .iter()
        .map(|answer| (answer.turn, answer.reply, answer.answered_at))
        .collect();
    assert_eq!((tally.attempts.len(), tally.attempts[0].started_at), (1, 7));
    assert_eq!(answers, [(0, 1, 9), (1, 1, 10)], "by number, not as they happen to lie");
    fill(db).await.expect("nothing left to fill");
    let again = stored_tallies(&mut conn, seat, seat).await.expect("a tally").pop().expect("a tally");
    assert_eq!(again.seq, row.seq);
}

pub(crate) async fn run(db: &Db, statements: String) {
    let done: Result<(), sqlx::Error> = db
        .write(move |conn| {
            let statements = statements.clone();
            Box::pin(async move {
                let statements = sqlx::AssertSqlSafe(statements);
                match conn.link() {
                    Link::Sqlite(conn) => sqlx::raw_sql(statements).execute(&mut **conn).await.map(drop),
                    Link::Postgres(conn) => sqlx::raw_sql(statements).execute(&mut **conn).await.map(drop),
                }
            })
        })
        .await;
    done.expect("the sample rows");
}

#[tokio::test]
async fn the_audit_log_can_be_written_but_never_changed() {
    let app = TestApp::new().await;
    let write = async |statement: &'static str| -> Result<u64, sqlx::Error> {
        app.app.db.write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, statement) })).await
    };
    let row = "INSERT INTO audit (id, at, what, actor_kind) VALUES ('u', 1, 'signed-in', 'staff')";
    write(row).await.expect("a row");
    for refused in ["UPDATE audit SET at = 2", "DELETE FROM audit"] {
        let cause = write(refused).await.expect_err(refused).to_string();
        assert!(cause.contains("the audit log is never changed"), "{cause}");
    }
    assert_eq!(app.number("SELECT at FROM audit").await, 1);
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let app = TestApp::new().await;
    begin(&app, "garden-gate").await;
    app.app.db.migrate().await.expect("already up to date");
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_in_plain_words() {
    let app = TestApp::new().await;
    let mark = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'from the future', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    app.app
        .db
        .write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, mark).map(drop) }))
        .await
        .expect("marked");
    let refused = app.app.db.migrate().await.expect_err("a newer database");
    assert!(matches!(refused, OpenError::Newer(9999)));
    assert!(refused.to_string().contains("belongs to a newer version"));
}
