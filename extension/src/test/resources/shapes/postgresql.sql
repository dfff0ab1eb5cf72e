CREATE EXTENSION hstore

CREATE SCHEMA audit

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')

CREATE TYPE address AS (street text, town varchar(40) COLLATE "C")

CREATE TYPE audit."Odd.name" AS ENUM ('x')

CREATE DOMAIN email AS varchar(200) COLLATE "C" NOT NULL DEFAULT 'a@b' CONSTRAINT has_at CHECK (VALUE LIKE '%@%' AND VALUE NOT IN ('x@y', 'y@z'))

CREATE TYPE price_range AS RANGE (subtype = numeric)

CREATE COLLATION german (provider = icu, locale = 'de')

CREATE SEQUENCE ticket AS integer START 5 INCREMENT 3 MINVALUE 2 MAXVALUE 1000 CACHE 4 CYCLE

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF NEW.n IS NULL OR NEW.v IN ('a', 'b') THEN NEW.n := 0; END IF; -- (ARRAY['x'::character varying])::text[]
  RETURN NEW;
END
$body$

CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$

CREATE FUNCTION twice(n integer, label varchar DEFAULT 'x') RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT n * 2'

CREATE FUNCTION twice(n text) RETURNS text LANGUAGE sql AS 'SELECT n || n'

CREATE PROCEDURE nothing() LANGUAGE plpgsql AS $$ BEGIN END $$

CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1')

CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===)

CREATE CAST (mood AS address) WITH INOUT AS ASSIGNMENT

CREATE TEXT SEARCH DICTIONARY short (TEMPLATE = simple, STOPWORDS = english)

CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple)

CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5) PRIMARY KEY, code varchar(10) UNIQUE, note varchar(10), other integer UNIQUE DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE kinds (
  id serial PRIMARY KEY,
  a_smallint smallint, a_bigint bigint, a_numeric numeric, a_money_amount numeric(12,2) DEFAULT 0, a_real real, a_double double precision DEFAULT 1.5,
  a_money money, a_char char(5) DEFAULT 'ab', a_varchar varchar(10) COLLATE "C" DEFAULT 'x', a_text text, a_name name, a_one "char",
  a_bytea bytea DEFAULT '\xdeadbeef', a_date date DEFAULT '2020-01-31', a_time time(3), a_timetz timetz, a_timestamp timestamp(2) DEFAULT now(),
  a_timestamptz timestamptz DEFAULT '2020-01-31 10:00:00+02', an_interval interval DEFAULT '1 year 2 days', a_short_interval interval day to second(2), a_bool boolean DEFAULT true,
  a_bit bit(3) DEFAULT B'101', a_varbit bit varying(8), a_uuid uuid DEFAULT '00000000-0000-0000-0000-000000000001', a_json json, a_jsonb jsonb DEFAULT '{"a": [1, 2.50]}', an_xml xml,
  a_point point, a_line line, a_lseg lseg, a_box box, a_path path, a_polygon polygon, a_circle circle, an_inet inet, a_cidr cidr, a_macaddr macaddr, a_macaddr8 macaddr8,
  a_tsvector tsvector, a_tsquery tsquery, an_oid oid, a_regclass regclass, an_int_array integer[], a_text_array varchar(5)[] DEFAULT '{a,NULL,""}', a_mood mood DEFAULT 'ok', a_moods mood[],
  an_address address, an_email email, an_int4range int4range, a_tstzrange tstzrange, a_price price_range, a_hstore hstore,
  a_doubled numeric GENERATED ALWAYS AS (a_numeric * 2) STORED, a_german text COLLATE german,
  a_lsn pg_lsn, a_jsonpath jsonpath, "Quoted ""name""" integer, an_odd audit."Odd.name")

CREATE UNLOGGED TABLE audit.log (n integer, v varchar(10), at timestamptz DEFAULT now()) WITH (fillfactor = 70, autovacuum_enabled = off)

