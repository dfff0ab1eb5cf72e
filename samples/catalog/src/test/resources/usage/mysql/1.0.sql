-- What users wrote while the product ran at 1.0: the first customers, with everything that an editor lets through.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

-- Pictures hold every byte; one is empty, which is not the same as none.
INSERT INTO user_account (name, email, fullname, is_admin, bio, time_zone, born_on, avatar, created_at, last_login_at) VALUES
    ('ada', 'Ada@Example.COM', 'Ada Lovelace', TRUE, 'Writes "programs" before there are machines.\nLikes: engines; notes\tand tables.', 'Europe/London', '1815-12-10', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', '2023-02-01 08:30:00.125', '2023-02-27 23:59:59.999'),
    ('grace', 'grace@example.com ', 'Grace Hopper', FALSE, 'It''s easier to ask forgiveness; DROP TABLE user_account; --', 'America/New_York', '1906-12-09', x'00', '2023-02-01 08:31:00', NULL),
    ('zoë', 'ZOË@example.com', 'Zoë 🦄 Öztürk', FALSE, '', 'Europe/Istanbul', '1996-02-29', x'', '2023-02-02 00:00:00', '1970-01-01 00:00:01'),
    ('o''neil', 'oneil@example.com', 'Miles O''Neil \\ "Chief"', FALSE, NULL, 'UTC', '1969-12-31', NULL, '2023-02-03 12:00:00', NULL),
    ('李雷', 'li.lei@example.com', '李雷 𠮷野家', FALSE, '\\. is the end of nothing, \\N is not null, and $$ opens no body.', 'Asia/Shanghai', NULL, x'0027225c0a0d091a3b2d2d00fffe80', '2023-02-04 04:05:06.789', '2023-02-05 00:00:00'),
    ('bot-ingestion', '', '', FALSE, NULL, 'UTC', NULL, NULL, '2023-02-04 00:00:00', NULL);

INSERT INTO team (parent_id, name, kind, description, budget, founded_on) VALUES
    (NULL, 'Acme', 'company', 'Everybody', 9999999999999999.9999, '1904-02-29'),
    (1, 'Data', 'department', '', -1234567890123456.7891, '1999-12-31'),
    (2, 'Plattform', 'group', 'Betrieb; 24×7', 0.0001, '2024-02-29'),
    (2, 'Growth 📈', 'group', 'Says "more"\nand means it', 0, NULL),
    (4, 'Growth/EMEA', 'group', 'C:\\growth\\emea', -0.5, '1970-01-01');

-- 02:30 on that day did not exist in Berlin; the feed names no zone, so it does here.
INSERT INTO team_member (team_id, user_id, joined_at) VALUES
    (1, 1, '1969-07-20 20:17:40'),
    (2, 2, '2023-02-01 09:00:00.5'),
    (3, 3, '2024-02-29 23:59:59.999'),
    (4, 4, '1900-01-01 00:00:00'),
    (5, 5, '2023-03-26 02:30:00');

INSERT INTO role (name, description) VALUES
    ('auditor', 'Reads everything, changes nothing ✅'),
    ('tmp', '');

INSERT INTO user_role (user_id, role_id, granted_at) VALUES
    (1, 1, '2023-02-01 08:30:01'),
    (2, 2, '2023-02-01 08:31:01'),
    (3, 3, '2023-02-02 00:00:01'),
    (5, 4, '2023-02-05 00:00:00');

-- Typed over two lines, with blanks that must survive.
INSERT INTO policy (name, enabled, rules) VALUES
    ('audit', FALSE, '[ {"effect":"allow",\n   "operations":["View"], "resources":["all"], "when":"tag == \\"Tier.Tier1\\" && owner != ''nobody''"} ]');

INSERT INTO role_policy (role_id, policy_id) VALUES
    (4, 4),
    (4, 3);

INSERT INTO data_service (name, service_type, connection_config, secret, created_at) VALUES
    ('warehouse', 'Postgres', '{"hostPort": "warehouse.example.com:5432", "database": "dwh", "options": {"sslmode": "verify-full", "note": "path is \\"C:\\\\certs\\\\ca.pem\\""}}', x'0027225c0a0d091a3b2d2d00fffe8000112233445566778899aabbccddeeff', '2023-02-03 10:00:00'),
    ('kafka-öst', 'Kafka', '{"hostPort": "kafka.example.com:9092", "topics": ["orders", "orders.dlq", null], "sasl": true}', NULL, '2023-02-03 11:00:00'),
    ('bi', 'Metabase', '{"url": "https://bi.example.com/?a=1&b=''2''", "retries": 0}', x'0000', '2023-02-03 12:00:00'),
    ('empty', 'Custom', '{}', x'', '2023-02-03 13:00:00');

-- Names that differ by case only, an empty owner beside none, and a document without a name.
INSERT INTO data_asset (service_id, kind, fqn, document, owner_email, row_count, size_mb, source_created_on, source_changed_at, discovered_at) VALUES
    (1, 'table', 'warehouse.dwh.orders', '{"name": "orders", "tier": "gold", "columns": [{"name": "id", "type": "BIGINT"}, {"name": "note", "type": "TEXT", "default": "''it''''s''"}], "description": "He said \\"ship it\\" \\\\ and left;\\n\\tnew line"}', ' Ada@Example.COM', 9223372036854775807, 99999999999999999999999999999.999999999, '1999-12-31', '2023-02-28 23:59:59.999', '2023-02-05 00:00:00'),
    (1, 'table', 'warehouse.dwh.ORDERS', '{"name": "ORDERS", "deprecated": true, "replacedBy": "warehouse.dwh.orders"}', 'grace@example.com', -1, -0.000000001, '1969-12-31', '1969-12-31 23:59:59.999', '2023-02-05 00:00:01'),
    (1, 'table', 'warehouse.dwh.客户', '{"name": "客户", "tier": 2, "description": "Kunden 👩‍👩‍👧‍👦, clients, 顧客", "extension": {"json": "{\\"a\\": \\"b\\\\\\"c\\"}"}}', 'ZOË@example.com', 0, 0.000000000, '2024-02-29', '2024-02-29 12:00:00', '2023-02-05 00:00:02.500'),
    (1, 'table', 'warehouse.dwh."odd; name"', '{"name": "odd; name", "tier": null, "empty": "", "list": [], "object": {}}', '', NULL, NULL, NULL, NULL, '2023-02-05 00:00:03'),
    (2, 'topic', 'kafka-öst.orders', '{"name": "orders", "partitions": 12, "schema": "{\\"type\\":\\"record\\",\\"fields\\":[]}"}', NULL, 1234567, -12345.678900000, NULL, '1900-01-01 00:00:00', '2023-02-05 00:00:04'),
    (2, 'topic', 'kafka-öst.orders.dlq', '{"name": "orders.dlq", "deprecated": "false", "ratio": -0.25, "big": 1e+20}', 'nobody@example.com', 17, 1.5, NULL, '2023-01-01 00:00:00', '2023-02-05 00:00:05'),
    (3, 'dashboard', 'bi.Ümsatz 📊', '{"name": "Ümsatz 📊", "tier": "silver", "url": "https://bi.example.com/d/1?x=%20"}', 'grace@example.com', NULL, 0.1, '2020-02-29', '2023-02-28 00:00:00', '2023-02-05 00:00:06'),
    (3, 'pipeline', 'bi.nightly', '{"description": "no name at all"}', NULL, NULL, NULL, NULL, NULL, '1970-01-01 00:00:01');

INSERT INTO tag (parent_id, name, fqn, description) VALUES
    (NULL, 'Région', 'Région', 'Where the data live'),
    (100, 'EU 🇪🇺', 'Région.EU 🇪🇺', ''),
    (1, 'Passport', 'PersonalData.Passport', NULL),
    (4, 'Tier "X"', 'Tier.Tier "X"', 'C:\\tiers\\x');

INSERT INTO asset_tag (asset_id, tag_id, label_type, applied_at) VALUES
    (1, 5, 'manual', '2023-02-06 00:00:00'),
    (1, 2, 'automated', '2023-02-06 00:00:01'),
    (3, 101, 'propagated', '2023-02-06 00:00:02'),
    (3, 102, 'automated', '2023-02-06 00:00:03'),
    (7, 6, 'derived', '2023-02-06 00:00:04'),
    (5, 103, 'manual', '2023-02-06 00:00:05');

INSERT INTO lineage_edge (id, from_asset_id, to_asset_id, sql_text, note) VALUES
    ('0b9f6a52-3a0e-4f5e-9a35-000000000001', 5, 1, 'INSERT INTO orders\nSELECT * FROM stream -- it''s live\nWHERE note <> '';''', 'from the topic'),
    ('0b9f6a52-3a0e-4f5e-9a35-000000000002', 1, 1, 'MERGE INTO orders o USING orders_delta d ON (o.id = d.id)', 'incremental: reads its own last state'),
    ('0b9f6a52-3a0e-4f5e-9a35-000000000003', 1, 7, NULL, ''),
    ('0b9f6a52-3a0e-4f5e-9a35-000000000004', 2, 1, '', NULL),
    ('0b9f6a52-3a0e-4f5e-9a35-000000000005', 3, 7, '/* 🚀 */ SELECT "客户"."id" FROM "客户"', 'by hand ✍️');

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('asset', '1', 'ada', '{"created": {"fqn": "warehouse.dwh.orders"}}', '2023-02-05 00:00:00'),
    ('asset', '2', NULL, NULL, '2023-02-05 00:00:01'),
    ('tag', 'Région.EU 🇪🇺', 'zoë', '[1, "two", null, {"3": [true, false]}]', '2023-02-06 01:02:03.456'),
    ('user', '', 'bot-ingestion', '"a bare \\"string\\"\\\\"', '2023-02-06 01:02:04');

INSERT INTO setting (config_key, content, changed_at) VALUES
    ('ui.logo', 'null', '2023-02-07 00:00:00'),
    ('mail.footer', '{"text": "Regards,\\n-- \\nAcme \\"Data\\" 💌"}', '2023-02-07 00:00:01');
