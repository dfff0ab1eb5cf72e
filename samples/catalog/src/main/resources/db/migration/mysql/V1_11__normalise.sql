-- Data only: the schema is that of 1.10.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

-- Connectors expect host and port apart.
UPDATE data_service
SET connection_config = JSON_REMOVE(
        JSON_SET(
            connection_config,
            '$.host', SUBSTRING_INDEX(JSON_UNQUOTE(JSON_EXTRACT(connection_config, '$.hostPort')), ':', 1),
            '$.port', CAST(SUBSTRING_INDEX(JSON_UNQUOTE(JSON_EXTRACT(connection_config, '$.hostPort')), ':', -1) AS UNSIGNED)),
        '$.hostPort')
WHERE JSON_UNQUOTE(JSON_EXTRACT(connection_config, '$.hostPort')) LIKE '%:%';

-- "View" was split in two; whoever could view may view the basics. The rules stay as they were typed otherwise.
UPDATE policy SET rules = REPLACE(rules, '"View"', '"ViewBasic"');

-- Empty notes were written by the old editor when nobody had typed anything.
UPDATE lineage_edge SET note = NULL WHERE note = '';

UPDATE setting SET content = JSON_SET(content, '$.mode', 'system') WHERE config_key = 'ui.theme';
INSERT INTO setting (config_key, content, changed_at) VALUES
    ('search.ranking', '{"boost": {"Tier.Tier1": 2.5, "deprecated": -1}}', '2025-06-30 12:00:00');
