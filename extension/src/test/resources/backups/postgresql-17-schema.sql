--
-- PostgreSQL database dump
--

\restrict GGxwDJ5kyYlNXqsSI3rS18OQgwDtZayHzRqFfgtsZ56mbZC1klMooqc6yJ76IIe

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

\unrestrict GGxwDJ5kyYlNXqsSI3rS18OQgwDtZayHzRqFfgtsZ56mbZC1klMooqc6yJ76IIe

