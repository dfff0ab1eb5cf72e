-- Scheduled ingestion, and a life cycle for assets.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Beside the topics, where the sidebar shows it.
ALTER TABLE data_asset MODIFY kind ENUM ('table', 'topic', 'ml_model', 'dashboard', 'pipeline') NOT NULL;

CREATE TABLE ingestion_pipeline (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    service_id    BIGINT       NOT NULL,
    name          VARCHAR(128) NOT NULL,
    schedule      VARCHAR(64),
    source_config JSON         NOT NULL,
    pipeline_type VARCHAR(32) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(source_config, '$.type'))) STORED,
    last_run_id   BIGINT,
    enabled       BOOLEAN      NOT NULL DEFAULT TRUE,
    PRIMARY KEY (id),
    UNIQUE KEY ingestion_pipeline_name_uk (service_id, name),
    KEY ingestion_pipeline_last_run_ix (last_run_id),
    CONSTRAINT ingestion_pipeline_service_fk FOREIGN KEY (service_id) REFERENCES data_service (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE pipeline_run (
    id          BIGINT       NOT NULL AUTO_INCREMENT,
    pipeline_id BIGINT       NOT NULL,
    state       VARCHAR(16)  NOT NULL,
    started_at  TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    ended_at    TIMESTAMP(3) NULL DEFAULT NULL,
    log_text    MEDIUMTEXT,
    PRIMARY KEY (id),
    KEY pipeline_run_pipeline_ix (pipeline_id),
    CONSTRAINT pipeline_run_time_ck CHECK (ended_at >= started_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- A pipeline knows its last run and a run its pipeline.
ALTER TABLE pipeline_run
    ADD CONSTRAINT pipeline_run_pipeline_fk FOREIGN KEY (pipeline_id) REFERENCES ingestion_pipeline (id)
        ON DELETE CASCADE;
ALTER TABLE ingestion_pipeline
    ADD CONSTRAINT ingestion_pipeline_last_run_fk FOREIGN KEY (last_run_id) REFERENCES pipeline_run (id)
        ON DELETE SET NULL;

-- Every asset gets a life cycle. Until now connectors marked old assets in the document only.
ALTER TABLE data_asset ADD COLUMN lifecycle VARCHAR(16);
UPDATE data_asset
SET lifecycle = CASE
        WHEN JSON_UNQUOTE(JSON_EXTRACT(document, '$.deprecated')) = 'true' THEN 'deprecated'
        ELSE 'active'
    END;
ALTER TABLE data_asset MODIFY lifecycle VARCHAR(16) NOT NULL;
CREATE INDEX data_asset_lifecycle_ix ON data_asset (lifecycle, kind);
