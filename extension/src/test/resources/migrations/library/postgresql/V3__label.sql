ALTER TABLE language RENAME COLUMN name TO label;
