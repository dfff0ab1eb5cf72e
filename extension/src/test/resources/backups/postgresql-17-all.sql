--
-- PostgreSQL database cluster dump
--

\restrict KULIQqZtAW73T5qYGCQw5oEkTP2IDUgulSfGzLP7I6MkBBuxzKzwPjtGt6zmhR2

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE "Reader-1";
ALTER ROLE "Reader-1" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE catalog_owner;
ALTER ROLE catalog_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE test;
ALTER ROLE test WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;

--
-- User Configurations
--








\unrestrict KULIQqZtAW73T5qYGCQw5oEkTP2IDUgulSfGzLP7I6MkBBuxzKzwPjtGt6zmhR2

--
-- Databases
--

--
-- Database "template1" dump
--

\connect template1

--
-- PostgreSQL database dump
--

\restrict 9MqZTqIGSxS7uwK6Tfix0f8FDHPitxn9xGXedSXcPineDPUTbtXsStlk8iZkkMy

-- Dumped from database version 17.11 (Debian 17.11-0+deb13u1)
-- Dumped by pg_dump version 17.11 (Debian 17.11-0+deb13u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- PostgreSQL database dump complete
--

\unrestrict 9MqZTqIGSxS7uwK6Tfix0f8FDHPitxn9xGXedSXcPineDPUTbtXsStlk8iZkkMy

--
-- Database "catalog" dump
--

--
-- PostgreSQL database dump
--

\restrict GpIKicvLM7FPCEwRLR0JxcWUBff47ds9FCyQcVY1nPUpEgsJMWh3hC6cBQi529T

-- Dumped from database version 17.11 (Debian 17.11-0+deb13u1)
-- Dumped by pg_dump version 17.11 (Debian 17.11-0+deb13u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: catalog; Type: DATABASE; Schema: -; Owner: test
--

CREATE DATABASE catalog WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'en_US.utf8';


ALTER DATABASE catalog OWNER TO test;

\unrestrict GpIKicvLM7FPCEwRLR0JxcWUBff47ds9FCyQcVY1nPUpEgsJMWh3hC6cBQi529T
\connect catalog
\restrict GpIKicvLM7FPCEwRLR0JxcWUBff47ds9FCyQcVY1nPUpEgsJMWh3hC6cBQi529T

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: audit; Type: SCHEMA; Schema: -; Owner: catalog_owner
--

CREATE SCHEMA audit;


ALTER SCHEMA audit OWNER TO catalog_owner;

--
-- Name: mood; Type: TYPE; Schema: public; Owner: catalog_owner
--

CREATE TYPE public.mood AS ENUM (
    'fine; really',
    'it''s bad'
);


ALTER TYPE public.mood OWNER TO catalog_owner;

--
-- Name: log_person(); Type: FUNCTION; Schema: public; Owner: catalog_owner
--

CREATE FUNCTION public.log_person() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
  -- it's; a $$ trap
  INSERT INTO audit.entry (person_id) VALUES (NEW.id);
  RETURN NEW;
END;
$_$;


ALTER FUNCTION public.log_person() OWNER TO catalog_owner;

--
-- Name: nothing(); Type: PROCEDURE; Schema: public; Owner: catalog_owner
--

CREATE PROCEDURE public.nothing()
    LANGUAGE sql
    BEGIN ATOMIC
END;


ALTER PROCEDURE public.nothing() OWNER TO catalog_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: person; Type: TABLE; Schema: public; Owner: catalog_owner
--

CREATE TABLE public.person (
    id bigint NOT NULL,
    name text NOT NULL,
    picture bytea,
    details jsonb,
    feeling public.mood DEFAULT 'fine; really'::public.mood,
    upper_name text GENERATED ALWAYS AS (upper(name)) STORED
);


ALTER TABLE public.person OWNER TO catalog_owner;

--
-- Name: TABLE person; Type: COMMENT; Schema: public; Owner: catalog_owner
--

COMMENT ON TABLE public.person IS 'people; it''s a table
of two lines';


--
-- Name: rename_person(text, text); Type: FUNCTION; Schema: public; Owner: catalog_owner
--

CREATE FUNCTION public.rename_person(old text, new text) RETURNS text
    LANGUAGE sql
    BEGIN ATOMIC
 UPDATE public.person SET name =
         CASE
             WHEN (rename_person.new = ''::text) THEN rename_person.old
             ELSE rename_person.new
         END
   WHERE (person.name = rename_person.old);
 SELECT
         CASE
             WHEN (old = ';'::text) THEN 'begin'::text
             ELSE new
         END AS new;
END;


ALTER FUNCTION public.rename_person(old text, new text) OWNER TO catalog_owner;

--
-- Name: entry; Type: TABLE; Schema: audit; Owner: catalog_owner
--

CREATE TABLE audit.entry (
    id integer NOT NULL,
    person_id bigint,
    at timestamp with time zone DEFAULT now()
);


ALTER TABLE audit.entry OWNER TO catalog_owner;

--
-- Name: entry_id_seq; Type: SEQUENCE; Schema: audit; Owner: catalog_owner
--

CREATE SEQUENCE audit.entry_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE audit.entry_id_seq OWNER TO catalog_owner;

--
-- Name: entry_id_seq; Type: SEQUENCE OWNED BY; Schema: audit; Owner: catalog_owner
--

ALTER SEQUENCE audit.entry_id_seq OWNED BY audit.entry.id;


--
-- Name: Odd "Name".tbl; Type: TABLE; Schema: public; Owner: catalog_owner
--

CREATE TABLE public."Odd ""Name"".tbl" (
    "select" integer,
    "tab	col" text
);


ALTER TABLE public."Odd ""Name"".tbl" OWNER TO catalog_owner;

--
-- Name: empty_one; Type: TABLE; Schema: public; Owner: catalog_owner
--

CREATE TABLE public.empty_one (
    id integer NOT NULL
);


ALTER TABLE public.empty_one OWNER TO catalog_owner;

--
-- Name: flyway_schema_history; Type: TABLE; Schema: public; Owner: catalog_owner
--

CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);


ALTER TABLE public.flyway_schema_history OWNER TO catalog_owner;

--
-- Name: names; Type: VIEW; Schema: public; Owner: catalog_owner
--

CREATE VIEW public.names AS
 SELECT id,
    (name || ';'::text) AS name
   FROM public.person;


ALTER VIEW public.names OWNER TO catalog_owner;

--
-- Name: no_columns; Type: TABLE; Schema: public; Owner: catalog_owner
--

CREATE TABLE public.no_columns (
);


ALTER TABLE public.no_columns OWNER TO catalog_owner;

--
-- Name: person_id_seq; Type: SEQUENCE; Schema: public; Owner: catalog_owner
--

ALTER TABLE public.person ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: entry id; Type: DEFAULT; Schema: audit; Owner: catalog_owner
--

ALTER TABLE ONLY audit.entry ALTER COLUMN id SET DEFAULT nextval('audit.entry_id_seq'::regclass);


--
-- Data for Name: entry; Type: TABLE DATA; Schema: audit; Owner: catalog_owner
--

COPY audit.entry (id, person_id, at) FROM stdin;
1	1	2024-05-01 10:00:00+00
2	2	2024-05-01 10:00:00+00
3	3	2024-05-01 10:00:00+00
4	4	2024-05-01 10:00:00+00
5	5	2024-05-01 10:00:00+00
6	6	2024-05-01 10:00:00+00
7	7	2024-05-01 10:00:00+00
8	8	2024-05-01 10:00:00+00
\.


--
-- Data for Name: Odd "Name".tbl; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

COPY public."Odd ""Name"".tbl" ("select", "tab	col") FROM stdin;
1	one
2	\N
\.


--
-- Data for Name: empty_one; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

COPY public.empty_one (id) FROM stdin;
\.


--
-- Data for Name: flyway_schema_history; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

COPY public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) FROM stdin;
1	1.0	tables	SQL	V1.0__tables.sql	-1274563210	catalog	2024-05-01 10:00:00	12	t
2	1.1	it's a \\ "column"; really	SQL	V1.1__column.sql	99	catalog	2024-05-01 10:00:01	3	t
3	\N	views	SQL	R__views.sql	7	catalog	2024-05-01 10:00:02	3	t
4	1.2	failed	SQL	V1.2__failed.sql	\N	catalog	2024-05-01 10:00:03	3	f
\.


