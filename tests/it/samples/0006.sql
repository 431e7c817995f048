-- Somebody with a second step, half-way in on another computer.
INSERT INTO second_steps (staff_id, seed, last_step, since) VALUES ('f', 'seed', 1, 2);
INSERT INTO recovery_codes (code_hash, staff_id, used_at) VALUES ('rc1', 'f', NULL), ('rc2', 'f', 3);
INSERT INTO half_sessions (token_hash, staff_id, begun_at) VALUES ('h', 'f', 3);
INSERT INTO known_devices (token_hash, staff_id, known_at) VALUES ('d', 'f', 3);
UPDATE sessions SET browser = 'Firefox on Windows' WHERE token_hash = 't2';
