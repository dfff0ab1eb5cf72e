CREATE TABLE extras (id INT PRIMARY KEY, name VARCHAR(20), data JSON, v VECTOR(3), place POINT NOT NULL SRID 4326, n INT,
  KEY upper_name ((UPPER(name))), KEY unseen (n) INVISIBLE, KEY tags ((CAST(data->'$.tags' AS UNSIGNED ARRAY))), SPATIAL KEY (place), FULLTEXT KEY grams (name) WITH PARSER ngram,
  CONSTRAINT lax CHECK (n > 5) NOT ENFORCED)

INSERT INTO extras VALUES (1, 'x', '{"tags": [1, 2]}', TO_VECTOR('[1.5,2,-0.25]'), ST_SRID(POINT(1, 2), 4326), 1)

CREATE TABLE twins (a INT, b INT, CONSTRAINT same CHECK (a > 0), CONSTRAINT same FOREIGN KEY (b) REFERENCES child (id))
