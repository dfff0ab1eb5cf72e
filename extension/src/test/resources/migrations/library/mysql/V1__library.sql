CREATE TABLE author (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL UNIQUE,
    best_book_id INT
);
CREATE TABLE book (
    id INT AUTO_INCREMENT PRIMARY KEY,
    title VARCHAR(100) NOT NULL,
    author_id INT NOT NULL,
    CONSTRAINT book_author FOREIGN KEY (author_id) REFERENCES author (id)
);
-- Circular: no order of the tables satisfies both.
ALTER TABLE author ADD CONSTRAINT author_best_book FOREIGN KEY (best_book_id) REFERENCES book (id);
CREATE TABLE language (code VARCHAR(10) PRIMARY KEY, name VARCHAR(100) NOT NULL);
CREATE TABLE audit (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(200) NOT NULL);
CREATE VIEW titles AS SELECT title FROM book;

INSERT INTO language VALUES ('en', 'English'), ('de', 'German'), ('fr', 'French');
INSERT INTO author (name) VALUES ('seeded by a migration'), ('seeded too');

CREATE TRIGGER author_noted AFTER INSERT ON author FOR EACH ROW
    INSERT INTO audit (what) VALUES (CONCAT('author ', NEW.name));
DELIMITER ;;
CREATE TRIGGER book_refused BEFORE INSERT ON book FOR EACH ROW
BEGIN
    IF NEW.title LIKE 'old %' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the trigger has fired';
    END IF;
END;;
DELIMITER ;
