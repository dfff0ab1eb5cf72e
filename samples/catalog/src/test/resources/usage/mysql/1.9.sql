-- What users wrote while the product ran at 1.9: reviews.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

UPDATE glossary_term SET reviewed_at = '2025-03-01 10:00:00.010' WHERE name = 'Revenue';

INSERT INTO glossary_term (id, glossary_id, parent_id, name, definition, synonyms, reviewed_at) VALUES
    ('7d1c1f6e-1111-4c0a-8a00-000000000005', 2, '7d1c1f6e-1111-4c0a-8a00-000000000004', 'Elle', '0.6669 m; "Berliner"\\Maß', '["cubit 📐"]', '2024-02-29 23:59:59.999'),
    ('7d1c1f6e-1111-4c0a-8a00-000000000006', 2, NULL, 'Zoll', '2.54 cm', NULL, NULL);

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('term', 'Zoll', 'zoë', '{}', '2025-03-01 10:00:01');
