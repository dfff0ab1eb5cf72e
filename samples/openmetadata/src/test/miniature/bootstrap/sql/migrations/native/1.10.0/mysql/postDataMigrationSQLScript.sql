UPDATE team SET json = JSON_SET(json, '$.teamType', 'Group') WHERE NOT JSON_CONTAINS_PATH(json, 'one', '$.teamType', '$.type');
