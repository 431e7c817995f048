-- What pages look for is found in few rows, however many there are of other cohorts.

-- Whose cohort it is about. Assigned work never leaves its cohort, so this never changes; practice has none.
ALTER TABLE reflections ADD COLUMN cohort_id TEXT;
UPDATE reflections SET cohort_id = (
    SELECT s.cohort_id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.id = reflections.attempt_id);
CREATE INDEX reflections_to_talk_about ON reflections (cohort_id, attempt_id) WHERE wants_talk;
ALTER TABLE comments ADD COLUMN cohort_id TEXT;
UPDATE comments SET cohort_id = (
    SELECT s.cohort_id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.id = comments.attempt_id);
CREATE INDEX comments_by_cohort ON comments (cohort_id);

-- What was done of one assignment; most practice is of none.
CREATE INDEX attempts_by_assignment ON attempts (assignment_id, id) WHERE assignment_id IS NOT NULL;

-- Who did what first, without looking at the rows themselves.
DROP INDEX completions_by_seat;
CREATE INDEX completions_by_seat ON completions (seat_id, assignment_id, completed_at);

-- Sentences a nurse keeps; what she wrote that is none of them is most of it.
DROP INDEX reflections_by_nurse;
CREATE INDEX reflections_by_nurse ON reflections (nurse_id, written_at);

-- What nurses practice on their own is a small part of all attempts, and it is counted now and then.
CREATE INDEX attempts_of_practice ON attempts (nurse_id, started_at) WHERE purpose = 'practice';
