-- Profiles move out of the account, and every change of an asset is remembered.

-- Accounts are read at each request, profiles on one page: the pictures made the hot table slow.
CREATE TABLE user_profile (
    user_id   bigint      NOT NULL,
    bio       text,
    time_zone varchar(64) NOT NULL DEFAULT 'UTC',
    born_on   date,
    avatar    bytea,
    CONSTRAINT user_profile_pk PRIMARY KEY (user_id),
    CONSTRAINT user_profile_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
INSERT INTO user_profile (user_id, bio, time_zone, born_on, avatar)
SELECT id, bio, time_zone, born_on, avatar FROM user_account;
ALTER TABLE user_account
    DROP COLUMN bio,
    DROP COLUMN time_zone,
    DROP COLUMN born_on,
    DROP COLUMN avatar;

CREATE TABLE asset_version (
    asset_id    bigint      NOT NULL,
    version     integer     NOT NULL,
    document    jsonb       NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT asset_version_pk PRIMARY KEY (asset_id, version),
    CONSTRAINT asset_version_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
);

-- Only on UPDATE: loading a backup inserts, and must not make versions of its own.
CREATE FUNCTION remember_asset_version() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO asset_version (asset_id, version, document, replaced_at)
    VALUES (OLD.id, OLD.version, OLD.document, now());
    NEW.version := OLD.version + 1;
    RETURN NEW;
END;
$$;

CREATE TRIGGER data_asset_remember_version
    BEFORE UPDATE ON data_asset
    FOR EACH ROW
    WHEN (OLD.document IS DISTINCT FROM NEW.document)
EXECUTE FUNCTION remember_asset_version();
