CREATE TABLE modern (id int4range, during daterange, n integer, half integer GENERATED ALWAYS AS (n / 2) VIRTUAL, twice integer GENERATED ALWAYS AS (n * 2),
  CONSTRAINT modern_key PRIMARY KEY (id, during WITHOUT OVERLAPS))

CREATE TABLE part (id integer, modern_id int4range, during daterange, CONSTRAINT lax CHECK (id > 0) NOT ENFORCED, CONSTRAINT part_fk FOREIGN KEY (modern_id, PERIOD during) REFERENCES modern (id, PERIOD during), CONSTRAINT loose FOREIGN KEY (id) REFERENCES child NOT ENFORCED)

ALTER TABLE part ADD CONSTRAINT id_there NOT NULL id NO INHERIT

ALTER TABLE part ADD CONSTRAINT during_there NOT NULL during NOT VALID

INSERT INTO modern (id, during, n) VALUES ('[1,2)', '[2020-01-01,2021-01-01)', -4)

INSERT INTO part VALUES (77, '[1,2)', '[2020-02-01,2020-03-01)')
