-- What the PostgreSQL backups beside this directory were dumped from.
CREATE ROLE catalog_owner;
CREATE ROLE "Reader-1";
SET SESSION AUTHORIZATION catalog_owner;

CREATE TABLE flyway_schema_history (
    installed_rank integer NOT NULL PRIMARY KEY,
    version varchar(50),
    description varchar(200) NOT NULL,
    type varchar(20) NOT NULL,
    script varchar(1000) NOT NULL,
    checksum integer,
    installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(),
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
INSERT INTO flyway_schema_history VALUES
    (1, '1.0', 'tables', 'SQL', 'V1.0__tables.sql', -1274563210, 'catalog', '2024-05-01 10:00:00', 12, true),
    (2, '1.1', 'it''s a \ "column"; really', 'SQL', 'V1.1__column.sql', 99, 'catalog', '2024-05-01 10:00:01', 3, true),
    (3, NULL, 'views', 'SQL', 'R__views.sql', 7, 'catalog', '2024-05-01 10:00:02', 3, true),
    (4, '1.2', 'failed', 'SQL', 'V1.2__failed.sql', NULL, 'catalog', '2024-05-01 10:00:03', 3, false);

CREATE SCHEMA audit;
CREATE TYPE mood AS ENUM ('fine; really', 'it''s bad');
CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    picture bytea,
    details jsonb,
    feeling mood DEFAULT 'fine; really',
    upper_name text GENERATED ALWAYS AS (upper(name)) STORED
);
INSERT INTO person (name, picture, details) VALUES
    ('plain', NULL, '{"a": [1, 2], "q": "what?"}'),
    ('emoji 😀 and ümläut', '\x', NULL),
    (E'tab\there, back\\slash, new\nline, return\rhere', NULL, '{"path": "C:\\temp", "quote": "\""}'),
    ('semicolon; -- no comment /* none */ $$ and $x$', NULL, NULL),
    (E'\\.', NULL, NULL),
    ('\N', NULL, NULL),
    ('it''s "quoted" `too`', NULL, NULL);
INSERT INTO person (name, picture)
    SELECT 'bytes', string_agg(decode(lpad(to_hex(b), 2, '0'), 'hex'), '' ORDER BY b) FROM generate_series(0, 255) b;
CREATE TABLE "Odd ""Name"".tbl" ("select" int, "tab	col" text);
INSERT INTO "Odd ""Name"".tbl" VALUES (1, 'one'), (2, NULL);
CREATE TABLE empty_one (id int PRIMARY KEY);
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE audit.entry (id serial PRIMARY KEY, person_id bigint REFERENCES person, at timestamptz DEFAULT now());
INSERT INTO audit.entry (person_id, at) SELECT id, '2024-05-01 10:00:00+00' FROM person;

CREATE FUNCTION log_person() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  -- it's; a $$ trap
  INSERT INTO audit.entry (person_id) VALUES (NEW.id);
  RETURN NEW;
END;
$fn$;
CREATE TRIGGER person_logged AFTER INSERT ON person FOR EACH ROW EXECUTE FUNCTION log_person();
CREATE VIEW names AS SELECT id, name || ';' AS name FROM person;
CREATE RULE names_gone AS ON DELETE TO names DO INSTEAD (DELETE FROM audit.entry WHERE person_id = OLD.id; DELETE FROM person WHERE id = OLD.id);
COMMENT ON TABLE person IS 'people; it''s a table
of two lines';
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON person FOR SELECT TO "Reader-1", catalog_owner USING (name = current_user);
GRANT SELECT ON person, names TO "Reader-1";
ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO "Reader-1";
