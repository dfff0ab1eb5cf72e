--
-- PostgreSQL database dump
--

\restrict afvBtuGipwuCFYGpdrZUWMVG8TaD4HUQHLbjzfMD4HvUhqNvZBRJ1k7gQ6HgrwH

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
-- Data for Name: person; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

INSERT INTO public.person (id, name, picture, details, feeling) OVERRIDING SYSTEM VALUE VALUES
	(1, 'plain', NULL, '{"a": [1, 2], "q": "what?"}', 'fine; really'),
	(2, 'emoji 😀 and ümläut', '\x', NULL, 'fine; really'),
	(3, 'tab	here, back\slash, new
line, returnhere', NULL, '{"path": "C:\\temp", "quote": "\""}', 'fine; really');
INSERT INTO public.person (id, name, picture, details, feeling) OVERRIDING SYSTEM VALUE VALUES
	(4, 'semicolon; -- no comment /* none */ $$ and $x$', NULL, NULL, 'fine; really'),
	(5, '\.', NULL, NULL, 'fine; really'),
	(6, '\N', NULL, NULL, 'fine; really');
INSERT INTO public.person (id, name, picture, details, feeling) OVERRIDING SYSTEM VALUE VALUES
	(7, 'it''s "quoted" `too`', NULL, NULL, 'fine; really'),
	(8, 'bytes', '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', NULL, 'fine; really');


--
-- Data for Name: entry; Type: TABLE DATA; Schema: audit; Owner: catalog_owner
--

INSERT INTO audit.entry (id, person_id, at) VALUES
	(1, 1, '2024-05-01 10:00:00+00'),
	(2, 2, '2024-05-01 10:00:00+00'),
	(3, 3, '2024-05-01 10:00:00+00');
INSERT INTO audit.entry (id, person_id, at) VALUES
	(4, 4, '2024-05-01 10:00:00+00'),
	(5, 5, '2024-05-01 10:00:00+00'),
	(6, 6, '2024-05-01 10:00:00+00');
INSERT INTO audit.entry (id, person_id, at) VALUES
	(7, 7, '2024-05-01 10:00:00+00'),
	(8, 8, '2024-05-01 10:00:00+00');


--
-- Data for Name: Odd "Name".tbl; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

INSERT INTO public."Odd ""Name"".tbl" ("select", "tab	col") VALUES
	(1, 'one'),
	(2, NULL);


--
-- Data for Name: empty_one; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--



--
-- Data for Name: flyway_schema_history; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

INSERT INTO public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES
	(1, '1.0', 'tables', 'SQL', 'V1.0__tables.sql', -1274563210, 'catalog', '2024-05-01 10:00:00', 12, true),
	(2, '1.1', 'it''s a \ "column"; really', 'SQL', 'V1.1__column.sql', 99, 'catalog', '2024-05-01 10:00:01', 3, true),
	(3, NULL, 'views', 'SQL', 'R__views.sql', 7, 'catalog', '2024-05-01 10:00:02', 3, true);
INSERT INTO public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES
	(4, '1.2', 'failed', 'SQL', 'V1.2__failed.sql', NULL, 'catalog', '2024-05-01 10:00:03', 3, false);


--
-- Data for Name: no_columns; Type: TABLE DATA; Schema: public; Owner: catalog_owner
--

INSERT INTO public.no_columns DEFAULT VALUES;


--
-- Name: entry_id_seq; Type: SEQUENCE SET; Schema: audit; Owner: catalog_owner
--

SELECT pg_catalog.setval('audit.entry_id_seq', 8, true);


--
-- Name: person_id_seq; Type: SEQUENCE SET; Schema: public; Owner: catalog_owner
--

SELECT pg_catalog.setval('public.person_id_seq', 8, true);


--
-- PostgreSQL database dump complete
--

\unrestrict afvBtuGipwuCFYGpdrZUWMVG8TaD4HUQHLbjzfMD4HvUhqNvZBRJ1k7gQ6HgrwH