CREATE TABLE child (
  id integer PRIMARY KEY, n integer NOT NULL, v varchar(10), w varchar(10), t text, c char(3), d date, m mood, e email, i inet, r cidr, parent_id bigint,
  CONSTRAINT v_in CHECK (v IN ('a', 'b')), CONSTRAINT v_not_in CHECK (v NOT IN ('c', 'it''s', E'back\\slash', '(ARRAY[', 'd')),
  CONSTRAINT v_in_columns CHECK (v IN (w, upper(w), 'x', 'a')), CONSTRAINT t_in CHECK (t IN ('a', 'b')), CONSTRAINT c_in CHECK (c IN ('a', 'b')),
  CONSTRAINT n_in CHECK (n IN (1, 2) OR n BETWEEN 5 AND 8), CONSTRAINT d_in CHECK (d IN ('2020-01-01', '2020-01-02')), CONSTRAINT m_in CHECK (m IN ('sad', 'ok')),
  CONSTRAINT e_in CHECK (e IN ('a@b', 'c@d')), CONSTRAINT r_in CHECK (r IN ('10.0.0.0/8', '192.168.0.0/16')),
  CONSTRAINT v_any CHECK (v = ANY (ARRAY['a', 'b'])), CONSTRAINT v_cast CHECK (v = ANY (ARRAY['a', 'b']::text[]) AND v::varchar(2) IN ('a', 'b')),
  CONSTRAINT v_case CHECK (CASE WHEN v IN ('a', 'b') THEN lower(v) IN ('a', w) ELSE v LIKE 'x%' END AND coalesce(v, 'a') || w <> 'abx'),
  CONSTRAINT v_like CHECK (v LIKE ANY (ARRAY['a%', 'b%']) AND v ~ '^[ab]' AND v SIMILAR TO 'a|b'), CONSTRAINT neg CHECK (n > -1 AND n <> -5 AND n + 1.5 > 0 AND n::bigint NOT IN (100, 3000000000)),
  CONSTRAINT dates CHECK (d > '2000-01-01' AND d < now() AT TIME ZONE 'utc' AND extract(year FROM d) < 3000),
  CONSTRAINT nested CHECK (v IN ('a', 'b') AND (w IN ('a', 'b') OR (v, w) IN (('a', 'b'), ('c', 'd')))),
  CONSTRAINT no_inherit CHECK (n < 1000) NO INHERIT,
  CONSTRAINT to_parent FOREIGN KEY (parent_id) REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT apart EXCLUDE USING gist (int4range(n, n + 1) WITH &&) WHERE (v IN ('a', 'b')))

ALTER TABLE child ADD CONSTRAINT late CHECK (n <> 77) NOT VALID

ALTER TABLE child ADD CONSTRAINT code_fk FOREIGN KEY (v) REFERENCES parent (code) NOT VALID

ALTER TABLE child ALTER t SET STORAGE EXTERNAL, ALTER t SET STATISTICS 200, ALTER n SET (n_distinct = 5)

ALTER TABLE kinds DROP COLUMN a_name, ADD COLUMN a_late integer NOT NULL DEFAULT -1

CREATE INDEX child_v ON child USING btree (v DESC NULLS LAST, lower(t) text_pattern_ops) INCLUDE (n) WITH (fillfactor = 60) WHERE v IN ('a', 'b') AND t COLLATE "C" > 'x'

CREATE UNIQUE INDEX child_w ON child (coalesce(w, 'none'), (CASE WHEN v IN ('a', 'b') THEN 1 ELSE 0 END))

CREATE INDEX kinds_json ON kinds USING gin (a_jsonb jsonb_path_ops)

CREATE INDEX kinds_ts ON kinds USING gin (to_tsvector('english', a_text))

ALTER TABLE child CLUSTER ON child_pkey

ALTER TABLE child REPLICA IDENTITY FULL

CREATE TABLE simple (n integer)

CREATE TABLE heir (extra text) INHERITS (child)

CREATE TABLE measures (at date NOT NULL, place varchar(10), v integer, PRIMARY KEY (at, place)) PARTITION BY RANGE (at)

CREATE TABLE measures_2020 PARTITION OF measures FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')

CREATE TABLE measures_rest PARTITION OF measures DEFAULT PARTITION BY LIST (place)

CREATE TABLE measures_rest_a PARTITION OF measures_rest FOR VALUES IN ('a', 'b')

CREATE INDEX measures_v ON measures (v)

ALTER TABLE measures ADD parent_id bigint REFERENCES parent

CREATE TABLE typed OF address (PRIMARY KEY (street))

CREATE VIEW busy AS SELECT c.id, c.v, p.code AS "Code" FROM child c JOIN parent p ON p.id = c.parent_id WHERE c.v IN ('a', 'b') AND c.m = ANY ('{sad,ok}') AND EXISTS (SELECT 1 FROM kinds k WHERE k.a_varchar IN (c.v, c.w)) ORDER BY c.id DESC LIMIT 10

CREATE VIEW checked WITH (security_barrier = true, check_option = cascaded) AS SELECT * FROM child WHERE n > 1

ALTER VIEW checked ALTER COLUMN t SET DEFAULT 'd'

CREATE VIEW over_view AS WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 3) SELECT s.n, busy.* FROM s LEFT JOIN busy ON busy.id = s.n AND busy.v NOT IN ('q', 'r')

