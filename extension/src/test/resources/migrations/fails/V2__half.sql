-- The first statement works, the second does not.
CREATE TABLE half (id INT PRIMARY KEY);

INSERT INTO nowhere
VALUES (1);
