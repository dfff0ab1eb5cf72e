-- What the MySQL and MariaDB backups beside this directory were dumped from.
SET NAMES utf8mb4;
CREATE TABLE flyway_schema_history (
    installed_rank INT NOT NULL PRIMARY KEY,
    version VARCHAR(50),
    description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL,
    script VARCHAR(1000) NOT NULL,
    checksum INT,
    installed_by VARCHAR(100) NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    execution_time INT NOT NULL,
    success BOOL NOT NULL
);
INSERT INTO flyway_schema_history VALUES
    (1, '1.0', 'tables', 'SQL', 'V1.0__tables.sql', -1274563210, 'catalog', '2024-05-01 10:00:00', 12, true),
    (2, '1.1', 'it''s a \\ "column"; really', 'SQL', 'V1.1__column.sql', 99, 'catalog', '2024-05-01 10:00:01', 3, true),
    (3, NULL, 'views', 'SQL', 'R__views.sql', 7, 'catalog', '2024-05-01 10:00:02', 3, true),
    (4, '1.2', 'failed', 'SQL', 'V1.2__failed.sql', NULL, 'catalog', '2024-05-01 10:00:03', 3, false);

CREATE TABLE person (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    picture LONGBLOB,
    details JSON,
    flags BIT(8),
    upper_name VARCHAR(200) GENERATED ALWAYS AS (UPPER(name)) STORED
) CHARACTER SET utf8mb4 COMMENT 'people; it''s a table';
INSERT INTO person (name, picture, details, flags) VALUES
    ('plain', NULL, '{"a": [1, 2], "q": "what?"}', b'10000001'),
    ('emoji 😀 and ümläut', '', NULL, b'0'),
    ('tab\there, back\\slash, new\nline, return\rhere', NULL, '{"path": "C:\\\\temp", "quote": "\\""}', NULL),
    ('semicolon; -- no comment /* none */ # none {fn now()} := ? (', NULL, NULL, NULL),
    ('it''s "quoted" `too`', NULL, NULL, NULL),
    ('zero \0 and \Z', NULL, NULL, NULL);
INSERT INTO person (name, picture) VALUES ('bytes', UNHEX(
    '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF'));
CREATE TABLE `Odd ``Name.tbl` (`select` INT, `a b` VARCHAR(10));
INSERT INTO `Odd ``Name.tbl` VALUES (1, 'one'), (2, NULL);
CREATE TABLE empty_one (id INT PRIMARY KEY);
CREATE TABLE entry (id INT AUTO_INCREMENT PRIMARY KEY, person_id BIGINT, FOREIGN KEY (person_id) REFERENCES person (id));
INSERT INTO entry (person_id) SELECT id FROM person ORDER BY id;

DELIMITER ;;
CREATE TRIGGER person_logged AFTER INSERT ON person FOR EACH ROW
BEGIN
  -- it's; a trap
  INSERT INTO entry (person_id) VALUES (NEW.id);
  SET @people := COALESCE(@people, 0) + 1;
END;;
CREATE DEFINER = `catalog_owner`@`10.%` PROCEDURE tidy()
BEGIN
  DECLARE n INT DEFAULT 0;
  SELECT COUNT(*) INTO n FROM person WHERE name = ';';
  IF n > 0 THEN DELETE FROM person WHERE name = ';'; END IF;
END;;
CREATE FUNCTION half(n INT) RETURNS INT DETERMINISTIC RETURN n DIV 2;;
DELIMITER ;
CREATE VIEW names AS SELECT id, CONCAT(name, ';') AS name FROM person;
