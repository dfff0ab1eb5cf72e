CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(100) NOT NULL);
INSERT INTO person VALUES (1, 'seeded by a migration');
