-- What users wrote while the product ran at 1.11.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

INSERT INTO data_service (name, service_type, connection_config, secret, created_at) VALUES
    ('lake', 'Trino', '{"host": "lake.example.com", "port": 8443, "catalog": "hive \\"prod\\""}', x'000102', '2025-07-01 00:00:00');

UPDATE setting SET content = '{"boost": {"Tier.Tier1": 3, "deprecated": -0.5}}', changed_at = '2025-07-02 00:00:00' WHERE config_key = 'search.ranking';

INSERT INTO test_result (test_case_id, executed_at, status, observed, score, message) VALUES
    (4, '2025-07-01 00:00:00', 'success', 0.8125, 0.8125, NULL);

INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) VALUES
    ('service', '5', 'ada', '{"created": "lake"}', '2025-07-01 00:00:00');

UPDATE data_asset SET document = '{"name": "refunds", "deleted": false, "note": "back; \\"again\\""}' WHERE fqn = 'kafka-öst.refunds';
