CREATE TABLE strict (a integer, b integer, v varchar(10), UNIQUE NULLS NOT DISTINCT (a, b))

CREATE VIEW invoked WITH (security_invoker = true) AS SELECT a FROM strict

CREATE UNLOGGED SEQUENCE fleeting

CREATE PUBLICATION selection FOR TABLE strict (a, v) WHERE (a > 1) WITH (publish = 'insert')

INSERT INTO strict VALUES (1, NULL, 'a')
