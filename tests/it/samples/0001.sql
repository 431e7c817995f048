-- A small but whole record, as the first version of the tables keeps it.
INSERT INTO settings (name, value) VALUES ('installation', 'sample');
INSERT INTO policies (version, texts, made_at) VALUES (1, '{"texts":{}}', 1);
INSERT INTO revisions (id, slug, number, hash, content, published_at) VALUES ('r', 'sample', 1, 'h', '{}', 1);
INSERT INTO revision_turns (revision_id, turn_id, content_hash) VALUES ('r', 'lift', 'c');
INSERT INTO nurses (id, return_code_hash, return_code_at, created_at, last_seen_at) VALUES ('n', 'x', 2, 1, 2);
INSERT INTO sessions (token_hash, kind, nurse_id, own_device, created_at, last_seen_at)
    VALUES ('t', 'nurse', 'n', TRUE, 1, 2);
INSERT INTO tries (bucket, count, since) VALUES ('b', 3, 1);
INSERT INTO attempts (id, nurse_id, revision_id, policy_version, purpose, start_token_hash, started_at)
    VALUES ('a', 'n', 'r', 1, 'practice', 's', 1);
INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
    VALUES ('a', 1, 'lift', 'Um, no.', 'one two three', 2), ('a', 2, 'again', NULL, 'four five', 3);
INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, sureness, answered_at)
    VALUES ('a', 1, 'lift', 'one', 'sure', 3);
INSERT INTO placements (attempt_id, turn_number, place, placed_at) VALUES ('a', 1, 'keeps', 4);
INSERT INTO reflections (attempt_id, feeling, aim, readiness, if_asked, then_say, written_at)
    VALUES ('a', 'f', 'a', 'ready', 'i', 's', 5);
