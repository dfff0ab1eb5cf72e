-- Data only: the schema is that of 1.10.

-- Connectors expect host and port apart.
UPDATE data_service
SET connection_config = (connection_config - 'hostPort') || jsonb_build_object(
        'host', split_part(connection_config ->> 'hostPort', ':', 1),
        'port', split_part(connection_config ->> 'hostPort', ':', 2)::integer)
WHERE connection_config ->> 'hostPort' LIKE '%:%';

-- "View" was split in two; whoever could view may view the basics. The rules stay as they were typed otherwise.
UPDATE policy SET rules = replace(rules::text, '"View"', '"ViewBasic"')::json;

-- Empty notes were written by the old editor when nobody had typed anything.
UPDATE lineage_edge SET note = NULL WHERE note = '';

UPDATE setting SET content = jsonb_set(content, '{mode}', '"system"') WHERE config_key = 'ui.theme';
INSERT INTO setting (config_key, content, changed_at) VALUES
    ('search.ranking', '{"boost": {"Tier.Tier1": 2.5, "deprecated": -1}}', '2025-06-30 12:00:00+00');
