-- The report that the weekly mail shows. Flyway runs it after whatever version it migrates to, so it uses only what
-- has been there since 1.0 and will stay.
CREATE OR REPLACE VIEW catalog_report AS
SELECT s.name AS service_name,
       a.kind,
       count(*) AS assets,
       coalesce(sum(a.row_count), 0) AS total_rows,
       sum(a.size_mb) AS total_size_mb,
       max(a.discovered_at) AS last_discovered_at
FROM data_service s
JOIN data_asset a ON a.service_id = s.id
GROUP BY s.name, a.kind;
