-- A seat's assigned work in one small row, written in the same transaction as the work itself: which attempts were
-- started when, and which replies were chosen when. Never a verdict. `packed` is read and written by the program
-- alone, which fills in the rows of seats that had work before this table was made. `seq` grows with every change.
CREATE TABLE tallies (
    seat_id TEXT NOT NULL PRIMARY KEY REFERENCES seats (id) ON DELETE CASCADE,
    cohort_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    packed BYTEA NOT NULL
);
CREATE INDEX tallies_by_cohort ON tallies (cohort_id);
