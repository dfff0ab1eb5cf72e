CREATE TABLE town (id integer);
