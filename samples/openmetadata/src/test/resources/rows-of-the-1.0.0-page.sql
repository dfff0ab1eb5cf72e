TRUNCATE TABLE team;
INSERT INTO team (json) VALUES ('{"id": "team-a"}');
INSERT INTO team (json) VALUES ('{"id": "team-b"}');
TRUNCATE TABLE asset;
INSERT INTO asset (json) VALUES ('{"id": "asset-a", "name": "orders", "owner": "team-a"}');
INSERT INTO asset (json) VALUES ('{"id": "asset-b", "name": "orders", "owner": "team-b"}');
