package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the objects of a PostgreSQL database from its catalogue, in one statement. */
final class PostgreSqlSchema {

    /**
     * A part of the statement.
     *
     * @param catalog where its objects are; it is left out where users have none there, as most catalogues are empty and
     *     planning it takes longer than running it. Empty for what nearly every database has
     */
    private record LookUp(String catalog, String sql) {}

    /** The catalogues that hold objects of users. Of those that need no other object nothing is in pg_depend. */
    private static final String IN_USE = """
        SELECT DISTINCT classid::regclass::text FROM pg_depend
        WHERE objid >= 16384 AND (deptype <> 'i' OR classid = 'pg_rewrite'::regclass)
        UNION ALL SELECT 'pg_cast' WHERE EXISTS (SELECT FROM pg_cast WHERE oid >= 16384)
        UNION ALL SELECT 'pg_event_trigger' WHERE EXISTS (SELECT FROM pg_event_trigger)
        UNION ALL SELECT 'pg_foreign_data_wrapper' WHERE EXISTS (SELECT FROM pg_foreign_data_wrapper)
        UNION ALL SELECT 'pg_foreign_server' WHERE EXISTS (SELECT FROM pg_foreign_server)
        UNION ALL SELECT 'pg_publication' WHERE EXISTS (SELECT FROM pg_publication)
        UNION ALL SELECT 'pg_description' WHERE EXISTS (SELECT FROM pg_description WHERE objoid >= 16384)
        """;

    /**
     * The schemas of users, what belongs to extensions, and the relations that are left. Each look-up that follows returns
     * kind, schema, table, name and definition.
     */
    private static final String HEAD = """
        WITH ext AS MATERIALIZED (
          SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
        ns AS MATERIALIZED (
          SELECT n.oid, n.nspname FROM pg_namespace n WHERE %USER_SCHEMA%),
        rel AS MATERIALIZED (
          SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relam, c.reloftype, c.relispartition, c.relpartbound,
            %OPTIONS c.reloptions% AS reloptions, c.reltoastrelid, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
            c.reltype, ns.nspname
          FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
            AND NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_class'::regclass AND objid = c.oid))
        """;

