CREATE FUNCTION parsed(v varchar) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT v IN ('a', 'b') AND v NOT IN ('c', 'd') FROM child; END

CREATE TABLE multi (id integer PRIMARY KEY, r int4multirange, t text COMPRESSION pglz)

INSERT INTO multi VALUES (1, '{[1,2),[3,4)}', repeat('text ', 1000))