--
-- Data for Name: no_columns; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

COPY public.no_columns  FROM stdin;

\.


--
-- Data for Name: person; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

COPY public.person (id, name, picture, details, feeling) FROM stdin;
1	plain	\N	{"a": [1, 2], "q": "what?"}	fine; really
2	emoji 😀 and ümläut	\\x	\N	fine; really
3	tab\there, back\\slash, new\nline, return\rhere	\N	{"path": "C:\\\\temp", "quote": "\\""}	fine; really
4	semicolon; -- no comment /* none */ $$ and $x$	\N	\N	fine; really
5	\\.	\N	\N	fine; really
6	\\N	\N	\N	fine; really
7	it's "quoted" `too`	\N	\N	fine; really
8	bytes	\\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff	\N	fine; really
\.


--
-- Name: entry_id_seq; Type: SEQUENCE SET; Schema: audit; Owner: catalog_owner
--

SELECT pg_catalog.setval('audit.entry_id_seq', 8, true);


--
-- Name: person_id_seq; Type: SEQUENCE SET; Schema: public; Owner: catalog_owner
--

SELECT pg_catalog.setval('public.person_id_seq', 8, true);


--
-- Name: entry entry_pkey; Type: CONSTRAINT; Schema: audit; Owner: catalog_owner
--

ALTER TABLE ONLY audit.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);


