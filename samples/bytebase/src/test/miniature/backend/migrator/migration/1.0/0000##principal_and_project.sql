CREATE TABLE principal (
    id SERIAL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_principal_unique_email ON principal (email);

CREATE TABLE project (
    id SERIAL PRIMARY KEY,
    key TEXT NOT NULL,
    title TEXT NOT NULL
);

CREATE UNIQUE INDEX idx_project_unique_key ON project (key);
