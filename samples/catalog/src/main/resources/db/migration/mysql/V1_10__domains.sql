-- Domains and data products; owners become references.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE domain (
    id          INT          NOT NULL AUTO_INCREMENT,
    parent_id   INT,
    name        VARCHAR(128) NOT NULL,
    description TEXT         NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY domain_name_uk (name),
    KEY domain_parent_ix (parent_id),
    CONSTRAINT domain_parent_fk FOREIGN KEY (parent_id) REFERENCES domain (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
INSERT INTO domain (id, parent_id, name, description) VALUES
    (1, NULL, 'Unassigned', 'Where assets are until somebody looks after them');
ALTER TABLE domain AUTO_INCREMENT = 100;

CREATE TABLE data_product (
    id         BIGINT          NOT NULL AUTO_INCREMENT,
    domain_id  INT             NOT NULL,
    document   JSON            NOT NULL,
    name       VARCHAR(256) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(document, '$.name'))) STORED,
    price      DECIMAL(38, 10) NOT NULL DEFAULT 0,
    valid_from DATE            NOT NULL,
    valid_to   DATE,
    logo       BLOB,
    PRIMARY KEY (id),
    KEY data_product_domain_ix (domain_id),
    KEY data_product_name_ix (name),
    CONSTRAINT data_product_domain_fk FOREIGN KEY (domain_id) REFERENCES domain (id) ON DELETE RESTRICT,
    CONSTRAINT data_product_valid_ck CHECK (valid_to >= valid_from)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE data_product_asset (
    product_id BIGINT NOT NULL,
    asset_id   BIGINT NOT NULL,
    ordinal    INT    NOT NULL,
    PRIMARY KEY (product_id, asset_id),
    KEY data_product_asset_asset_ix (asset_id),
    CONSTRAINT data_product_asset_product_fk FOREIGN KEY (product_id) REFERENCES data_product (id) ON DELETE CASCADE,
    CONSTRAINT data_product_asset_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE event_subscription (
    id         BIGINT       NOT NULL AUTO_INCREMENT,
    name       VARCHAR(128) NOT NULL,
    endpoint   TEXT         NOT NULL,
    filters    JSON,
    secret     BLOB,
    enabled    BOOLEAN      NOT NULL DEFAULT TRUE,
    read_to    BIGINT       NOT NULL DEFAULT 0,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY event_subscription_name_uk (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The address of an owner was a loose end: nothing kept it when a user changed theirs. It stays until 2.0 for
-- addresses that belong to nobody. Of two users with one address the older account is the owner.
ALTER TABLE data_asset ADD COLUMN owner_id BIGINT;
UPDATE data_asset a
SET a.owner_id = (SELECT MIN(u.id) FROM user_account u WHERE u.email = a.owner_email)
WHERE a.owner_email <> ''; -- NULL is left out as well
CREATE INDEX data_asset_owner_ix ON data_asset (owner_id);
ALTER TABLE data_asset
    ADD CONSTRAINT data_asset_owner_fk FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE SET NULL;

ALTER TABLE data_asset ADD COLUMN domain_id INT;
UPDATE data_asset SET domain_id = 1;
ALTER TABLE data_asset MODIFY domain_id INT NOT NULL;
CREATE INDEX data_asset_domain_ix ON data_asset (domain_id);
ALTER TABLE data_asset
    ADD CONSTRAINT data_asset_domain_fk FOREIGN KEY (domain_id) REFERENCES domain (id) ON DELETE RESTRICT;

-- Soft deletion was a mark in the document that no query could use.
ALTER TABLE data_asset
    ADD COLUMN is_deleted BOOLEAN
        GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(document, '$.deleted')) = 'true') STORED;
CREATE INDEX data_asset_deleted_ix ON data_asset (is_deleted);

-- Where a lineage edge comes from. A query text means that a connector parsed it.
ALTER TABLE lineage_edge ADD COLUMN source VARCHAR(16);
UPDATE lineage_edge SET source = CASE WHEN sql_text IS NULL OR sql_text = '' THEN 'manual' ELSE 'query' END;
ALTER TABLE lineage_edge MODIFY source VARCHAR(16) NOT NULL DEFAULT 'manual';

CREATE OR REPLACE VIEW asset_overview AS
SELECT a.id AS asset_id,
       a.fqn,
       a.name AS asset_name,
       a.kind,
       s.name AS service_name,
       a.owner_email,
       (SELECT COUNT(*) FROM asset_tag t WHERE t.asset_id = a.id) AS tag_count,
       u.display_name AS owner_name,
       d.name AS domain_name
FROM data_asset a
JOIN data_service s ON s.id = a.service_id
JOIN domain d ON d.id = a.domain_id
LEFT JOIN user_account u ON u.id = a.owner_id;
