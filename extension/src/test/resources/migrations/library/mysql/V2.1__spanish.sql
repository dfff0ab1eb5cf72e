INSERT INTO language VALUES ('es', 'Spanish');
