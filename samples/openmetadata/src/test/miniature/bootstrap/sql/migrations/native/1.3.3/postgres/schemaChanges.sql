CREATE TABLE asset_owner (
    assetId VARCHAR(64) NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    owner   VARCHAR(256) NOT NULL,
    PRIMARY KEY (assetId, owner)
);
