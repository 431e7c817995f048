-- Whoever takes a place over looks back on its work herself. What she who had it before wrote stays hers beside that.
CREATE TABLE looking_back (
    attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    nurse_id TEXT NOT NULL,
    feeling TEXT NOT NULL,
    aim TEXT NOT NULL,
    readiness TEXT,
    if_asked TEXT NOT NULL,
    then_say TEXT NOT NULL,
    wants_talk BOOLEAN NOT NULL DEFAULT FALSE,
    written_at BIGINT NOT NULL,
    cohort_id TEXT,
    PRIMARY KEY (attempt_id, nurse_id)
);
INSERT INTO looking_back
    (attempt_id, nurse_id, feeling, aim, readiness, if_asked, then_say, wants_talk, written_at, cohort_id)
SELECT r.attempt_id, COALESCE(r.nurse_id, (SELECT a.nurse_id FROM attempts a WHERE a.id = r.attempt_id)), r.feeling,
    r.aim, r.readiness, r.if_asked, r.then_say, r.wants_talk, r.written_at, r.cohort_id
FROM reflections r;
DROP TABLE reflections;
ALTER TABLE looking_back RENAME TO reflections;
CREATE INDEX reflections_to_talk_about ON reflections (cohort_id, attempt_id) WHERE wants_talk;
CREATE INDEX reflections_by_nurse ON reflections (nurse_id, written_at);
