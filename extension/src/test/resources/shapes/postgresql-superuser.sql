CREATE FUNCTION audit.listen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$

CREATE EVENT TRIGGER on_ddl ON ddl_command_end WHEN TAG IN ('CREATE SEQUENCE') EXECUTE FUNCTION audit.listen()

CREATE FOREIGN DATA WRAPPER elsewhere OPTIONS (a 'b')

CREATE SERVER far TYPE 'file' VERSION '1' FOREIGN DATA WRAPPER elsewhere OPTIONS (path '/x')

CREATE FOREIGN TABLE remote (id integer OPTIONS (name 'nr') NOT NULL, v varchar(10) DEFAULT 'x') SERVER far OPTIONS (file 'y')

CREATE TYPE handle

CREATE FUNCTION handle_in(cstring) RETURNS handle LANGUAGE internal IMMUTABLE STRICT AS 'int4in'

CREATE FUNCTION handle_out(handle) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'

CREATE TYPE handle (INPUT = handle_in, OUTPUT = handle_out, LIKE = integer)

CREATE OPERATOR CLASS by_size FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)
