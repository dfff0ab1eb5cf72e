ALTER TABLE issue
    ADD COLUMN status TEXT NOT NULL DEFAULT 'OPEN'
        CONSTRAINT issue_status_check CHECK (status IN ('OPEN', 'DONE', 'CANCELED'));

UPDATE issue SET status = payload ->> 'status', payload = payload - 'status' WHERE payload ? 'status';
