-- Owners lie in their own table by now, where the server has put them in Java.
UPDATE asset SET json = json - 'owner' WHERE jsonb_path_exists(json, '$ ? (exists (@.owner))');
