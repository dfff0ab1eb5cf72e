-- What users wrote while the product ran at 1.8: tests of data quality.

SET client_encoding = 'UTF8';

INSERT INTO test_suite (name, description, owner_team) VALUES
    ('Finance checks', 'Run before closing; "must" be green', 2),
    ('Größenprüfung', '', NULL);

INSERT INTO test_case (suite_id, asset_id, name, parameters, severity) VALUES
    (1, 1, 'row count between', E'{"min": 0, "max": 9007199254740991, "sql": "SELECT count(*) FROM \\"orders\\" WHERE note <> ''\\\\\\\\''"}', 1),
    (1, 9, 'no NULLs', '{"columns": ["id"]}', 5),
    (2, 3, '长度 > 0', '{}', 3),
    (2, 10, 'auc stays', '{"threshold": 0.75, "op": ">="}', 2);

INSERT INTO test_result (test_case_id, executed_at, status, observed, score, message) VALUES
    (1, '2025-01-01 00:00:00+00', 'success', 9223372036854775806, 1.0, NULL),
    (1, '2025-01-02 00:00:00.001+00', 'failed', -99999999999999999999999999.999999999999, -1.7976931348623157e308, E'expected "0"\nbut was ''-1''; 🔥'),
    (2, '2025-01-01 00:00:00+00', 'success', 0.000000000001, 2.2250738585072014e-308, ''),
    (2, '2025-01-02 00:00:00+00', 'aborted', NULL, NULL, E'timeout after 30s\\'),
    (3, '2024-02-29 12:34:56.789+00', 'success', 99999999999999999999999999.999999999999, 0.1, 'ok'),
    (4, '2025-01-01 00:00:00+00', 'failed', -0.25, -0.5, 'drift ↘');

UPDATE data_asset SET document = '{"name": "客户", "tier": "Tier.Tier2", "description": "Kunden 👩‍👩‍👧‍👦", "tests": {"last": "success"}}' WHERE fqn = 'warehouse.dwh.客户';

INSERT INTO user_account (name, email, display_name, is_admin, created_at) VALUES
    ('guest', 'guest@example.com', NULL, FALSE, '2025-01-03 00:00:00+00');

INSERT INTO user_profile (user_id, bio, time_zone) VALUES
    (9, NULL, 'UTC');

-- With the account go its profile and memberships; glossaries and assets stay.
DELETE FROM user_account WHERE name = 'kurt';
