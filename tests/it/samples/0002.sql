-- A small but whole cohort, as the second version of the tables keeps it.
INSERT INTO staff (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)
    VALUES ('f', 'ruth@ward.example', 'Ruth', 'x', TRUE, TRUE, 1, 2);
INSERT INTO sessions (token_hash, kind, staff_id, own_device, created_at, last_seen_at)
    VALUES ('t2', 'staff', 'f', FALSE, 1, 2);
INSERT INTO cohorts (id, name, code_number, code_hash, code_expires_at, create_token_hash, created_by, created_at)
    VALUES ('c', 'Spring', 1, 'k', 9, 'ct', 'f', 1);
INSERT INTO memberships (cohort_id, staff_id, role, since) VALUES ('c', 'f', 'educator', 1);
INSERT INTO links (id, token_hash, kind, administrator, educator, note, made_by, made_at, expires_at)
    VALUES ('l', 'lt', 'invitation', FALSE, TRUE, 'for Olga', 'f', 1, 9);
INSERT INTO audit (id, at, what, actor_kind, actor_id, cohort_id) VALUES ('u', 1, 'cohort-made', 'staff', 'f', 'c');
INSERT INTO seats (id, cohort_id, nurse_id, name, external_id, came_by, made_at, joined_at, confirmed_at)
    VALUES ('s', 'c', 'n', 'Ana', '17', 'roster', 1, 2, 2);
INSERT INTO assignments (id, cohort_id, slug, note, due_on, token_hash, made_by, made_at)
    VALUES ('g', 'c', 'sample', 'By Friday', '2026-03-02', 'at', 'f', 1);
INSERT INTO attempts
    (id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id, start_token_hash, started_at)
    VALUES ('a2', 'n', 'r', 1, 'assigned', 'g', 's', 's2', 1);
INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
    VALUES ('a2', 1, 'lift', 'No.', 'one two three', 2);
INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, answered_at) VALUES ('a2', 1, 'lift', 'one', 3);
INSERT INTO completions (attempt_id, seat_id, assignment_id, revision_id, completed_at) VALUES ('a2', 's', 'g', 'r', 3);
INSERT INTO comments (id, attempt_id, turn_number, staff_id, text, token_hash, written_at, released_at)
    VALUES ('m', 'a2', 1, 'f', 'I noticed…', 'mt', 4, 5);
INSERT INTO comment_answers (id, comment_id, text, token_hash, written_at) VALUES ('ma', 'm', 'Thank you.', 'mat', 6);
INSERT INTO markings (attempt_id, turn_number, staff_id, marked_at) VALUES ('a2', 1, 'f', 4);
INSERT INTO marked_elements (attempt_id, turn_number, staff_id, element, seen) VALUES ('a2', 1, 'f', 'warm', 'keeps');
INSERT INTO samples (cohort_id, attempt_id, turn_number, staff_id, ticked_at) VALUES ('c', 'a2', 1, 'f', 4);
INSERT INTO practice_counts (cohort_id, nurses, times, counted_at) VALUES ('c', 5, 9, 4);
INSERT INTO policy_slots (name, text) VALUES ('gift_limit', 'a card');
-- A second seat, whose ids are as the program makes them; the test puts a whole scenario in place of its content.
INSERT INTO revisions (id, slug, number, hash, content, published_at)
    VALUES ('019c0000-0000-7000-8000-000000000001', 'garden-gate', 1, 'h2', 'GARDEN-GATE', 1);
INSERT INTO nurses (id, created_at, last_seen_at) VALUES ('019c0000-0000-7000-8000-000000000002', 1, 2);
INSERT INTO seats (id, cohort_id, nurse_id, name, came_by, made_at)
    VALUES ('019c0000-0000-7000-8000-000000000003', 'c', '019c0000-0000-7000-8000-000000000002', 'Bea', 'code', 1);
INSERT INTO assignments (id, cohort_id, slug, note, token_hash, made_by, made_at)
    VALUES ('019c0000-0000-7000-8000-000000000004', 'c', 'garden-gate', '', 'at2', 'f', 1);
INSERT INTO attempts
    (id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id, start_token_hash, started_at)
    VALUES ('019c0000-0000-7000-8000-000000000005', '019c0000-0000-7000-8000-000000000002',
        '019c0000-0000-7000-8000-000000000001', 1, 'assigned', '019c0000-0000-7000-8000-000000000004',
        '019c0000-0000-7000-8000-000000000003', 's3', 7);
INSERT INTO openings (attempt_id, turn_number, turn_id, reply_order, opened_at)
    VALUES ('019c0000-0000-7000-8000-000000000005', 1, 'lift', 'id-maybe id-plain-no id-kind-no', 8),
    ('019c0000-0000-7000-8000-000000000005', 2, 'again', 'id-still-no id-walk-off', 9);
INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, answered_at)
    VALUES ('019c0000-0000-7000-8000-000000000005', 2, 'again', 'id-walk-off', 10),
    ('019c0000-0000-7000-8000-000000000005', 1, 'lift', 'id-kind-no', 9);
