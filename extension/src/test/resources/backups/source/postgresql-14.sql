-- Goes on from postgresql.sql where the server knows functions with a body of SQL: from version 14.
SET SESSION AUTHORIZATION catalog_owner;
CREATE FUNCTION rename_person(old text, new text) RETURNS text LANGUAGE sql
BEGIN ATOMIC
  UPDATE person SET name = CASE WHEN new = '' THEN old ELSE new END WHERE name = old;
  SELECT CASE WHEN old = ';' THEN 'begin' ELSE new END;
END;
CREATE PROCEDURE nothing() LANGUAGE sql BEGIN ATOMIC END;
