CREATE TABLE instance_change_history (
    id BIGSERIAL PRIMARY KEY,
    version TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_instance_change_history_unique_version ON instance_change_history (version);

INSERT INTO instance_change_history (version)
SELECT version FROM migration_history WHERE status = 'DONE' ORDER BY id;

DROP TABLE migration_history;
