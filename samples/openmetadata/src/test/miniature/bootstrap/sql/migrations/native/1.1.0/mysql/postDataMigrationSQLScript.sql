UPDATE asset SET nameHash = sha2(json ->> '$.name', 256) WHERE json -> '$.name' IS NOT NULL;

-- An index only where there is none yet, which MySQL has no statement for.
SET @there = (SELECT COUNT(*) FROM information_schema.statistics
              WHERE table_schema = DATABASE() AND table_name = 'asset' AND index_name = 'asset_name_hash');
SET @statement = IF(@there > 0, 'SELECT 1', 'CREATE INDEX asset_name_hash ON asset (nameHash)');
PREPARE statement FROM @statement;
EXECUTE statement;
DEALLOCATE PREPARE statement;
