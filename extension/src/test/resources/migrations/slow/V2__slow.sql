LOCK TABLE person IN ACCESS EXCLUSIVE MODE;
UPDATE person SET name = upper(name);
SELECT pg_sleep(0.3);
