-- Data only: the schema is that of 1.3.

SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

-- "Personal data" is called PII everywhere else in the product.
UPDATE tag SET name = 'PII', fqn = 'PII' WHERE fqn = 'PersonalData';
UPDATE tag SET fqn = CONCAT('PII', SUBSTRING(fqn, CHAR_LENGTH('PersonalData') + 1)) WHERE fqn LIKE 'PersonalData.%';
INSERT INTO tag (id, parent_id, name, fqn, description)
SELECT 8, id, 'Sensitive', 'PII.Sensitive', 'Health, religion, union membership' FROM tag WHERE fqn = 'PII';

-- Single sign-on compares addresses as they are.
UPDATE user_account SET email = LOWER(TRIM(email));
UPDATE data_asset SET owner_email = LOWER(TRIM(owner_email)) WHERE owner_email IS NOT NULL;

-- Connectors wrote the tier in words of their own.
UPDATE data_asset
SET document = JSON_SET(document, '$.tier', 'Tier.Tier1')
WHERE JSON_UNQUOTE(JSON_EXTRACT(document, '$.tier')) IN ('gold', '1');
UPDATE data_asset
SET document = JSON_SET(document, '$.tier', 'Tier.Tier2')
WHERE JSON_UNQUOTE(JSON_EXTRACT(document, '$.tier')) IN ('silver', '2');

-- What the classifier found is derived from the content; "automated" is for rules from now on.
UPDATE asset_tag SET label_type = 'derived' WHERE label_type = 'automated';
