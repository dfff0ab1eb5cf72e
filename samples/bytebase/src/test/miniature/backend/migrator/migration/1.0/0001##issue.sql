CREATE TABLE issue (
    id SERIAL PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id),
    creator_id INTEGER NOT NULL REFERENCES principal (id),
    title TEXT NOT NULL,
    payload JSONB NOT NULL DEFAULT '{}'
);
