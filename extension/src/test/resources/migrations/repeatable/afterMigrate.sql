UPDATE person SET email = 'none' WHERE email IS NULL;
