-- What users wrote while the product ran at 1.10: domains and products.

SET client_encoding = 'UTF8';

INSERT INTO domain (parent_id, name, description) VALUES
    (NULL, 'Sales', 'Orders; and what''s behind them'),
    (100, 'Sales/EMEA', E'"Europe", Middle East\\Africa 🌍'),
    (NULL, 'Sandbox', 'Its own parent: the editor allows it');

-- Afterwards: MySQL from 9.6 on checks such a reference before the row has its id.
UPDATE domain SET parent_id = 102 WHERE name = 'Sandbox';

INSERT INTO data_product (domain_id, document, price, valid_from, valid_to, logo) VALUES
    (100, E'{"name": "Order feed", "sla": {"freshness": "PT5M"}, "terms": "\\"as is\\" \\\\ no warranty"}', 9999999999999999999999999999.9999999999, '2024-02-29', '2028-02-29', '\xfffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0dfdedddcdbdad9d8d7d6d5d4d3d2d1d0cfcecdcccbcac9c8c7c6c5c4c3c2c1c0bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0afaeadacabaaa9a8a7a6a5a4a3a2a1a09f9e9d9c9b9a999897969594939291908f8e8d8c8b8a898887868584838281807f7e7d7c7b7a797877767574737271706f6e6d6c6b6a696867666564636261605f5e5d5c5b5a595857565554535251504f4e4d4c4b4a494847464544434241403f3e3d3c3b3a393837363534333231302f2e2d2c2b2a292827262524232221201f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100'),
    (101, '{"name": "Umsatz 💶"}', -0.0000000001, '1969-12-31', NULL, '\x'),
    (1, '{"draft": true}', 0, '1900-01-01', '1900-01-01', NULL);

INSERT INTO data_product_asset (product_id, asset_id, ordinal) VALUES
    (1, 1, 1),
    (1, 5, 2),
    (2, 7, -1);

INSERT INTO event_subscription (name, endpoint, filters, secret, enabled, read_to, created_at) VALUES
    ('chat', 'https://chat.example.com/hook?x=1;y=''2''', E'[{"entity": "asset", "when": "tag = \\"Tier.Tier1\\""}]', '\x0027225c0a0d091a3b2d2d00fffe80', TRUE, 5, '2025-05-01 00:00:00+00'),
    ('archive 🗄', '', NULL, NULL, FALSE, 0, '2025-05-01 00:00:01+00');

UPDATE data_asset SET domain_id = 100, owner_id = 8 WHERE fqn = 'warehouse.dwh.orders';

INSERT INTO data_asset (service_id, kind, fqn, document, lifecycle, owner_email, owner_id, domain_id, row_count, size_mb, discovered_at) VALUES
    (2, 'topic', 'kafka-öst.refunds', '{"name": "refunds", "deleted": true}', 'deprecated', 'refunds@example.com', NULL, 101, -5, -7.125, '2025-05-02 00:00:00+00');

INSERT INTO lineage_edge (id, from_asset_id, to_asset_id, sql_text, note, source) VALUES
    ('0b9f6a52-3a0e-4f5e-9a35-000000000007', 12, 9, NULL, '', 'manual'),
    ('0b9f6a52-3a0e-4f5e-9a35-000000000008', 10, 7, 'SELECT predict(''churn'')', 'model → board', 'dbt');
