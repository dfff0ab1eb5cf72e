SELECT pg_sleep(1.1);
