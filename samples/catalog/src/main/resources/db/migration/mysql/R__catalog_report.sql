-- The report that the weekly mail shows. Flyway runs it after whatever version it migrates to, so it uses only what
-- has been there since 1.0 and will stay.
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE OR REPLACE VIEW catalog_report AS
SELECT s.name AS service_name,
       a.kind,
       COUNT(*) AS assets,
       COALESCE(SUM(a.row_count), 0) AS total_rows,
       SUM(a.size_mb) AS total_size_mb,
       MAX(a.discovered_at) AS last_discovered_at
FROM data_service s
JOIN data_asset a ON a.service_id = s.id
GROUP BY s.name, a.kind;
