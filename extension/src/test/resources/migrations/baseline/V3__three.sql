CREATE TABLE three (id INT);