--
-- Name: empty_one empty_one_pkey; Type: CONSTRAINT; Schema: public; Owner: catalog_owner
--

ALTER TABLE ONLY public.empty_one
    ADD CONSTRAINT empty_one_pkey PRIMARY KEY (id);


--
-- Name: flyway_schema_history flyway_schema_history_pkey; Type: CONSTRAINT; Schema: public; Owner: catalog_owner
--

ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pkey PRIMARY KEY (installed_rank);


--
-- Name: person person_pkey; Type: CONSTRAINT; Schema: public; Owner: catalog_owner
--

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);


--
-- Name: names names_gone; Type: RULE; Schema: public; Owner: catalog_owner
--

CREATE RULE names_gone AS
    ON DELETE TO public.names DO INSTEAD ( DELETE FROM audit.entry
  WHERE (entry.person_id = old.id);
 DELETE FROM public.person
  WHERE (person.id = old.id);
);


--
-- Name: person person_logged; Type: TRIGGER; Schema: public; Owner: catalog_owner
--

CREATE TRIGGER person_logged AFTER INSERT ON public.person FOR EACH ROW EXECUTE FUNCTION public.log_person();


--
-- Name: entry entry_person_id_fkey; Type: FK CONSTRAINT; Schema: audit; Owner: catalog_owner
--

ALTER TABLE ONLY audit.entry
    ADD CONSTRAINT entry_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);


--
-- Name: person own; Type: POLICY; Schema: public; Owner: catalog_owner
--

CREATE POLICY own ON public.person FOR SELECT TO catalog_owner, "Reader-1" USING ((name = CURRENT_USER));


--
-- Name: person; Type: ROW SECURITY; Schema: public; Owner: catalog_owner
--

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

--
-- Name: DATABASE catalog; Type: ACL; Schema: -; Owner: test
--

REVOKE CONNECT,TEMPORARY ON DATABASE catalog FROM PUBLIC;
GRANT ALL ON DATABASE catalog TO PUBLIC;


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- Name: TABLE person; Type: ACL; Schema: public; Owner: catalog_owner
--

GRANT SELECT ON TABLE public.person TO "Reader-1";


--
-- Name: TABLE names; Type: ACL; Schema: public; Owner: catalog_owner
--

GRANT SELECT ON TABLE public.names TO "Reader-1";


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: audit; Owner: catalog_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner IN SCHEMA audit GRANT SELECT ON TABLES TO "Reader-1";


--
-- PostgreSQL database dump complete
--

\unrestrict GpIKicvLM7FPCEwRLR0JxcWUBff47ds9FCyQcVY1nPUpEgsJMWh3hC6cBQi529T

--
-- Database "postgres" dump
--

\connect postgres

--
-- PostgreSQL database dump
--

\restrict ByPoa2Y8l5wNn4B0TZYzQOdyTkQjqV1lLqaslssLa66iFMs2OjO8MIQD5GO8Vy1

-- Dumped from database version 17.11 (Debian 17.11-0+deb13u1)
-- Dumped by pg_dump version 17.11 (Debian 17.11-0+deb13u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- PostgreSQL database dump complete
--

\unrestrict ByPoa2Y8l5wNn4B0TZYzQOdyTkQjqV1lLqaslssLa66iFMs2OjO8MIQD5GO8Vy1

--
-- Database "test" dump
--

--
-- PostgreSQL database dump
--

\restrict QDjhYFm9EvcKSw1tnYNZ0Jb12thGdfpAOj18fCqvJeQABxU6VMcKY9xejDPPCSH

-- Dumped from database version 17.11 (Debian 17.11-0+deb13u1)
-- Dumped by pg_dump version 17.11 (Debian 17.11-0+deb13u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: test; Type: DATABASE; Schema: -; Owner: test
--

CREATE DATABASE test WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'en_US.utf8';


ALTER DATABASE test OWNER TO test;

\unrestrict QDjhYFm9EvcKSw1tnYNZ0Jb12thGdfpAOj18fCqvJeQABxU6VMcKY9xejDPPCSH
\connect test
\restrict QDjhYFm9EvcKSw1tnYNZ0Jb12thGdfpAOj18fCqvJeQABxU6VMcKY9xejDPPCSH

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- PostgreSQL database dump complete
--

\unrestrict QDjhYFm9EvcKSw1tnYNZ0Jb12thGdfpAOj18fCqvJeQABxU6VMcKY9xejDPPCSH

--
-- PostgreSQL database cluster dump complete
--

