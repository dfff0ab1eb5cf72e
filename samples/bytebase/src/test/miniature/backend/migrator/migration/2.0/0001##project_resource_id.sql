ALTER TABLE project RENAME COLUMN key TO resource_id;

ALTER INDEX idx_project_unique_key RENAME TO idx_project_unique_resource_id;
