-- Terms can be reviewed. The only change is a column that may be empty.
ALTER TABLE glossary_term ADD COLUMN reviewed_at TIMESTAMP(3) NULL DEFAULT NULL;
