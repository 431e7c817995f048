-- The second step of signing in, browsers that are known, and what a session's browser calls itself.

-- Whoever has a second step. Its secret is made of `seed` and the installation's own text; `last_step` is the latest
-- half minute of which a code was used.
CREATE TABLE second_steps (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    seed TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- What opens in place of a code, each once. Only keyed hashes are kept.
CREATE TABLE recovery_codes (
    code_hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES second_steps (staff_id) ON DELETE CASCADE,
    used_at BIGINT
);
CREATE INDEX recovery_codes_by_staff ON recovery_codes (staff_id);

-- Whoever has given the right password and not yet a code. It lives ten minutes and opens nothing.
CREATE TABLE half_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    begun_at BIGINT NOT NULL
);
CREATE INDEX half_sessions_by_staff ON half_sessions (staff_id);

-- Browsers in which somebody has signed in before. One browser may be known to several people.
CREATE TABLE known_devices (
    token_hash TEXT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    known_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, staff_id)
);
CREATE INDEX known_devices_by_staff ON known_devices (staff_id);

-- "Firefox on Windows", for the list of one's own sessions. No address is kept.
ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';
