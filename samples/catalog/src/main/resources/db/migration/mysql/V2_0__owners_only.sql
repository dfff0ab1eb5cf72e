-- What 1.10 announced: addresses of owners go, and so does what nothing uses any more.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

-- The view shows the address, so it goes first and comes back without it.
DROP VIEW asset_overview;
DROP INDEX data_asset_owner_email_ix ON data_asset;
ALTER TABLE data_asset DROP COLUMN owner_email;

-- Retention is the business of a job in the server since 1.11.
DROP PROCEDURE purge_change_events;

-- The word that every other table uses. It was too short, too.
ALTER TABLE lineage_edge CHANGE note description VARCHAR(1024);

ALTER TABLE event_subscription ADD COLUMN max_retries INT NOT NULL DEFAULT 3;
ALTER TABLE event_subscription ADD CONSTRAINT event_subscription_retries_ck CHECK (max_retries BETWEEN 0 AND 100);

CREATE VIEW asset_overview AS
SELECT a.id AS asset_id,
       a.fqn,
       a.name AS asset_name,
       a.kind,
       a.lifecycle,
       s.name AS service_name,
       u.display_name AS owner_name,
       d.name AS domain_name,
       (SELECT COUNT(*) FROM asset_tag t WHERE t.asset_id = a.id) AS tag_count
FROM data_asset a
JOIN data_service s ON s.id = a.service_id
JOIN domain d ON d.id = a.domain_id
LEFT JOIN user_account u ON u.id = a.owner_id
WHERE a.is_deleted IS NOT TRUE;
