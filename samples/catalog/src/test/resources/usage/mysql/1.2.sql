-- What users wrote while the product ran at 1.2: ingestion on a schedule.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

INSERT INTO ingestion_pipeline (service_id, name, schedule, source_config, enabled) VALUES
    (1, 'metadata', '0 3 * * *', '{"type": "metadata", "filter": {"schema": {"includes": ["dwh\\\\..*"], "excludes": ["^tmp_\\"x\\"$"]}}}', TRUE),
    (1, 'usage', NULL, '{"type": "usage", "days": 7}', FALSE),
    (2, 'metadata', '*/5 * * * *', '{"type": "metadata", "note": "Überall 🔁"}', TRUE),
    (4, 'untyped', '', '{}', TRUE);

INSERT INTO pipeline_run (pipeline_id, state, started_at, ended_at, log_text) VALUES
    (1, 'success', '2023-09-01 03:00:00', '2023-09-01 03:00:12.345', 'line 1\nline 2\r\n\tindented; done\\'),
    (1, 'failed', '2023-09-02 03:00:00', '2023-09-02 03:00:00', 'ERROR: relation "dwh.tmp" does not exist\n  at ''Loader'''),
    (3, 'running', '2023-09-02 04:00:00', NULL, NULL),
    (3, 'success', '2023-09-02 03:55:00', '2023-09-02 03:59:59.999', '');

-- The circle: a pipeline points to its last run, which points back.
UPDATE ingestion_pipeline SET last_run_id = 2 WHERE id = 1;

UPDATE ingestion_pipeline SET last_run_id = 3 WHERE id = 3;

INSERT INTO data_asset (service_id, kind, fqn, document, lifecycle, owner_email, row_count, size_mb, discovered_at) VALUES
    (4, 'ml_model', 'empty.churn', '{"name": "churn", "algorithm": "xgboost", "auc": 0.8125}', 'active', 'li.lei@example.com', NULL, NULL, '2023-09-03 00:00:00'),
    (1, 'table', 'warehouse.dwh.tmp_1', '{"name": "tmp_1", "deleted": true}', 'proposed', NULL, 3, -1, '2023-09-03 00:00:01');

INSERT INTO asset_tag (asset_id, tag_id, label_type, applied_at) VALUES
    (10, 3, 'automated', '2023-09-03 00:00:02');
