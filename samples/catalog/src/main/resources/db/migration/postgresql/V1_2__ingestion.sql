-- Scheduled ingestion, and a life cycle for assets.

-- Beside the topics, where the sidebar shows it.
ALTER TYPE asset_kind ADD VALUE 'ml_model' AFTER 'topic';

CREATE TABLE ingestion_pipeline (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    service_id    bigint       NOT NULL,
    name          varchar(128) NOT NULL,
    schedule      varchar(64),
    source_config jsonb        NOT NULL,
    pipeline_type varchar(32) GENERATED ALWAYS AS (source_config ->> 'type') STORED,
    last_run_id   bigint,
    enabled       boolean      NOT NULL DEFAULT true,
    CONSTRAINT ingestion_pipeline_pk PRIMARY KEY (id),
    CONSTRAINT ingestion_pipeline_name_uk UNIQUE (service_id, name),
    CONSTRAINT ingestion_pipeline_service_fk FOREIGN KEY (service_id) REFERENCES data_service (id) ON DELETE CASCADE
);

CREATE TABLE pipeline_run (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    pipeline_id bigint      NOT NULL,
    state       varchar(16) NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    log_text    text,
    CONSTRAINT pipeline_run_pk PRIMARY KEY (id),
    CONSTRAINT pipeline_run_time_ck CHECK (ended_at >= started_at)
);
CREATE INDEX pipeline_run_pipeline_ix ON pipeline_run (pipeline_id);
CREATE INDEX ingestion_pipeline_last_run_ix ON ingestion_pipeline (last_run_id);

-- A pipeline knows its last run and a run its pipeline. Deferred, because whichever is loaded first from a backup
-- points to rows that are not there yet.
ALTER TABLE pipeline_run
    ADD CONSTRAINT pipeline_run_pipeline_fk FOREIGN KEY (pipeline_id) REFERENCES ingestion_pipeline (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ingestion_pipeline
    ADD CONSTRAINT ingestion_pipeline_last_run_fk FOREIGN KEY (last_run_id) REFERENCES pipeline_run (id)
        ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

-- Every asset gets a life cycle. Until now connectors marked old assets in the document only.
ALTER TABLE data_asset ADD COLUMN lifecycle varchar(16);
UPDATE data_asset
SET lifecycle = CASE WHEN document ->> 'deprecated' = 'true' THEN 'deprecated' ELSE 'active' END;
ALTER TABLE data_asset ALTER COLUMN lifecycle SET NOT NULL;
CREATE INDEX data_asset_lifecycle_ix ON data_asset (lifecycle, kind);
