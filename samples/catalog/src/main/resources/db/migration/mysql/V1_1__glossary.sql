-- Business glossaries.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Users may choose how they are called; the name that the directory gave them is only where that starts.
ALTER TABLE user_account RENAME COLUMN fullname TO display_name;

CREATE TABLE glossary (
    id         BIGINT       NOT NULL AUTO_INCREMENT,
    name       VARCHAR(128) NOT NULL,
    document   JSON         NOT NULL,
    owner_id   BIGINT,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY glossary_name_uk (name),
    KEY glossary_owner_ix (owner_id),
    CONSTRAINT glossary_owner_fk FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- A term that still has narrower terms cannot be deleted.
CREATE TABLE glossary_term (
    id          CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    glossary_id BIGINT       NOT NULL,
    parent_id   CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
    name        VARCHAR(128) NOT NULL,
    definition  TEXT         NOT NULL,
    synonyms    JSON,
    PRIMARY KEY (id),
    UNIQUE KEY glossary_term_name_uk (glossary_id, name),
    KEY glossary_term_parent_ix (parent_id),
    CONSTRAINT glossary_term_glossary_fk FOREIGN KEY (glossary_id) REFERENCES glossary (id) ON DELETE CASCADE,
    CONSTRAINT glossary_term_parent_fk FOREIGN KEY (parent_id) REFERENCES glossary_term (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE glossary_term_asset (
    term_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    asset_id BIGINT NOT NULL,
    PRIMARY KEY (term_id, asset_id),
    KEY glossary_term_asset_asset_ix (asset_id),
    CONSTRAINT glossary_term_asset_term_fk FOREIGN KEY (term_id) REFERENCES glossary_term (id) ON DELETE CASCADE,
    CONSTRAINT glossary_term_asset_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The new search page shows a description for every tag.
UPDATE tag SET description = 'No description yet' WHERE description IS NULL OR description = '';

-- "My assets" was a full scan.
CREATE INDEX data_asset_owner_email_ix ON data_asset (owner_email);
CREATE INDEX data_asset_name_ix ON data_asset (name);

CREATE VIEW asset_overview AS
SELECT a.id AS asset_id,
       a.fqn,
       a.name AS asset_name,
       a.kind,
       s.name AS service_name,
       a.owner_email,
       (SELECT COUNT(*) FROM asset_tag t WHERE t.asset_id = a.id) AS tag_count
FROM data_asset a
JOIN data_service s ON s.id = a.service_id;
