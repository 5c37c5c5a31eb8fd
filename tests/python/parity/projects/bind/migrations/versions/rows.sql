INSERT INTO notes (what, answer) VALUES ('from a file', '100% :done');
