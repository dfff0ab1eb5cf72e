-- What users wrote while the product ran at 2.0: owners are people.

SET client_encoding = 'UTF8';

INSERT INTO data_asset (service_id, kind, fqn, document, lifecycle, owner_id, domain_id, row_count, size_mb, source_created_on, source_changed_at, discovered_at) VALUES
    (5, 'table', 'lake.hive.clicks', E'{"name": "clicks", "tier": "Tier.Tier3", "emoji": "🖱️ \\\\ \\"click\\""}', 'active', 3, 101, 8589934592, 123456789.000000001, '1968-02-29', '1969-12-31 23:59:59.999', '2026-01-01 00:00:00+00');

INSERT INTO lineage_edge (id, from_asset_id, to_asset_id, sql_text, description, source) VALUES
    ('0b9f6a52-3a0e-4f5e-9a35-000000000009', 13, 13, NULL, 'Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; Sessions build on the sessions before; 🔁', 'manual');

INSERT INTO event_subscription (name, endpoint, filters, secret, enabled, read_to, max_retries, created_at) VALUES
    ('pager', E'https://pager.example.com/\\"', '{"only": ["failed"]}', '\xff00', TRUE, 9, 0, '2026-01-02 00:00:00+00');

UPDATE data_asset SET owner_id = NULL WHERE fqn = 'warehouse.dwh.invoices';

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('asset', '13', 'zoë', '{"created": "lake.hive.clicks"}', '2026-01-01 00:00:00+00');
