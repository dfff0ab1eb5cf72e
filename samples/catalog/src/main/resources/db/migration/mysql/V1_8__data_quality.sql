-- Tests of data quality.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE test_suite (
    id          BIGINT       NOT NULL AUTO_INCREMENT,
    name        VARCHAR(128) NOT NULL,
    description TEXT         NOT NULL,
    owner_team  BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY test_suite_name_uk (name),
    KEY test_suite_owner_ix (owner_team),
    CONSTRAINT test_suite_owner_fk FOREIGN KEY (owner_team) REFERENCES team (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE test_case (
    id         BIGINT       NOT NULL AUTO_INCREMENT,
    suite_id   BIGINT       NOT NULL,
    asset_id   BIGINT       NOT NULL,
    name       VARCHAR(128) NOT NULL,
    parameters JSON         NOT NULL,
    severity   INT          NOT NULL DEFAULT 3,
    PRIMARY KEY (id),
    UNIQUE KEY test_case_name_uk (suite_id, name),
    KEY test_case_asset_ix (asset_id),
    CONSTRAINT test_case_suite_fk FOREIGN KEY (suite_id) REFERENCES test_suite (id) ON DELETE CASCADE,
    CONSTRAINT test_case_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE,
    CONSTRAINT test_case_severity_ck CHECK (severity BETWEEN 1 AND 5)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE test_result (
    test_case_id BIGINT       NOT NULL,
    executed_at  TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    status       ENUM ('success', 'failed', 'aborted') NOT NULL,
    observed     DECIMAL(38, 12),
    score        DOUBLE,
    message      TEXT,
    PRIMARY KEY (test_case_id, executed_at),
    CONSTRAINT test_result_case_fk FOREIGN KEY (test_case_id) REFERENCES test_case (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

DELIMITER $$
-- Percentage of an asset's test results that are good; NULL if it has none.
CREATE FUNCTION asset_health(p_asset_id BIGINT) RETURNS DECIMAL(5, 2)
    READS SQL DATA
BEGIN
    DECLARE v_health DECIMAL(5, 2);
    SELECT ROUND(100.0 * SUM(r.status = 'success') / COUNT(*), 2)
    INTO v_health
    FROM test_case c
    JOIN test_result r ON r.test_case_id = c.id
    WHERE c.asset_id = p_asset_id;
    RETURN v_health;
END$$

-- For the nightly job that keeps the retention promise.
CREATE PROCEDURE purge_change_events(IN p_before TIMESTAMP(3))
BEGIN
    DELETE FROM change_event WHERE occurred_at < p_before;
END$$
DELIMITER ;

-- Failed tests are events too; the page of an asset lists what happened to it.
CREATE INDEX change_event_entity_ix ON change_event (entity_type, entity_id);
