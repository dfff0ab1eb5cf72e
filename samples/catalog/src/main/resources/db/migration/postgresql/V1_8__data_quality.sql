-- Tests of data quality.

CREATE TYPE test_status AS ENUM ('success', 'failed', 'aborted');

CREATE TABLE test_suite (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    name        varchar(128) NOT NULL,
    description text         NOT NULL,
    owner_team  bigint,
    CONSTRAINT test_suite_pk PRIMARY KEY (id),
    CONSTRAINT test_suite_name_uk UNIQUE (name),
    CONSTRAINT test_suite_owner_fk FOREIGN KEY (owner_team) REFERENCES team (id) ON DELETE SET NULL
);
CREATE INDEX test_suite_owner_ix ON test_suite (owner_team);

CREATE TABLE test_case (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    suite_id   bigint       NOT NULL,
    asset_id   bigint       NOT NULL,
    name       varchar(128) NOT NULL,
    parameters jsonb        NOT NULL,
    severity   integer      NOT NULL DEFAULT 3,
    CONSTRAINT test_case_pk PRIMARY KEY (id),
    CONSTRAINT test_case_name_uk UNIQUE (suite_id, name),
    CONSTRAINT test_case_suite_fk FOREIGN KEY (suite_id) REFERENCES test_suite (id) ON DELETE CASCADE,
    CONSTRAINT test_case_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE,
    CONSTRAINT test_case_severity_ck CHECK (severity BETWEEN 1 AND 5)
);
CREATE INDEX test_case_asset_ix ON test_case (asset_id);

CREATE TABLE test_result (
    test_case_id bigint      NOT NULL,
    executed_at  timestamptz NOT NULL DEFAULT now(),
    status       test_status NOT NULL,
    observed     numeric(38, 12),
    score        double precision,
    message      text,
    CONSTRAINT test_result_pk PRIMARY KEY (test_case_id, executed_at),
    CONSTRAINT test_result_case_fk FOREIGN KEY (test_case_id) REFERENCES test_case (id) ON DELETE CASCADE
);

-- Percentage of an asset's test results that are good; NULL if it has none.
CREATE FUNCTION asset_health(p_asset_id bigint) RETURNS numeric
    LANGUAGE sql STABLE AS $$
SELECT round(100.0 * count(*) FILTER (WHERE r.status = 'success') / nullif(count(*), 0), 2)
FROM test_case c
JOIN test_result r ON r.test_case_id = c.id
WHERE c.asset_id = p_asset_id;
$$;

-- For the nightly job that keeps the retention promise.
CREATE PROCEDURE purge_change_events(p_before timestamptz)
    LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM change_event WHERE occurred_at < p_before;
END;
$$;

-- Failed tests are events too; the page of an asset lists what happened to it.
CREATE INDEX change_event_entity_ix ON change_event (entity_type, entity_id);
