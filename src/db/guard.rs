//! What only triggers can keep: the database itself refuses to change or delete a row of the audit log.

use super::{Db, Engine};

/// Made anew each time: a file that was restored may bring others of the same names.
const GUARD_ON_SQLITE: &str = "
    BEGIN IMMEDIATE;
    DROP TRIGGER IF EXISTS audit_stays;
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
    DROP TRIGGER IF EXISTS audit_is_kept;
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
    COMMIT;";

/// Whether this text, as it stands in a file, is one of these guards.
pub(super) fn is_one(text: &str) -> bool {
    let words = |text: &str| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    text.starts_with("CREATE TRIGGER ") && words(GUARD_ON_SQLITE).contains(&format!("{};", words(text)))
}

/// The lock lets several processes start at once.
const GUARD_ON_POSTGRES: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(7270011);
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$;
    CREATE OR REPLACE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
    COMMIT;";

/// Puts the guards up. Triggers are the one thing that both databases write differently.
pub(super) async fn the_audit_log(db: &Db) -> sqlx::Result<()> {
    match &db.engine {
        Engine::Sqlite(file) => sqlx::raw_sql(GUARD_ON_SQLITE).execute(file.writing().await).await.map(drop),
        Engine::Postgres(server) => {
            sqlx::raw_sql(GUARD_ON_POSTGRES).execute(&server.unlimited().await?).await.map(drop)
        }
    }
}