    private static final List<LookUp> LOOK_UPS = List.of(
            always("""
            SELECT 'schema', '', '', nspname::text, '' FROM ns
            WHERE nspname <> 'public' AND NOT EXISTS (
              SELECT FROM ext WHERE classid = 'pg_namespace'::regclass AND objid = ns.oid)
            """),
            // Not the version: pg_dump leaves it out, and a restore creates the server's newest.
            always("""
            SELECT 'extension', '', '', extname::text, 'SCHEMA ' || quote_ident(n.nspname)
            FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'
            """),
            always("""
            SELECT 'table', nspname, '', relname::text, concat_ws(' ',
              CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
              CASE relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
              'OF ' || format_type(nullif(reloftype, 0), NULL),
              (SELECT 'INHERITS (' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) || ')'
                FROM pg_inherits WHERE inhrelid = rel.oid AND NOT relispartition),
              CASE relkind WHEN 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(oid) END,
              (SELECT 'USING ' || quote_ident(amname) FROM pg_am WHERE pg_am.oid = relam AND amname <> 'heap'),
              (SELECT 'SERVER ' || quote_ident(srvname) || coalesce(' OPTIONS (' || array_to_string(ftoptions, ', ') || ')', '')
                FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = rel.oid),
              (SELECT 'WITH (' || string_agg(o, ', ' ORDER BY o) || ')' FROM unnest(reloptions) AS o),
              (SELECT 'TOAST (' || string_agg(o, ', ' ORDER BY o) || ')'
                FROM pg_class t, unnest(%OPTIONS t.reloptions%) AS o WHERE t.oid = rel.reltoastrelid),
              CASE WHEN relrowsecurity THEN 'ROW LEVEL SECURITY' END,
              CASE WHEN relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END,
              CASE relreplident WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' WHEN 'f' THEN 'REPLICA IDENTITY FULL' END)
            FROM rel WHERE relkind IN ('r', 'p', 'f')
            """),
            always("""
            SELECT 'partition', nspname, '', relname::text, concat_ws(' ',
              'OF', (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = rel.oid LIMIT 1),
              pg_get_expr(relpartbound, oid))
            FROM rel WHERE relispartition AND relkind IN ('r', 'p', 'f')
            """),
            // A dump creates what is inherited first, in the order of the parents.
            always("""
            SELECT 'column order', nspname, '', relname::text,
              (SELECT string_agg(quote_ident(attname), ', ' ORDER BY CASE WHEN attinhcount > 0 AND NOT relispartition THEN (
                  SELECT min(ARRAY[inhseqno, p.attnum]) FROM pg_inherits JOIN pg_attribute p ON p.attrelid = inhparent
                  WHERE inhrelid = rel.oid AND p.attname = a.attname AND p.attnum > 0) END, attnum)
                FROM pg_attribute a WHERE attrelid = rel.oid AND attnum > 0 AND NOT attisdropped)
            FROM rel WHERE relkind IN ('r', 'p', 'f')
            """),
            // PostgreSQL 18 keeps NOT NULL as a constraint too, whose name it makes up: that it holds is the column's.
            always("""
            SELECT 'column', nspname, relname::text, attname::text, concat_ws(' ',
              format_type(atttypid, atttypmod),
              CASE WHEN attcollation <> typcollation THEN 'COLLATE ' || attcollation::regcollation::text END,
              CASE WHEN attnotnull THEN 'NOT NULL' END,
              %NOT_NULL_OPTIONS%
              CASE attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY' END,
              CASE attgenerated WHEN '' THEN 'DEFAULT ' || pg_get_expr(adbin, adrelid)
                ELSE 'GENERATED ALWAYS AS (' || pg_get_expr(adbin, adrelid) || ')'
                  || CASE attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END END,
              CASE WHEN attstorage <> typstorage THEN 'STORAGE ' || attstorage::text END,
              %COMPRESSION%
              'STATISTICS ' || nullif(attstattarget::integer, -1),
              (SELECT 'OPTIONS (' || string_agg(o, ', ' ORDER BY o) || ')'
                FROM unnest(attoptions) AS o WHERE split_part(o, '=', 1) IN (%COLUMN_OPTIONS%)),
              'OPTIONS (' || array_to_string(attfdwoptions, ', ') || ')')
            FROM rel JOIN pg_attribute a ON attrelid = rel.oid JOIN pg_type t ON t.oid = atttypid
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relkind IN ('r', 'p', 'f') AND attnum > 0 AND NOT attisdropped
            """),
            // The foreign keys of partitions, and to partitions, follow from those of the partitioned tables; and
            // whether an
            // inherited constraint was validated depends on whether it or the heir was there first.
            always("""
            SELECT 'constraint', nspname, rel.relname::text, conname::text, concat_ws(' ',
              CASE WHEN coninhcount > 0 THEN replace(pg_get_constraintdef(con.oid), ' NOT VALID', '')
                ELSE pg_get_constraintdef(con.oid) END,
              (SELECT 'WITH (' || string_agg(o, ', ' ORDER BY o) || ')' FROM unnest(%OPTIONS ic.reloptions%) AS o),
              CASE WHEN indisclustered THEN 'CLUSTER' END,
              CASE WHEN indisreplident THEN 'REPLICA IDENTITY' END)
            FROM pg_constraint con JOIN rel ON rel.oid = conrelid
            LEFT JOIN pg_class ic ON ic.oid = conindid AND contype IN ('p', 'u', 'x')
            LEFT JOIN pg_index i ON i.indexrelid = ic.oid
            WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND (contype <> 'f' OR conparentid = 0)
            """),
            always("""
            SELECT 'index', nspname, rel.relname::text, ic.relname::text, concat_ws(' ',
              pg_get_indexdef(indexrelid),
              (SELECT 'PARTITION OF ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = indexrelid),
              CASE WHEN indisclustered THEN 'CLUSTER' END,
              CASE WHEN indisreplident THEN 'REPLICA IDENTITY' END,
              CASE WHEN NOT indisvalid THEN 'INVALID' END,
              (SELECT 'STATISTICS ' || string_agg(attnum || ' ' || attstattarget, ', ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0))
            FROM pg_index JOIN rel ON rel.oid = indrelid JOIN pg_class ic ON ic.oid = indexrelid
            WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
            """),
            // Not whether a materialized view holds its rows, which every refresh changes.
            of("pg_rewrite", """
            SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, nspname, '', relname::text, concat_ws(' ',
              (SELECT 'WITH (' || string_agg(o, ', ' ORDER BY o) || ')' FROM unnest(reloptions) AS o),
              (SELECT 'USING ' || quote_ident(amname) FROM pg_am WHERE pg_am.oid = relam AND amname <> 'heap'),
              (SELECT 'DEFAULT (' || string_agg(quote_ident(attname) || ' ' || pg_get_expr(adbin, adrelid), ', ' ORDER BY attname)
                || ')' FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = rel.oid),
              'AS', pg_get_viewdef(oid))
            FROM rel WHERE relkind IN ('v', 'm')
            """),
            always("""
            SELECT 'sequence', nspname, '', relname::text, concat_ws(' ',
              CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
              'AS ' || format_type(seqtypid, NULL), 'START ' || seqstart, 'INCREMENT ' || seqincrement,
              'MINVALUE ' || seqmin, 'MAXVALUE ' || seqmax, 'CACHE ' || seqcache, CASE WHEN seqcycle THEN 'CYCLE' END,
              (SELECT CASE deptype WHEN 'i' THEN 'IDENTITY OF ' ELSE 'OWNED BY ' END || refobjid::regclass || '.'
                  || quote_ident(attname)
                FROM pg_depend JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                WHERE classid = 'pg_class'::regclass AND objid = rel.oid AND refclassid = 'pg_class'::regclass
                  AND deptype IN ('a', 'i') AND refobjsubid > 0 LIMIT 1))
            FROM rel JOIN pg_sequence ON seqrelid = rel.oid
            """),
            of("pg_trigger", """
            SELECT 'trigger', nspname, relname::text, tgname::text, concat_ws(' ', pg_get_triggerdef(t.oid),
              CASE tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ENABLED REPLICA' WHEN 'A' THEN 'ENABLED ALWAYS' END)
            FROM pg_trigger t JOIN rel ON rel.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
            """),
            of("pg_rewrite", """
            SELECT 'rule', nspname, relname::text, rulename::text, concat_ws(' ', pg_get_ruledef(r.oid),
              CASE ev_enabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ENABLED REPLICA' WHEN 'A' THEN 'ENABLED ALWAYS' END)
            FROM pg_rewrite r JOIN rel ON rel.oid = ev_class WHERE rulename <> '_RETURN'
            """),
            of("pg_policy", """
            SELECT 'policy', nspname, relname::text, polname::text, concat_ws(' ',
              CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
              'FOR ' || CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                ELSE 'ALL' END,
              'TO ' || (SELECT string_agg(coalesce(quote_ident(rolname), 'public'), ', ' ORDER BY rolname)
                FROM unnest(polroles) AS r LEFT JOIN pg_roles ON pg_roles.oid = r),
              'USING (' || pg_get_expr(polqual, polrelid) || ')',
              'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
            FROM pg_policy JOIN rel ON rel.oid = polrelid
            """),
            of("pg_proc", """
            SELECT CASE WHEN prokind = 'a' THEN 'aggregate' ELSE 'routine' END, nspname, '',
              proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
              CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE concat_ws(' ',
                'SFUNC', aggtransfn::regprocedure, 'STYPE', format_type(aggtranstype, NULL), 'SSPACE', aggtransspace,
                'FINALFUNC', aggfinalfn::regproc, 'COMBINEFUNC', aggcombinefn::regproc, 'SERIALFUNC', aggserialfn::regproc,
                'DESERIALFUNC', aggdeserialfn::regproc, 'MSFUNC', aggmtransfn::regproc, 'MINVFUNC', aggminvtransfn::regproc,
                'MFINALFUNC', aggmfinalfn::regproc, 'MSTYPE', format_type(nullif(aggmtranstype, 0), NULL),
                'SORTOP', nullif(aggsortop, 0)::regoperator, 'KIND', aggkind, 'DIRECT', aggnumdirectargs,
                'MODIFY', aggfinalmodify, aggmfinalmodify, 'EXTRA', aggfinalextra, aggmfinalextra, 'PARALLEL', proparallel,
                'INITCOND ' || quote_literal(agginitval), 'MINITCOND ' || quote_literal(aggminitval)) END
            FROM pg_proc p JOIN ns ON ns.oid = pronamespace LEFT JOIN pg_aggregate ON aggfnoid = p.oid
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')
            """),
            of("pg_type", """
            SELECT CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END, ns.nspname, '', typname::text,
              CASE typtype
              WHEN 'e' THEN (SELECT 'ENUM (' || string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) || ')'
                FROM pg_enum WHERE enumtypid = t.oid)
              WHEN 'd' THEN concat_ws(' ', format_type(typbasetype, typtypmod),
                (SELECT 'COLLATE ' || t.typcollation::regcollation::text FROM pg_type b
                  WHERE b.oid = t.typbasetype AND b.typcollation <> t.typcollation),
                CASE WHEN typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || coalesce(pg_get_expr(typdefaultbin, 0), typdefault),
                (SELECT string_agg('CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid), ' ' ORDER BY conname)
                  FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'))
              WHEN 'c' THEN (SELECT '(' || string_agg(concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
                    CASE WHEN attcollation <> a.typcollation THEN 'COLLATE ' || attcollation::regcollation::text END),
                  ', ' ORDER BY attnum) || ')'
                FROM pg_attribute JOIN pg_type a ON a.oid = atttypid
                WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)
              WHEN 'r' THEN (SELECT concat_ws(' ', 'RANGE OF', format_type(rngsubtype, NULL),
                  'COLLATE ' || nullif(rngcollation, 0)::regcollation, 'OPCLASS', opcnspace.nspname || '.' || opcname,
                  'CANONICAL', rngcanonical::regproc, 'DIFF', rngsubdiff::regproc
                  %MULTIRANGE%)
                FROM pg_range JOIN pg_opclass o ON o.oid = rngsubopc JOIN pg_namespace opcnspace ON opcnspace.oid = opcnamespace
                WHERE rngtypid = t.oid)
              ELSE concat_ws(' ', 'INPUT', typinput::regproc, 'OUTPUT', typoutput::regproc, 'RECEIVE', typreceive::regproc,
                'SEND', typsend::regproc, 'LENGTH', typlen, 'BY VALUE', typbyval, 'ALIGN', typalign, 'STORAGE', typstorage,
                'CATEGORY', typcategory, typispreferred, 'ELEMENT ' || format_type(nullif(typelem, 0), NULL),
                'DEFAULT ' || typdefault) END
            FROM pg_type t JOIN ns ON ns.oid = typnamespace
            WHERE (typtype IN ('e', 'd', 'r') OR typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
                OR typtype = 'c' AND EXISTS (SELECT FROM rel WHERE rel.oid = t.typrelid AND relkind = 'c'))
              AND NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_type'::regclass AND objid = t.oid)
            """),
            of("pg_statistic_ext", """
            SELECT 'statistics', nspname, '', stxname::text, concat_ws(' ', pg_get_statisticsobjdef(s.oid),
              'STATISTICS ' || nullif(stxstattarget::integer, -1))
            FROM pg_statistic_ext s JOIN ns ON ns.oid = stxnamespace
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_statistic_ext'::regclass AND objid = s.oid)
            """),
            of("pg_collation", """
            SELECT 'collation', nspname, '', collname::text,
              (to_jsonb(c) - 'oid' - 'collname' - 'collnamespace' - 'collowner' - 'collversion')::text
            FROM pg_collation c JOIN ns ON ns.oid = collnamespace
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_collation'::regclass AND objid = c.oid)
            """),
            of("pg_operator", """
            SELECT 'operator', nspname, '',
              format('%s(%s,%s)', oprname, format_type(nullif(oprleft, 0), NULL), format_type(oprright, NULL)),
              concat_ws(' ', 'FUNCTION', oprcode::regprocedure, 'COMMUTATOR', nullif(oprcom, 0)::regoperator,
                'NEGATOR', nullif(oprnegate, 0)::regoperator, 'RESTRICT', oprrest::regproc, 'JOIN', oprjoin::regproc,
                CASE WHEN oprcanhash THEN 'HASHES' END, CASE WHEN oprcanmerge THEN 'MERGES' END)
            FROM pg_operator o JOIN ns ON ns.oid = oprnamespace
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_operator'::regclass AND objid = o.oid)
            """),
            of("pg_opclass", """
            SELECT 'operator class', nspname, '', opcname || ' USING ' || amname, concat_ws(' ',
              CASE WHEN opcdefault THEN 'DEFAULT' END, 'FOR TYPE', format_type(opcintype, NULL),
              'FAMILY', (SELECT opfname FROM pg_opfamily f WHERE f.oid = opcfamily),
              'STORAGE ' || format_type(nullif(opckeytype, 0), NULL))
            FROM pg_opclass o JOIN ns ON ns.oid = opcnamespace JOIN pg_am ON pg_am.oid = opcmethod
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_opclass'::regclass AND objid = o.oid)
            """),
            of("pg_opfamily", """
            SELECT 'operator family', nspname, '', opfname || ' USING ' || amname, concat_ws(', ',
              (SELECT string_agg(format('OPERATOR %s %s', amopstrategy, amopopr::regoperator), ', '
                ORDER BY amopstrategy, amopopr::regoperator::text) FROM pg_amop WHERE amopfamily = f.oid),
              (SELECT string_agg(format('FUNCTION %s (%s, %s) %s', amprocnum, format_type(amproclefttype, NULL),
                  format_type(amprocrighttype, NULL), amproc::oid::regprocedure), ', '
                ORDER BY amprocnum, amproc::oid::regprocedure::text, format_type(amproclefttype, NULL),
                  format_type(amprocrighttype, NULL))
                FROM pg_amproc WHERE amprocfamily = f.oid))
            FROM pg_opfamily f JOIN ns ON ns.oid = opfnamespace JOIN pg_am ON pg_am.oid = opfmethod
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_opfamily'::regclass AND objid = f.oid)
            """),
            of("pg_ts_config", """
            SELECT 'text search configuration', nspname, '', cfgname::text, concat_ws(' ', 'PARSER', prsname,
              (SELECT string_agg(format('%s %s', tokid.alias, mapdict::regdictionary), ', ' ORDER BY tokid.alias, mapseqno)
                FROM pg_ts_config_map JOIN LATERAL ts_token_type(cfgparser) AS tokid ON tokid.tokid = maptokentype
                WHERE mapcfg = c.oid))
            FROM pg_ts_config c JOIN ns ON ns.oid = cfgnamespace JOIN pg_ts_parser r ON r.oid = cfgparser
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_ts_config'::regclass AND objid = c.oid)
            """),
            of("pg_ts_dict", """
            SELECT 'text search dictionary', nspname, '', dictname::text, concat_ws(' ', 'TEMPLATE', tmplname, dictinitoption)
            FROM pg_ts_dict d JOIN ns ON ns.oid = dictnamespace JOIN pg_ts_template t ON t.oid = dicttemplate
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_ts_dict'::regclass AND objid = d.oid)
            """),
            // Objects of no schema: the oids below 16384 are those that every database is created with.
            of("pg_cast", """
            SELECT 'cast', '', '', format('%s AS %s', format_type(castsource, NULL), format_type(casttarget, NULL)),
              concat_ws(' ', 'METHOD', castmethod, 'FUNCTION ' || nullif(castfunc, 0)::regprocedure, 'CONTEXT', castcontext)
            FROM pg_cast c WHERE oid >= 16384
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_cast'::regclass AND objid = c.oid AND deptype = 'i')
              AND NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_cast'::regclass AND objid = c.oid)
            """),
            of("pg_event_trigger", """
            SELECT 'event trigger', '', '', evtname::text, concat_ws(' ', 'ON', evtevent, 'WHEN TAG IN',
              array_to_string(evttags, ', '), 'EXECUTE', evtfoid::regprocedure, 'ENABLED', evtenabled)
            FROM pg_event_trigger e
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_event_trigger'::regclass AND objid = e.oid)
            """),
            of("pg_foreign_server", """
            SELECT 'foreign server', '', '', srvname::text, concat_ws(' ', 'TYPE ' || srvtype, 'VERSION ' || srvversion,
              'FOREIGN DATA WRAPPER', fdwname, 'OPTIONS (' || array_to_string(srvoptions, ', ') || ')')
            FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_foreign_server'::regclass AND objid = s.oid)
            """),
            of("pg_foreign_data_wrapper", """
            SELECT 'foreign data wrapper', '', '', fdwname::text, concat_ws(' ', 'HANDLER', fdwhandler::regproc, 'VALIDATOR',
              fdwvalidator::regproc, 'OPTIONS (' || array_to_string(fdwoptions, ', ') || ')')
            FROM pg_foreign_data_wrapper w
            WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_foreign_data_wrapper'::regclass AND objid = w.oid)
            """),
            of("pg_publication", """
            SELECT 'publication', '', '', pubname::text, concat_ws(' ', CASE WHEN puballtables THEN 'FOR ALL TABLES' END,
              (SELECT 'FOR ' || string_agg(%PUBLISHED%, ', ' ORDER BY prrelid::regclass::text)
                FROM pg_publication_rel WHERE prpubid = p.oid),
              %PUBLISHED_SCHEMAS%
              CASE WHEN pubinsert THEN 'INSERT' END, CASE WHEN pubupdate THEN 'UPDATE' END,
              CASE WHEN pubdelete THEN 'DELETE' END, CASE WHEN pubtruncate THEN 'TRUNCATE' END,
              CASE WHEN pubviaroot THEN 'VIA ROOT' END
              %PUBLISHED_GENERATED%)
            FROM pg_publication p
            """),
            // An extension's own comment comes from its control file.
            of("pg_description", """
            SELECT 'comment', '', '', format('%s %s', regexp_replace(o.type, '^table (?=column|constraint)', ''),
              regexp_replace(o.identity, '(^|[ (,])(public|pg_catalog)\\.', '\\1', 'g')), description
            FROM pg_description d CROSS JOIN LATERAL pg_identify_object(classoid, objoid, objsubid) AS o
            WHERE objoid >= 16384 AND classoid <> 'pg_extension'::regclass
              AND coalesce(o.schema, '') !~ '^pg_' AND o.identity IS NOT NULL AND o.identity !~ '^pg_t(oast|emp)'
              AND NOT (o.type = 'schema' AND o.identity = 'public')
              AND NOT EXISTS (SELECT FROM ext WHERE classid = classoid AND objid = objoid)
            """),
            // No objects, but the names of options that PostgreSQL itself does not know.
            always("""
            SELECT DISTINCT '%COLUMN_OPTION%', '', '', split_part(o, '=', 1), ''
            FROM rel JOIN pg_attribute ON attrelid = rel.oid CROSS JOIN unnest(attoptions) AS o
            WHERE relkind IN ('r', 'p', 'f') AND split_part(o, '=', 1) NOT IN (%COLUMN_OPTIONS%)
            """),
            always("""
            SELECT DISTINCT '%RELATION_OPTION%', '', '', split_part(o, '=', 1), ''
            FROM (
              SELECT reloptions FROM rel
              UNION ALL SELECT %OPTIONS t.reloptions% FROM rel JOIN pg_class t ON t.oid = rel.reltoastrelid
              UNION ALL SELECT %OPTIONS ic.reloptions% FROM rel JOIN pg_index ON indrelid = rel.oid JOIN pg_class ic ON ic.oid = indexrelid)
              AS relation CROSS JOIN unnest(reloptions) AS o
            WHERE split_part(o, '=', 1) NOT IN (%RELATION_OPTIONS%) AND o !~ '^autovacuum_'
            """));

