CREATE TABLE ${prefix}_person (id INT PRIMARY KEY);
