-- What users wrote while the product ran at 1.3: profiles, and the first remembered versions.

SET client_encoding = 'UTF8';

INSERT INTO user_account (name, email, display_name, is_admin, created_at, last_login_at) VALUES
    ('emmy', 'Emmy.Noether@Example.COM', 'Emmy Noether', TRUE, '2024-02-29 00:00:00+00', NULL);

INSERT INTO user_profile (user_id, bio, time_zone, born_on, avatar) VALUES
    (8, 'Symmetry 🪞 ⇄ conservation', 'Europe/Berlin', '1882-03-23', '\x0027225c0a0d091a3b2d2d00fffe80');

UPDATE user_profile SET bio = E'Now with a profile; "finally".\n\\o/' WHERE user_id = 4;

-- Each leaves its old document in asset_version.
UPDATE data_asset SET document = E'{"name": "orders", "tier": "gold", "columns": [{"name": "id", "type": "BIGINT"}], "description": "Shipped \\"at last\\""}', row_count = 9223372036854775806 WHERE fqn = 'warehouse.dwh.orders';

UPDATE data_asset SET document = E'{"name": "orders", "tier": "gold", "columns": [], "description": "🚢 \\\\ ''done''"}' WHERE fqn = 'warehouse.dwh.orders';

UPDATE data_asset SET document = '{"name": "churn", "algorithm": "logistic", "auc": 0.75, "tier": "silver"}' WHERE fqn = 'empty.churn';

-- Not a new version: the document stays.
UPDATE data_asset SET row_count = 43 WHERE fqn = 'warehouse.dwh.invoices';
