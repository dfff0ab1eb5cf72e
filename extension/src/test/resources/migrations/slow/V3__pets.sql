CREATE TABLE pet (id integer);
