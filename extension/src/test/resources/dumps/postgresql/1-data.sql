--
-- PostgreSQL database dump
--

\restrict uaheunP1eI3gMbYeCVcZhqblguAXJ8c6mHMA8gWrXaY4DS8aFBcDVuwx93egkhh

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
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.audit (id, what) FROM stdin;
1	author Ann
\.


--
-- Data for Name: author; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.author (id, name, best_book_id) FROM stdin;
2	Ann	1
3	Bob	2
4	Cid	3
\.


--
-- Data for Name: book; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.book (id, title, author_id, feeling) FROM stdin;
1	old Ann	2	grave
2	old Bob	3	grave
3	old Cid	4	grave
\.


--
-- Data for Name: flyway_schema_history; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) FROM stdin;
1	1	library	SQL	V1__library.sql	655749608	postgres	2026-11-21 12:34:30.93127	47	t
\.


--
-- Data for Name: language; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.language (code, name) FROM stdin;
en	English
de	German
\.


--
-- Data for Name: lent_2024; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.lent_2024 (book_id, at) FROM stdin;
1	2024-05-01
2	2024-05-02
\.


--
-- Name: audit_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.audit_id_seq', 3, true);


--
-- Name: author_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.author_id_seq', 4, true);


--
-- Name: book_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.book_id_seq', 3, true);


--
-- PostgreSQL database dump complete
--

\unrestrict uaheunP1eI3gMbYeCVcZhqblguAXJ8c6mHMA8gWrXaY4DS8aFBcDVuwx93egkhh

