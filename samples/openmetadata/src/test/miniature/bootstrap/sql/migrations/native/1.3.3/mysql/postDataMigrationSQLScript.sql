-- Owners lie in their own table by now, where the server has put them in Java.
UPDATE asset SET json = JSON_REMOVE(json, '$.owner') WHERE JSON_CONTAINS_PATH(json, 'one', '$.owner');
