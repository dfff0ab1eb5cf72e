-- Terms can be reviewed. The only change is a column that may be empty, so a backup of 1.8 meets no resistance here.
ALTER TABLE glossary_term ADD COLUMN reviewed_at timestamptz;