    /** The options of columns that ALTER TABLE takes: https://www.postgresql.org/docs/current/sql-altertable.html. */
    private static final List<String> COLUMN_OPTIONS = List.of("n_distinct", "n_distinct_inherited");

    /** The options of tables, indexes and views that PostgreSQL knows itself, beside those of autovacuum. */
    private static final List<String> RELATION_OPTIONS = List.of(
            "fillfactor",
            "toast_tuple_target",
            "parallel_workers",
            "user_catalog_table",
            "vacuum_index_cleanup",
            "vacuum_truncate",
            "vacuum_max_eager_freeze_failure_rate",
            "log_autovacuum_min_duration",
            "deduplicate_items",
            "buffering",
            "fastupdate",
            "gin_pending_list_limit",
            "pages_per_range",
            "autosummarize",
            "security_barrier",
            "security_invoker",
            "check_option");

    private static final String COLUMN_OPTION = "? option of a column";
    private static final String RELATION_OPTION = "? option of a relation";
    private static final Pattern OPTIONS = Pattern.compile("%OPTIONS (?<column>[a-z.]+)%");

    /** Who has other privileges on an object than the server's defaults, whether they are written down or not. */
    private static final String GRANTS = """
        , acl AS (
          SELECT 'schema' AS kind, '' AS schema, '' AS relation, nspname::text AS name, nspacl AS acl,
            acldefault('n', nspowner) AS preset, nspowner AS owner
          FROM ns JOIN pg_namespace USING (oid, nspname)
          UNION ALL
          SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
            ELSE 'table' END, nspname, '', relname, relacl,
            acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner), relowner
          FROM rel JOIN pg_class USING (oid, relname, relkind)
          UNION ALL
          SELECT 'column', nspname, relname, attname, attacl, acldefault('c', relowner), relowner
          FROM rel JOIN pg_class USING (oid, relname) JOIN pg_attribute ON attrelid = oid WHERE NOT attisdropped
          UNION ALL
          SELECT 'routine', nspname, '', proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', proacl,
            acldefault('f', proowner), proowner
          FROM pg_proc p JOIN ns ON ns.oid = pronamespace
          WHERE NOT EXISTS (SELECT FROM ext WHERE classid = 'pg_proc'::regclass AND objid = p.oid))
        SELECT kind, schema, relation, name,
          CASE grantee WHEN owner THEN 'its owner' WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END,
          coalesce(granted, 'nothing')
        FROM acl CROSS JOIN LATERAL (
          SELECT grantee, string_agg(DISTINCT privilege, ', ') FILTER (WHERE NOT is_preset) AS granted,
            string_agg(DISTINCT privilege, ', ') FILTER (WHERE is_preset) AS preset_ones
          FROM (
            SELECT is_preset, grantee, privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
            FROM (SELECT false, * FROM aclexplode(acl) UNION ALL SELECT true, * FROM aclexplode(preset))
              AS item (is_preset, grantor, grantee, privilege_type, is_grantable)
          ) AS privilege (is_preset, grantee, privilege)
          GROUP BY grantee) AS privileges
        WHERE acl IS NOT NULL AND granted IS DISTINCT FROM preset_ones
        """;

