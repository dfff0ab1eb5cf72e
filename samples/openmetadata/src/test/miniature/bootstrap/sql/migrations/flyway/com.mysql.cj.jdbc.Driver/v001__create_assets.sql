CREATE TABLE team (
    id   VARCHAR(64) GENERATED ALWAYS AS (json ->> '$.id') STORED NOT NULL,
    json JSON NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE asset (
    id   VARCHAR(64) GENERATED ALWAYS AS (json ->> '$.id') STORED NOT NULL,
    name VARCHAR(256) GENERATED ALWAYS AS (json ->> '$.name') NOT NULL,
    json JSON NOT NULL,
    PRIMARY KEY (id)
);
