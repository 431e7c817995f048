-- People who teach and administer, cohorts with their seats and assignments, and what is said about answers.
-- Times are unix milliseconds; a date without a time is a text such as 2026-03-02.

-- Educators, managers and administrators. `email` is spelled one way, whatever was typed.
-- `educator`: may make cohorts. Which cohorts somebody belongs to stands in `memberships`.
CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    administrator BOOLEAN NOT NULL,
    educator BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    disabled_at BIGINT
);

-- A session belongs to a nurse (kind 'nurse') or to somebody of the staff (kind 'staff').
ALTER TABLE sessions ADD COLUMN staff_id TEXT REFERENCES staff (id) ON DELETE CASCADE;
CREATE INDEX sessions_by_staff ON sessions (staff_id);

-- Groups of nurses. The join code is not kept: it is made again from the cohort and `code_number`, and found
-- by its keyed hash. No hash: no code is open.
CREATE TABLE cohorts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    code_number BIGINT NOT NULL,
    code_hash TEXT UNIQUE,
    code_expires_at BIGINT,
    create_token_hash TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);

-- Who of the staff belongs to a cohort, as 'educator' or 'manager'. With both, the manager's view is the one.
CREATE TABLE memberships (
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (cohort_id, staff_id, role)
);
CREATE INDEX memberships_by_staff ON memberships (staff_id);

-- One-use links: 'set-up' (the first administrator), 'invitation', 'reset' (a new password). Only the hash of a
-- link's token is kept.
CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    administrator BOOLEAN NOT NULL,
    educator BOOLEAN NOT NULL,
    cohort_id TEXT REFERENCES cohorts (id) ON DELETE CASCADE,
    role TEXT,
    staff_id TEXT REFERENCES staff (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    made_by TEXT REFERENCES staff (id) ON DELETE SET NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    withdrawn_at BIGINT
);

-- Nurses who have not been here for long are looked for by when they were last here.
CREATE INDEX nurses_by_last_seen ON nurses (last_seen_at);

-- What was done by whom, for as long as the records it speaks of. Ids, never names. Rows are never changed.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    nurse_id TEXT,
    staff_id TEXT,
    cohort_id TEXT,
    object_id TEXT
);
CREATE INDEX audit_by_nurse ON audit (nurse_id, id);
CREATE INDEX audit_by_cohort ON audit (cohort_id, id);
CREATE INDEX audit_by_object ON audit (object_id, at);

-- A nurse's place in a cohort, under the name its educators see. `came_by` is 'roster' or 'code'.
-- A seat from a roster is claimed by a personal link, of which only the hash is kept.
CREATE TABLE seats (
    id TEXT NOT NULL PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    nurse_id TEXT REFERENCES nurses (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    external_id TEXT,
    came_by TEXT NOT NULL,
    link_hash TEXT UNIQUE,
    link_expires_at BIGINT,
    made_at BIGINT NOT NULL,
    joined_at BIGINT,
    confirmed_at BIGINT,
    left_at BIGINT,
    UNIQUE (cohort_id, nurse_id),
    UNIQUE (cohort_id, external_id)
);
CREATE INDEX seats_by_nurse ON seats (nurse_id);

-- A scenario given to a cohort. The attempt, not the assignment, pins a revision.
CREATE TABLE assignments (
    id TEXT NOT NULL PRIMARY KEY,
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    note TEXT NOT NULL,
    due_on TEXT,
    token_hash TEXT NOT NULL UNIQUE,
    made_by TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX assignments_by_cohort ON assignments (cohort_id, id);

-- Assigned work belongs to one assignment and one seat; practice to none.
ALTER TABLE attempts ADD COLUMN assignment_id TEXT REFERENCES assignments (id);
ALTER TABLE attempts ADD COLUMN seat_id TEXT REFERENCES seats (id);
CREATE INDEX attempts_by_seat ON attempts (seat_id, id);

-- Own words that were taken away later: by the nurse's own wish, or when their time had come.
ALTER TABLE openings ADD COLUMN words_gone_at BIGINT;

-- That assigned work was done: who, what, when. Outlives the words.
CREATE TABLE completions (
    attempt_id TEXT NOT NULL PRIMARY KEY,
    seat_id TEXT NOT NULL REFERENCES seats (id),
    assignment_id TEXT NOT NULL REFERENCES assignments (id),
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    completed_at BIGINT NOT NULL
);
CREATE INDEX completions_by_seat ON completions (seat_id);

-- "I'd like to talk about this one": what she wrote becomes readable for the educators of the cohort.
-- `nurse_id`: who wrote it. Where a seat is claimed anew, what the one before wrote for herself stays unread.
ALTER TABLE reflections ADD COLUMN wants_talk BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE reflections ADD COLUMN nurse_id TEXT;
CREATE INDEX reflections_by_nurse ON reflections (nurse_id);
UPDATE reflections SET nurse_id = (SELECT a.nurse_id FROM attempts a WHERE a.id = reflections.attempt_id);

-- An educator's remark on one response; a draft until it is released.
CREATE TABLE comments (
    id TEXT NOT NULL PRIMARY KEY,
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    text TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    written_at BIGINT NOT NULL,
    released_at BIGINT,
    read_at BIGINT,
    resolved_at BIGINT,
    FOREIGN KEY (attempt_id, turn_number) REFERENCES responses (attempt_id, turn_number) ON DELETE CASCADE
);
CREATE INDEX comments_by_attempt ON comments (attempt_id, turn_number);

-- What is said under a comment: by the nurse (no `staff_id`) or by somebody of the staff.
CREATE TABLE comment_answers (
    id TEXT NOT NULL PRIMARY KEY,
    comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    staff_id TEXT REFERENCES staff (id),
    text TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    written_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX comment_answers_by_comment ON comment_answers (comment_id, id);

-- What an educator sees in own words, element by element; shown to the nurse only when released.
-- `seen` is one of 'keeps', 'blurs', 'crosses', 'not-there'.
CREATE TABLE markings (
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    marked_at BIGINT NOT NULL,
    released_at BIGINT,
    PRIMARY KEY (attempt_id, turn_number, staff_id),
    FOREIGN KEY (attempt_id, turn_number) REFERENCES responses (attempt_id, turn_number) ON DELETE CASCADE
);
CREATE TABLE marked_elements (
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    staff_id TEXT NOT NULL,
    element TEXT NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (attempt_id, turn_number, staff_id, element),
    FOREIGN KEY (attempt_id, turn_number, staff_id)
        REFERENCES markings (attempt_id, turn_number, staff_id) ON DELETE CASCADE
);

-- Own words that an educator ticked, to be shown in class without a name.
CREATE TABLE samples (
    cohort_id TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    ticked_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, turn_number),
    FOREIGN KEY (attempt_id, turn_number) REFERENCES responses (attempt_id, turn_number) ON DELETE CASCADE
);
CREATE INDEX samples_by_cohort ON samples (cohort_id);

-- How many nurses of a cohort practiced on their own, and how often: counted once a week.
CREATE TABLE practice_counts (
    cohort_id TEXT NOT NULL PRIMARY KEY REFERENCES cohorts (id) ON DELETE CASCADE,
    nurses BIGINT NOT NULL,
    times BIGINT NOT NULL,
    counted_at BIGINT NOT NULL
);

-- The local words that an administrator filled in; a slot without a row speaks its neutral default.
CREATE TABLE policy_slots (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
);
