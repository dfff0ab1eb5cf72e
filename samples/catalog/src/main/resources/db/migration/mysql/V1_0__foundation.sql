-- The first release: who uses the catalogue, what they may do, and the assets they describe.
--
-- One script for MySQL and MariaDB. Therefore: a collation that both have, no defaults for JSON or TEXT, no `->>`, no
-- NOT NULL on generated columns, and every TIMESTAMP says its default (older MariaDB servers make one up otherwise).
-- Foreign keys name an index of their own, since the one that the server adds silently vanishes as silently.

-- A view, trigger or routine keeps the collation of the session that made it.
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

CREATE TABLE user_account (
    id            BIGINT       NOT NULL AUTO_INCREMENT,
    name          VARCHAR(64)  NOT NULL,
    email         VARCHAR(256) NOT NULL,
    fullname      VARCHAR(256),
    is_admin      BOOLEAN      NOT NULL DEFAULT FALSE,
    bio           TEXT,
    time_zone     VARCHAR(64)  NOT NULL DEFAULT 'UTC',
    born_on       DATE,
    avatar        MEDIUMBLOB,
    created_at    TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    last_login_at TIMESTAMP(3) NULL DEFAULT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY user_account_name_uk (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Teams form a tree. A child survives its parent: it moves to the top.
CREATE TABLE team (
    id          BIGINT         NOT NULL AUTO_INCREMENT,
    parent_id   BIGINT,
    name        VARCHAR(128)   NOT NULL,
    kind        VARCHAR(16)    NOT NULL DEFAULT 'group',
    description VARCHAR(1024)  NOT NULL DEFAULT '',
    budget      DECIMAL(20, 4) NOT NULL DEFAULT 0,
    founded_on  DATE,
    PRIMARY KEY (id),
    UNIQUE KEY team_name_uk (name),
    KEY team_parent_ix (parent_id),
    CONSTRAINT team_parent_fk FOREIGN KEY (parent_id) REFERENCES team (id) ON DELETE SET NULL,
    CONSTRAINT team_kind_ck CHECK (kind IN ('company', 'department', 'group'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE team_member (
    team_id   BIGINT      NOT NULL,
    user_id   BIGINT      NOT NULL,
    joined_at DATETIME(3) NOT NULL, -- local time of the office: the HR feed names no zone
    PRIMARY KEY (team_id, user_id),
    KEY team_member_user_ix (user_id),
    CONSTRAINT team_member_team_fk FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE,
    CONSTRAINT team_member_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE role (
    id          INT         NOT NULL AUTO_INCREMENT,
    name        VARCHAR(64) NOT NULL,
    description TEXT,
    PRIMARY KEY (id),
    UNIQUE KEY role_name_uk (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE user_role (
    user_id    BIGINT       NOT NULL,
    role_id    INT          NOT NULL,
    granted_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (user_id, role_id),
    KEY user_role_role_ix (role_id),
    CONSTRAINT user_role_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT user_role_role_fk FOREIGN KEY (role_id) REFERENCES role (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Rules are kept as they were typed (text, since JSON columns reorder keys): administrators read them again in the
-- editor.
CREATE TABLE policy (
    id      INT         NOT NULL AUTO_INCREMENT,
    name    VARCHAR(64) NOT NULL,
    enabled BOOLEAN     NOT NULL DEFAULT TRUE,
    rules   LONGTEXT    NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY policy_name_uk (name),
    CONSTRAINT policy_rules_ck CHECK (JSON_VALID(rules))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE role_policy (
    role_id   INT NOT NULL,
    policy_id INT NOT NULL,
    PRIMARY KEY (role_id, policy_id),
    KEY role_policy_policy_ix (policy_id),
    CONSTRAINT role_policy_role_fk FOREIGN KEY (role_id) REFERENCES role (id) ON DELETE CASCADE,
    CONSTRAINT role_policy_policy_fk FOREIGN KEY (policy_id) REFERENCES policy (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- A database, broker or dashboard tool that the catalogue reads. The secret is encrypted before it gets here.
CREATE TABLE data_service (
    id                BIGINT       NOT NULL AUTO_INCREMENT,
    name              VARCHAR(128) NOT NULL,
    service_type      VARCHAR(32)  NOT NULL,
    connection_config JSON         NOT NULL,
    secret            BLOB,
    created_at        TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY data_service_name_uk (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- An asset is a document; what is searched or joined on is a column, generated from it where possible. The kinds are an
-- enum, so that a typo in a connector fails on insert. Names of assets differ by case, as their sources' do.
CREATE TABLE data_asset (
    id                BIGINT       NOT NULL AUTO_INCREMENT,
    service_id        BIGINT       NOT NULL,
    kind              ENUM ('table', 'topic', 'dashboard', 'pipeline') NOT NULL,
    fqn               VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    document          JSON         NOT NULL,
    name              VARCHAR(256) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(document, '$.name'))) STORED,
    owner_email       VARCHAR(256),
    row_count         BIGINT,
    size_mb           DECIMAL(38, 9),
    source_created_on DATE,
    source_changed_at DATETIME(3),
    discovered_at     TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    version           INT          NOT NULL DEFAULT 1,
    PRIMARY KEY (id),
    UNIQUE KEY data_asset_fqn_uk (fqn),
    KEY data_asset_service_ix (service_id),
    CONSTRAINT data_asset_service_fk FOREIGN KEY (service_id) REFERENCES data_service (id) ON DELETE CASCADE,
    CONSTRAINT data_asset_version_ck CHECK (version >= 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- A tag without a parent is a classification; deleting it deletes its tags.
CREATE TABLE tag (
    id          INT          NOT NULL AUTO_INCREMENT,
    parent_id   INT,
    name        VARCHAR(128) NOT NULL,
    fqn         VARCHAR(256) NOT NULL,
    description TEXT,
    PRIMARY KEY (id),
    UNIQUE KEY tag_fqn_uk (fqn),
    KEY tag_parent_ix (parent_id),
    CONSTRAINT tag_parent_fk FOREIGN KEY (parent_id) REFERENCES tag (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE asset_tag (
    asset_id   BIGINT       NOT NULL,
    tag_id     INT          NOT NULL,
    label_type VARCHAR(16)  NOT NULL DEFAULT 'manual',
    applied_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (asset_id, tag_id),
    KEY asset_tag_tag_ix (tag_id),
    CONSTRAINT asset_tag_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE,
    CONSTRAINT asset_tag_tag_fk FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE,
    CONSTRAINT asset_tag_label_type_ck CHECK (label_type IN ('manual', 'propagated', 'automated', 'derived'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- An asset may feed itself: an incremental table reads its own last state.
CREATE TABLE lineage_edge (
    id            CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_asset_id BIGINT NOT NULL,
    to_asset_id   BIGINT NOT NULL,
    sql_text      MEDIUMTEXT,
    note          VARCHAR(256),
    PRIMARY KEY (id),
    UNIQUE KEY lineage_edge_uk (from_asset_id, to_asset_id),
    KEY lineage_edge_to_ix (to_asset_id),
    CONSTRAINT lineage_edge_from_fk FOREIGN KEY (from_asset_id) REFERENCES data_asset (id) ON DELETE CASCADE,
    CONSTRAINT lineage_edge_to_fk FOREIGN KEY (to_asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Consumers remember the offset that they have read to, so it never goes back.
CREATE TABLE change_event (
    event_offset BIGINT       NOT NULL AUTO_INCREMENT,
    entity_type  VARCHAR(32)  NOT NULL,
    entity_id    VARCHAR(64)  NOT NULL,
    user_name    VARCHAR(64),
    payload      JSON,
    occurred_at  TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (event_offset)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE setting (
    config_key VARCHAR(128) NOT NULL,
    content    JSON         NOT NULL,
    changed_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (config_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- What every installation starts with. The moments are fixed, so that two installations hold the same rows.
INSERT INTO role (name, description) VALUES
    ('admin', 'May do everything'),
    ('data_steward', 'Looks after tags, glossaries and owners'),
    ('data_consumer', NULL);

INSERT INTO policy (name, enabled, rules) VALUES
    ('everything', TRUE, '[{"effect": "allow", "operations": ["All"], "resources": ["all"]}]'),
    ('curate', TRUE, '[{"effect": "allow", "operations": ["EditTags", "EditOwner", "View"], "resources": ["all"]}]'),
    ('read', TRUE, '[{"effect": "allow", "operations": ["View"], "resources": ["all"]}, {"effect": "deny", "operations": ["ViewSecrets"], "resources": ["service"]}]');

INSERT INTO role_policy (role_id, policy_id)
SELECT r.id, p.id
FROM role r
JOIN policy p ON (r.name, p.name) IN (('admin', 'everything'), ('data_steward', 'curate'), ('data_consumer', 'read'));

INSERT INTO tag (id, parent_id, name, fqn, description) VALUES
    (1, NULL, 'PersonalData', 'PersonalData', 'Data about an identified person'),
    (2, 1, 'Email', 'PersonalData.Email', NULL),
    (3, 1, 'Phone', 'PersonalData.Phone', NULL),
    (4, NULL, 'Tier', 'Tier', 'How much the business depends on an asset'),
    (5, 4, 'Tier1', 'Tier.Tier1', 'Critical'),
    (6, 4, 'Tier2', 'Tier.Tier2', 'Important'),
    (7, 4, 'Tier3', 'Tier.Tier3', NULL);
-- Ids below 100 are the product's.
ALTER TABLE tag AUTO_INCREMENT = 100;

INSERT INTO setting (config_key, content, changed_at) VALUES
    ('ui.theme', '{"mode": "light", "accent": "#0a66c2"}', '2023-01-31 09:00:00'),
    ('retention.events', '{"days": 90}', '2023-01-31 09:00:00');
