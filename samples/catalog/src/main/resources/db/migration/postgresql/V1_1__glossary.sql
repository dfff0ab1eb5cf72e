-- Business glossaries.

-- Users may choose how they are called; the name that the directory gave them is only where that starts.
ALTER TABLE user_account RENAME COLUMN fullname TO display_name;

CREATE TABLE glossary (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    name       varchar(128) NOT NULL,
    document   jsonb        NOT NULL,
    owner_id   bigint,
    created_at timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT glossary_pk PRIMARY KEY (id),
    CONSTRAINT glossary_name_uk UNIQUE (name),
    CONSTRAINT glossary_owner_fk FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE SET NULL
);
CREATE INDEX glossary_owner_ix ON glossary (owner_id);

-- A term that still has narrower terms cannot be deleted.
CREATE TABLE glossary_term (
    id          uuid         NOT NULL,
    glossary_id bigint       NOT NULL,
    parent_id   uuid,
    name        varchar(128) NOT NULL,
    definition  text         NOT NULL,
    synonyms    jsonb,
    CONSTRAINT glossary_term_pk PRIMARY KEY (id),
    CONSTRAINT glossary_term_name_uk UNIQUE (glossary_id, name),
    CONSTRAINT glossary_term_glossary_fk FOREIGN KEY (glossary_id) REFERENCES glossary (id) ON DELETE CASCADE,
    CONSTRAINT glossary_term_parent_fk FOREIGN KEY (parent_id) REFERENCES glossary_term (id) ON DELETE RESTRICT
);
CREATE INDEX glossary_term_parent_ix ON glossary_term (parent_id);

CREATE TABLE glossary_term_asset (
    term_id  uuid   NOT NULL,
    asset_id bigint NOT NULL,
    CONSTRAINT glossary_term_asset_pk PRIMARY KEY (term_id, asset_id),
    CONSTRAINT glossary_term_asset_term_fk FOREIGN KEY (term_id) REFERENCES glossary_term (id) ON DELETE CASCADE,
    CONSTRAINT glossary_term_asset_asset_fk FOREIGN KEY (asset_id) REFERENCES data_asset (id) ON DELETE CASCADE
);
CREATE INDEX glossary_term_asset_asset_ix ON glossary_term_asset (asset_id);

-- The new search page shows a description for every tag.
UPDATE tag SET description = 'No description yet' WHERE description IS NULL OR description = '';

-- "My assets" was a full scan.
CREATE INDEX data_asset_owner_email_ix ON data_asset (owner_email);
CREATE INDEX data_asset_name_ix ON data_asset (name);

CREATE VIEW asset_overview AS
SELECT a.id AS asset_id,
       a.fqn,
       a.name AS asset_name,
       a.kind,
       s.name AS service_name,
       a.owner_email,
       (SELECT count(*) FROM asset_tag t WHERE t.asset_id = a.id) AS tag_count
FROM data_asset a
JOIN data_service s ON s.id = a.service_id;