    /** The kinds of objects whose names have types in them, which may have a schema. */
    private static final Set<String> WITH_TYPES = Set.of("routine", "aggregate", "operator", "cast");

    private PostgreSqlSchema() {}

    private static LookUp always(String sql) {
        return new LookUp("", sql);
    }

    private static LookUp of(String catalog, String sql) {
        return new LookUp(catalog, sql);
    }

    static List<SchemaObject> read(Connection connection, String userSchema) throws SQLException {
        Set<String> unknown = new TreeSet<>();
        List<SchemaObject> objects = read(connection, userSchema, Set.of(), unknown);
        if (unknown.isEmpty()) {
            return objects;
        }
        Set<String> ofServer = ServerOptions.among(connection, unknown);
        return ofServer.isEmpty() ? objects : read(connection, userSchema, ofServer, new TreeSet<>());
    }

    /**
     * Reads the objects.
     *
     * @param leftOut the options of relations that the server sets by itself
     * @param unknown takes the names of the other options of relations that PostgreSQL does not know
     */
    private static List<SchemaObject> read(
            Connection connection, String userSchema, Set<String> leftOut, Set<String> unknown) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        List<SchemaObject> objects = new ArrayList<>();
        try (var session = new PostgreSqlSession(connection);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        sql(version, userSchema, leftOut, Set.copyOf(Engine.queryForStrings(connection, IN_USE))))) {
            while (rows.next()) {
                String kind = rows.getString(1);
                if (kind.equals(RELATION_OPTION)) {
                    unknown.add(rows.getString(4));
                    continue;
                }
                if (kind.equals(COLUMN_OPTION)) {
                    ServerOptions.logLeftOut(connection, "column option " + rows.getString(4));
                    continue;
                }
                String definition = rows.getString(5) == null ? "" : rows.getString(5);
                if (kind.equals(SchemaObject.INDEX)) {
                    definition = ServerOptions.without(leftOut, definition);
                }
                objects.add(new SchemaObject(
                        kind,
                        name(kind, rows.getString(2), rows.getString(3), rows.getString(4)),
                        isText(kind, definition) ? definition : ReparsedExpression.of(definition)));
            }
        }
        return objects;
    }

    private static String sql(int version, String userSchema, Set<String> leftOut, Set<String> inUse) {
        String lookUps = LOOK_UPS.stream()
                .filter(lookUp -> lookUp.catalog().isEmpty() || inUse.contains(lookUp.catalog()))
                .map(LookUp::sql)
                .collect(joining("UNION ALL\n"));
        return withOptions(HEAD + lookUps, leftOut)
                .replace("%USER_SCHEMA%", userSchema)
                .replace("%COMPRESSION%", version < 14 ? "" : "'COMPRESSION ' || nullif(attcompression::text, ''),")
                .replace("%MULTIRANGE%", version < 14 ? "" : ", 'MULTIRANGE', rngmultitypid::regtype")
                .replace("%PUBLISHED%", version < 15 ? "prrelid::regclass::text" : """
                    concat(prrelid::regclass, (SELECT ' (' || string_agg(quote_ident(attname), ', ' ORDER BY attnum) || ')'
                      FROM pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs)),
                      ' WHERE ' || pg_get_expr(prqual, prrelid))\
                    """)
                .replace("%PUBLISHED_SCHEMAS%", version < 15 ? "" : """
                    (SELECT 'FOR TABLES IN SCHEMA ' || string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname)
                      FROM pg_publication_namespace JOIN pg_namespace n ON n.oid = pnnspid WHERE pnpubid = p.oid),
                    """)
                .replace(
                        "%PUBLISHED_GENERATED%",
                        version < 18 ? "" : ", CASE pubgencols WHEN 's' THEN 'GENERATED COLUMNS STORED' END")
                .replace("%NOT_NULL_OPTIONS%", version < 18 ? "" : """
                    (SELECT concat_ws(' ', CASE WHEN connoinherit THEN 'NO INHERIT' END,
                        CASE WHEN NOT convalidated THEN 'NOT VALID' END)
                      FROM pg_constraint WHERE conrelid = attrelid AND contype = 'n' AND conkey = ARRAY[attnum]
                        AND (connoinherit OR NOT convalidated)),
                    """);
    }

    /** Fills in what is read of the options of columns and relations. */
    private static String withOptions(String sql, Set<String> leftOut) {
        String columns = leftOut.isEmpty()
                ? "${column}"
                : "(SELECT array_agg(o) FROM unnest(${column}) AS o WHERE split_part(o, '=', 1) NOT IN ("
                        + Matcher.quoteReplacement(literals(leftOut)) + "))";
        return OPTIONS.matcher(sql)
                .replaceAll(columns)
                .replace("%COLUMN_OPTIONS%", literals(COLUMN_OPTIONS))
                .replace("%RELATION_OPTIONS%", literals(RELATION_OPTIONS))
                .replace("%COLUMN_OPTION%", COLUMN_OPTION)
                .replace("%RELATION_OPTION%", RELATION_OPTION);
    }

    private static String literals(Collection<String> names) {
        return names.stream().map(Engine.POSTGRESQL::literal).collect(joining(", "));
    }

    static List<SchemaObject> readGrants(Connection connection, String userSchema) throws SQLException {
        List<SchemaObject> grants = new ArrayList<>();
        try (var session = new PostgreSqlSession(connection);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        withOptions(HEAD, Set.of()).replace("%USER_SCHEMA%", userSchema) + GRANTS)) {
            while (rows.next()) {
                String kind = rows.getString(1);
                String name = name(kind, rows.getString(2), rows.getString(3), rows.getString(4));
                grants.add(new SchemaObject(
                        SchemaObject.GRANT, kind + " " + name + " to " + rows.getString(5), rows.getString(6)));
            }
        }
        return grants;
    }

    private static String name(String kind, String schema, String table, String name) {
        if (kind.equals(SchemaObject.COMMENT)) {
            return name;
        }
        if (WITH_TYPES.contains(kind)) {
            String inPublic = name.replace("public.", "");
            return schema.isEmpty() || schema.equals("public") ? inPublic : schema + "." + inPublic;
        }
        return SchemaObject.name(schema, table, name);
    }

    /**
     * Tells whether the definition is the user's own text, which a dump leaves as it is. The body of a routine that was
     * parsed when it was created is none.
     */
    private static boolean isText(String kind, String definition) {
        return kind.equals(SchemaObject.COMMENT) || (kind.equals("routine") && definition.contains("\nAS $"));
    }
}
