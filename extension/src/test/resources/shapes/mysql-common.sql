CREATE TABLE parent (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, code VARCHAR(10) CHARACTER SET latin1, a INT NOT NULL, b INT NOT NULL, plain INT NOT NULL DEFAULT 0, UNIQUE KEY parent_code (code), UNIQUE KEY ab (a, b)) COMMENT 'it''s a parent'

CREATE TABLE kinds (
  id INT PRIMARY KEY AUTO_INCREMENT, a_tiny TINYINT, a_bool BOOLEAN DEFAULT TRUE, a_small SMALLINT UNSIGNED, a_medium MEDIUMINT, a_big BIGINT UNSIGNED, a_padded INT(8) ZEROFILL,
  a_decimal DECIMAL(20,5) DEFAULT 1.5, a_float FLOAT, a_fixed FLOAT(7,3), a_double DOUBLE DEFAULT 0.1, a_bit BIT(64) DEFAULT b'101', a_year YEAR DEFAULT 2020,
  a_date DATE DEFAULT '2020-01-31', a_time TIME(6), a_datetime DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), a_timestamp TIMESTAMP NULL DEFAULT '2020-01-31 10:00:00',
  a_char CHAR(5) DEFAULT 'ab', a_varchar VARCHAR(10) DEFAULT 'it''s', a_tinytext TINYTEXT, a_text TEXT, a_mediumtext MEDIUMTEXT, a_longtext LONGTEXT,
  a_binary BINARY(4), a_varbinary VARBINARY(10), a_tinyblob TINYBLOB, a_blob BLOB, a_longblob LONGBLOB, an_enum ENUM('x', 'y', 'it''s') DEFAULT 'y', a_set SET('p', 'q'), a_json JSON,
  a_geometry GEOMETRY, a_point POINT, a_polygon POLYGON,
  in_latin1 VARCHAR(20) CHARACTER SET latin1, in_utf16 TEXT CHARACTER SET utf16, in_sjis VARCHAR(20) CHARACTER SET sjis, in_bin VARCHAR(20) COLLATE utf8mb4_bin, in_german VARCHAR(20) COLLATE utf8mb4_german2_ci,
  a_stored INT AS (a_tiny * 2) STORED, a_virtual VARCHAR(30) AS (CONCAT(a_varchar, '-', IF(a_tiny IN (1, 2), 'a', 'b'))) VIRTUAL,
  an_expression VARCHAR(40) DEFAULT (CONCAT('x', UPPER('y'))), `odd ``name.x` INT, hidden INT INVISIBLE DEFAULT 3,
  KEY part (a_text(10), a_varchar DESC), FULLTEXT KEY full_text (a_text), KEY noted (a_big) COMMENT 'big') ROW_FORMAT = DYNAMIC

CREATE TABLE child (
  id INT PRIMARY KEY, n INT NOT NULL, v VARCHAR(20), parent_id BIGINT UNSIGNED, a INT, b INT,
  CONSTRAINT v_in CHECK (v IN ('a', 'b', 'Zoë')), CONSTRAINT n_between CHECK (n BETWEEN 1 AND 10 AND n <> -5), CHECK (CHAR_LENGTH(v) > 0 OR v IS NULL),
  CONSTRAINT to_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT to_ab FOREIGN KEY (a, b) REFERENCES parent (a, b))

CREATE TABLE measures (at DATE NOT NULL, v INT COMMENT 'value') PARTITION BY RANGE (YEAR(at)) (PARTITION p2020 VALUES LESS THAN (2021), PARTITION rest VALUES LESS THAN MAXVALUE)

CREATE TABLE simple (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, KEY by_name (name) USING HASH) ENGINE = MEMORY

CREATE TABLE places (id INT PRIMARY KEY, place GEOMETRY NOT NULL, SPATIAL KEY place (place))

CREATE TABLE listed (id INT, n INT) PARTITION BY LIST (n) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3))

CREATE TABLE hashed (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3

CREATE VIEW busy AS SELECT c.id, c.v, p.code AS `Code`, 'x''y' AS quoted FROM child c JOIN parent p ON p.id = c.parent_id WHERE c.v IN ('a', 'b') AND EXISTS (SELECT 1 FROM kinds k WHERE k.a_varchar = c.v) ORDER BY c.id DESC LIMIT 10

CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW checked AS SELECT id, n FROM child WHERE n > 1 WITH CASCADED CHECK OPTION

CREATE FUNCTION twice(n INT, label VARCHAR(10)) RETURNS VARCHAR(20) DETERMINISTIC COMMENT 'doubles' RETURN CONCAT(n * 2, label)

CREATE VIEW calls AS SELECT twice(id, 'x') AS t, busy.v FROM busy

CREATE PROCEDURE fill(IN n INT, OUT done DECIMAL(5,2), INOUT name VARCHAR(10) CHARACTER SET latin1)
  SQL SECURITY INVOKER
BEGIN
  -- a comment
  IF n IN (1, 2) THEN SET done = 1; END IF;
END

CREATE TRIGGER touch BEFORE INSERT ON child FOR EACH ROW
# another comment
SET /* and one */ NEW.v = IF(NEW.v = ' -- no comment', NULL, NEW.v)

CREATE TRIGGER touch_too BEFORE INSERT ON child FOR EACH ROW FOLLOWS touch SET NEW.n = NEW.n

CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DISABLE COMMENT 'tidies' DO DELETE FROM measures WHERE at < '2000-01-01'

INSERT INTO parent (code, a, b) VALUES ('a', 1, 2), ('é', 3, 4), (NULL, 5, 6)

INSERT INTO child VALUES (1, 1, 'a', 1, 1, 2), (2, 2, ' -- no comment', NULL, NULL, NULL)

INSERT INTO kinds (a_tiny, a_small, a_medium, a_big, a_padded, a_decimal, a_float, a_fixed, a_double, a_bit, a_year, a_date, a_time, a_datetime, a_timestamp, a_char, a_varchar, a_tinytext, a_text, a_mediumtext, a_longtext, a_binary, a_varbinary, a_tinyblob, a_blob, a_longblob, an_enum, a_set, a_json, a_geometry, a_point, a_polygon, in_latin1, in_utf16, in_sjis, in_bin, in_german, `odd ``name.x`, hidden)
VALUES (-128, 65535, -8388608, 18446744073709551615, 42, -123.45678, 0.1, 1.234, -1.5e300, b'1111', 1999, '9999-12-31', '-838:59:58.123456', '2020-01-01 00:00:00.000001', '2020-06-01 12:00:00', 'a', 'b ', 'Zoë 😀', 'line\nbreak \\ \'', '', REPEAT('long ', 1000), x'00ff', x'00', '', x'deadbeef00', REPEAT(x'00', 3000), 'it''s', 'p,q', '{"b": [1, 1.50, null], "a": "Zoë"}', ST_GeomFromText('LINESTRING(0 0,1 1.5)'), ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'), 'café', '語 😀', '語', 'x', 'ß', 1, NULL),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)

INSERT INTO measures VALUES ('2020-05-05', 1), ('2020-05-05', 1), ('2022-05-05', NULL)

INSERT INTO hashed VALUES (1), (2), (3)

INSERT INTO simple VALUES (1, 'x')

INSERT INTO places VALUES (1, ST_GeomFromText('POINT(1 2)'))

INSERT INTO listed VALUES (1, 1), (2, 3)
