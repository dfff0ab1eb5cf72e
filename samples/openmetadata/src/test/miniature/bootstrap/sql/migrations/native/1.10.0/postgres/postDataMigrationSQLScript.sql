UPDATE team SET json = jsonb_set(json, '{teamType}', '"Group"') WHERE NOT json ?| array['teamType', 'type'];
