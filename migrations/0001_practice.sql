-- What a nurse's practice needs: published scenarios, people, attempts and their insert-only records.
-- Times are unix milliseconds.

-- Small facts about this installation, such as the salt of its slow hashes.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Versions of the local words that scenarios speak. An attempt keeps the version it was started under.
CREATE TABLE policies (
    version BIGINT NOT NULL PRIMARY KEY,
    texts TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- One row that a process locks while it publishes, so that two never publish at once.
CREATE TABLE publishing (
    id BIGINT NOT NULL PRIMARY KEY,
    turns BIGINT NOT NULL
);

-- Immutable published versions of scenarios. `content` is JSON, byte for byte what `hash` was made of.
CREATE TABLE revisions (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    UNIQUE (slug, number),
    UNIQUE (slug, hash)
);

-- A turn with the same content hash in two revisions is the same turn: its answers may be counted together.
CREATE TABLE revision_turns (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    turn_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (revision_id, turn_id)
);
CREATE INDEX revision_turns_by_content ON revision_turns (content_hash);

-- A nurse may be nameless. The return code is kept only as a slow hash.
CREATE TABLE nurses (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    return_code_hash TEXT UNIQUE,
    return_code_at BIGINT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

-- Who is signed in. Only the hash of the cookie's token is kept.
CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    nurse_id TEXT REFERENCES nurses (id) ON DELETE CASCADE,
    own_device BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_nurse ON sessions (nurse_id);

-- Return codes tried, counted per bucket (a keyed hash of an address, never the address) since a moment.
CREATE TABLE tries (
    bucket TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- One nurse going once through one revision. The one-time token makes a double start one start.
CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY,
    nurse_id TEXT NOT NULL REFERENCES nurses (id) ON DELETE CASCADE,
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    policy_version BIGINT NOT NULL REFERENCES policies (version),
    purpose TEXT NOT NULL,
    start_token_hash TEXT NOT NULL UNIQUE,
    started_at BIGINT NOT NULL
);
CREATE INDEX attempts_by_nurse ON attempts (nurse_id, id);

-- Written when own words are committed or skipped; never changed.
-- `reply_order` holds the replies' ids, separated by spaces, in the order they stand on the page.
CREATE TABLE openings (
    attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    turn_number BIGINT NOT NULL,
    turn_id TEXT NOT NULL,
    own_words TEXT,
    reply_order TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, turn_number)
);

-- The recorded answer to one turn; never changed.
CREATE TABLE responses (
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    turn_id TEXT NOT NULL,
    reply_id TEXT NOT NULL,
    sureness TEXT,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, turn_number),
    FOREIGN KEY (attempt_id, turn_number) REFERENCES openings (attempt_id, turn_number) ON DELETE CASCADE
);

-- Where she puts her own words on the line, after the reaction. Hers to change.
CREATE TABLE placements (
    attempt_id TEXT NOT NULL,
    turn_number BIGINT NOT NULL,
    place TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, turn_number),
    FOREIGN KEY (attempt_id, turn_number) REFERENCES responses (attempt_id, turn_number) ON DELETE CASCADE
);

-- Looking back: hers alone, hers to change.
CREATE TABLE reflections (
    attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
    feeling TEXT NOT NULL,
    aim TEXT NOT NULL,
    readiness TEXT,
    if_asked TEXT NOT NULL,
    then_say TEXT NOT NULL,
    written_at BIGINT NOT NULL
);
