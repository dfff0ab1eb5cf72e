-- What users wrote while the product ran at 1.4: they went on tagging.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

INSERT INTO tag (parent_id, name, fqn, description) VALUES
    (100, 'CH', 'Région.CH', 'Hors d''EU; "voisin"');

INSERT INTO asset_tag (asset_id, tag_id, label_type, applied_at) VALUES
    (9, 8, 'manual', '2024-05-01 00:00:00'),
    (9, 104, 'automated', '2024-05-01 00:00:01');

-- Asked for by a user: leaves a gap in the offsets.
DELETE FROM change_event WHERE event_offset = 2;

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('tag', 'PII', 'emmy', '{"old": "PersonalData", "new": "PII"}', '2024-05-01 00:00:02'),
    ('asset', '9', NULL, NULL, '2024-05-01 00:00:03');

UPDATE setting SET content = '{"mode": "dark", "accent": "#ff00ff", "fonts": ["Söhne", "Inter"]}', changed_at = '2024-05-02 00:00:00' WHERE config_key = 'ui.theme';

INSERT INTO pipeline_run (pipeline_id, state, started_at, ended_at, log_text) VALUES
    (2, 'success', '2024-05-03 00:00:00', '2024-05-03 01:00:00', 'ok ✔');

UPDATE ingestion_pipeline SET last_run_id = 5 WHERE id = 2;
