CREATE TABLE asset_owner (
    assetId VARCHAR(64) NOT NULL,
    owner   VARCHAR(256) NOT NULL,
    PRIMARY KEY (assetId, owner),
    FOREIGN KEY (assetId) REFERENCES asset (id) ON DELETE CASCADE
);
