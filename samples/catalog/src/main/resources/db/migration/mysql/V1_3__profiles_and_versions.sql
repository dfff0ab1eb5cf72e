-- Profiles move out of the account, and every change of an asset is remembered.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Accounts are read at each request, profiles on one page: the pictures made the hot table slow.
CREATE TABLE user_profile (
    user_id   BIGINT      NOT NULL,
    bio       TEXT,
    time_zone VARCHAR(64) NOT NULL DEFAULT 'UTC',
    born_on   DATE,
    avatar    MEDIUMBLOB,
    PRIMARY KEY (user_id),
    CONSTRAINT user_profile_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
INSERT INTO user_profile (user_id, bio, time_zone, born_on, avatar)
SELECT id, bio, time_zone, born_on, avatar FROM user_account;
ALTER TABLE user_account
    DROP COLUMN bio,
    DROP COLUMN time_zone,
    DROP COLUMN born_on,
    DROP COLUMN avatar;

CREATE TABLE asset_version (
    asset_id    BIGINT       NOT NULL,
    version     INT          NOT NULL,
    document    JSON         NOT NULL,
    replaced_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (asset_id, version),
    CONSTRAINT asset_version_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Only on UPDATE: loading a backup inserts, and must not make versions of its own.
-- With the binary log on (the default of MySQL), the server needs log_bin_trust_function_creators for this.
DELIMITER $$
CREATE TRIGGER data_asset_remember_version
    BEFORE UPDATE ON data_asset
    FOR EACH ROW
BEGIN
    IF NOT (OLD.document <=> NEW.document) THEN
        INSERT INTO asset_version (asset_id, version, document, replaced_at)
        VALUES (OLD.id, OLD.version, OLD.document, CURRENT_TIMESTAMP(3));
        SET NEW.version = OLD.version + 1;
    END IF;
END$$
DELIMITER ;
