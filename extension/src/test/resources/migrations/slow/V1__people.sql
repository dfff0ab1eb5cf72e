CREATE TABLE person (id integer, name text);
INSERT INTO person VALUES (1, 'Ada'), (2, 'Grace');
