-- How many words an educator has blacked out at one place of assigned work: 'own-2' (the own words of turn 2), 'feeling',
-- 'aim', or 'answer-' and the id of what the nurse said under a comment. The words themselves are nowhere any more.
-- `token_hash`: of the form that did it last, so that sending it twice does it once.
CREATE TABLE blacked_out (
    attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    words BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    blacked_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, place)
);
