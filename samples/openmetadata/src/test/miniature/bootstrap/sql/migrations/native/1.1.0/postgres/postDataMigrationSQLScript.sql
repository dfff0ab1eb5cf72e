UPDATE asset SET nameHash = md5(json ->> 'name') WHERE json ? 'name';
CREATE INDEX asset_name_hash ON asset (nameHash);
