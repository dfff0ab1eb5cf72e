-- What users wrote while the product ran at 1.1: the first glossary.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

INSERT INTO user_account (name, email, display_name, is_admin, bio, time_zone, born_on, avatar, created_at) VALUES
    ('kurt', 'Kurt@Example.com', 'Kurt Gödel', FALSE, 'This sentence has no backup.', 'Europe/Vienna', '1906-04-28', x'00ff00ff00ff00ff00ff00ff00ff00ff', '2023-05-01 00:00:00');

-- She may choose now.
UPDATE user_account SET display_name = 'Ada 👑' WHERE name = 'ada';

INSERT INTO glossary (name, document, owner_id, created_at) VALUES
    ('Finance', '{"title": "Finance", "reviewers": ["ada", "zoë"], "body": "Profit = \\"income\\" - ''cost''"}', 1, '2023-05-02 00:00:00'),
    ('Größen', '{"title": "Größen 📏"}', NULL, '2023-05-02 00:00:01');

INSERT INTO glossary_term (id, glossary_id, parent_id, name, definition, synonyms) VALUES
    ('7d1c1f6e-1111-4c0a-8a00-000000000001', 1, NULL, 'Revenue', 'What comes in; before anything goes out.', '["income", "turnover", "Umsatz"]'),
    ('7d1c1f6e-1111-4c0a-8a00-000000000002', 1, '7d1c1f6e-1111-4c0a-8a00-000000000001', 'Net revenue', 'Revenue\nminus tax\\duty', '[]'),
    ('7d1c1f6e-1111-4c0a-8a00-000000000003', 1, '7d1c1f6e-1111-4c0a-8a00-000000000002', 'Net revenue, "adjusted"', '', NULL),
    ('7d1c1f6e-1111-4c0a-8a00-000000000004', 2, NULL, 'Länge', '𝓁 in metres', '["length", "长度"]');

INSERT INTO glossary_term_asset (term_id, asset_id) VALUES
    ('7d1c1f6e-1111-4c0a-8a00-000000000001', 1),
    ('7d1c1f6e-1111-4c0a-8a00-000000000001', 7),
    ('7d1c1f6e-1111-4c0a-8a00-000000000002', 7);

INSERT INTO data_asset (service_id, kind, fqn, document, owner_email, row_count, size_mb, source_created_on, source_changed_at, discovered_at) VALUES
    (1, 'table', 'warehouse.dwh.invoices', '{"name": "invoices", "tier": "1", "deprecated": true}', 'KURT@example.com', 42, 0.000000001, '2000-02-29', '2023-05-01 00:00:00', '2023-05-03 00:00:00');

INSERT INTO lineage_edge (id, from_asset_id, to_asset_id, sql_text, note) VALUES
    ('0b9f6a52-3a0e-4f5e-9a35-000000000006', 9, 1, 'SELECT 1', '');

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('glossary', '1', 'ada', '{"renamed": ["Finanz", "Finance"]}', '2023-05-03 00:00:01');
