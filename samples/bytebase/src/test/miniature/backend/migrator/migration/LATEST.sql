CREATE TABLE instance_change_history (
    id BIGSERIAL PRIMARY KEY,
    version TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_instance_change_history_unique_version ON instance_change_history (version);

CREATE TABLE principal (
    id SERIAL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_principal_unique_email ON principal (email);

CREATE TABLE project (
    id SERIAL PRIMARY KEY,
    resource_id TEXT NOT NULL,
    title TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_project_unique_resource_id ON project (resource_id);

CREATE TABLE issue (
    id SERIAL PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id),
    creator_id INTEGER NOT NULL REFERENCES principal (id),
    title TEXT NOT NULL,
    payload JSONB NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'OPEN' CONSTRAINT issue_status_check CHECK (status IN ('OPEN', 'DONE', 'CANCELED'))
);

CREATE TABLE audit_log (
    id BIGSERIAL PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    payload JSONB NOT NULL DEFAULT '{}'
);

CREATE INDEX idx_audit_log_created_at ON audit_log (created_at);
