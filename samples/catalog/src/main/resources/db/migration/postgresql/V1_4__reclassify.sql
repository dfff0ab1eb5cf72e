-- Data only: the schema is that of 1.3.

-- "Personal data" is called PII everywhere else in the product.
UPDATE tag SET name = 'PII', fqn = 'PII' WHERE fqn = 'PersonalData';
UPDATE tag SET fqn = 'PII' || substring(fqn FROM length('PersonalData') + 1) WHERE fqn LIKE 'PersonalData.%';
INSERT INTO tag (id, parent_id, name, fqn, description)
SELECT 8, id, 'Sensitive', 'PII.Sensitive', 'Health, religion, union membership' FROM tag WHERE fqn = 'PII';

-- Single sign-on compares addresses as they are.
UPDATE user_account SET email = lower(trim(email));
UPDATE data_asset SET owner_email = lower(trim(owner_email)) WHERE owner_email IS NOT NULL;

-- Connectors wrote the tier in words of their own.
UPDATE data_asset SET document = jsonb_set(document, '{tier}', '"Tier.Tier1"') WHERE document ->> 'tier' IN ('gold', '1');
UPDATE data_asset SET document = jsonb_set(document, '{tier}', '"Tier.Tier2"') WHERE document ->> 'tier' IN ('silver', '2');

-- What the classifier found is derived from the content; "automated" is for rules from now on.
UPDATE asset_tag SET label_type = 'derived' WHERE label_type = 'automated';
