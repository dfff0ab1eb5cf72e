DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM release WHERE version = '1.10') THEN
        RAISE EXCEPTION 'Install release 1.10 first, which finishes the jobs';
    END IF;
END $$;
DROP TABLE job;