CREATE MATERIALIZED VIEW summary AS SELECT v, count(*) AS n, array_agg(w ORDER BY w) FILTER (WHERE w IN ('a', 'b')) AS ws FROM child GROUP BY v HAVING count(*) > 0 WITH DATA

CREATE MATERIALIZED VIEW later AS SELECT 1 AS n WITH NO DATA

CREATE UNIQUE INDEX summary_v ON summary (v)

CREATE TRIGGER touch_log BEFORE INSERT OR UPDATE OF v ON audit.log FOR EACH ROW WHEN (NEW.v IN ('a', 'b')) EXECUTE FUNCTION touch('arg')

CREATE TRIGGER touch_off AFTER DELETE ON audit.log FOR EACH STATEMENT EXECUTE FUNCTION touch()

ALTER TABLE audit.log DISABLE TRIGGER touch_off

CREATE CONSTRAINT TRIGGER touch_late AFTER INSERT ON child DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch()

CREATE TRIGGER touch_measures AFTER INSERT ON measures FOR EACH ROW EXECUTE FUNCTION quiet()

CREATE RULE no_delete AS ON DELETE TO audit.log WHERE OLD.v IN ('a', 'b') DO INSTEAD NOTHING

ALTER TABLE parent ENABLE ROW LEVEL SECURITY

CREATE POLICY own ON parent AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (code IN ('a', 'b')) WITH CHECK (code <> 'z')

CREATE STATISTICS child_stats (dependencies) ON n, v FROM child

CREATE PUBLICATION feed FOR TABLE parent WITH (publish = 'insert')

COMMENT ON TABLE child IS 'it''s a child'

COMMENT ON COLUMN child.v IS 'value'

COMMENT ON CONSTRAINT v_in ON child IS 'in'

COMMENT ON FUNCTION twice(text) IS 'text'

COMMENT ON SCHEMA audit IS 'log'

INSERT INTO parent (code) VALUES ('a'), ('b'), (NULL)

INSERT INTO child (id, n, v, w, t, c, d, m, e, r, parent_id) VALUES (1, 1, 'a', 'a', 'a', 'a', '2020-01-01', 'sad', 'a@b', '10.0.0.0/8', 10), (2, 2, 'a', 'b', NULL, NULL, NULL, NULL, 'c@d', NULL, NULL)

INSERT INTO kinds (a_smallint, a_bigint, a_numeric, a_real, a_double, a_money, a_char, a_varchar, a_text, a_one, a_bytea, a_date, a_time, a_timetz, a_timestamp, a_timestamptz, an_interval, a_varbit, a_json, an_xml, a_point, a_line, a_lseg, a_box, a_path, a_polygon, a_circle, an_inet, a_cidr, a_macaddr, a_macaddr8, a_tsvector, a_tsquery, an_oid, a_regclass, an_int_array, a_text_array, a_moods, an_address, an_email, an_int4range, a_tstzrange, a_price, a_hstore, a_lsn, a_jsonpath, an_odd)
VALUES (-32768, 9223372036854775807, 1.500, 0.1, -0.0, 12.34, 'a', 'b ', E'Zoë 😀 \\ " '' \t', 'q', '\x00ff', '0044-03-15 BC', '23:59:59.999', '10:00:00+05:30', 'infinity', '2020-01-01 00:00:00.000001+00', '-1 year 3 days 00:00:00.5', B'01', '{"b":1, "a" : 1.0}', '<a>&lt;</a>', '(1.1,2)', '{1,2,3}', '[(1,2),(3,4)]', '((1,2),(3,4))', '((1,2),(3,4))', '((1,2),(3,4),(5,0))', '<(1,2),3>', '10.1.2.3/8', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', 'a:1 fat:2', 'a & b', 42, 'child', '{{1,NULL},{3,4}}', '{"a b",NULL,""}', '{sad,happy}', ROW('st, "x"', NULL), 'q@r', '[1,5)', '[2020-01-01 00:00+02,)', '[1.0,2.50]', 'a=>1, b=>NULL', '16/B374D848', '$.a[*] ? (@ > 2)', 'x'),
 (NULL, NULL, 'NaN', 'NaN', 'infinity', NULL, NULL, '', '', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, 'q@r', 'empty', NULL, NULL, NULL, NULL, NULL, NULL)

INSERT INTO measures (at, place, v) VALUES ('2020-05-05', 'x', 1), ('2022-05-05', 'a', 2)

INSERT INTO heir (id, n, v, e, extra) VALUES (5, 8, 'b', 'a@b', 'x')

INSERT INTO audit.log (n, v, at) VALUES (1, 'z', '2020-01-01 12:00:00.123456Z'), (1, 'z', '2020-01-01 12:00:00.123456Z'), (NULL, NULL, NULL)
