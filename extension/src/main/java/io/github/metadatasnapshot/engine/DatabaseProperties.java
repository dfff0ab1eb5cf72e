package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a database of PostgreSQL has as a whole, and no dump of it holds. */
final class DatabaseProperties {

    private final Engine engine;
    private final Connection connection;
    private final String database;

    /**
     * Creates a reader.
     *
     * @param connection a connection to any database of the server
     * @param database the database that is read
     */
    DatabaseProperties(Engine engine, Connection connection, String database) {
        this.engine = engine;
        this.connection = connection;
        this.database = database;
    }

    /** {@return the statements that create a database like it} */
    List<String> creation(String name) throws SQLException {
        List<String> statements = new ArrayList<>(database(name));
        statements.addAll(settings(name));
        statements.addAll(privileges(name));
        statements.addAll(comment(name));
        return statements;
    }

    /** Says locales where they are not those of the template that databases are made from. */
    private List<String> database(String name) throws SQLException {
        return Engine.queryForStrings(connection, """
            SELECT format('CREATE DATABASE %%I OWNER %%I CONNECTION LIMIT %%s', %s, pg_get_userbyid(d.datdba), d.datconnlimit)
              || CASE WHEN d.dattablespace = t.dattablespace THEN ''
                ELSE (SELECT format(' TABLESPACE %%I', spcname) FROM pg_tablespace WHERE oid = d.dattablespace) END
              || CASE WHEN (d.encoding, d.datcollate, d.datctype, l.provider, l.locale, l.rules)
                  IS NOT DISTINCT FROM (t.encoding, t.datcollate, t.datctype, m.provider, m.locale, m.rules) THEN ''
                ELSE format(' TEMPLATE template0 ENCODING %%L LC_COLLATE %%L LC_CTYPE %%L',
                    pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
                  || CASE l.provider
                    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %%L', l.locale)
                      || CASE WHEN l.rules IS NULL THEN '' ELSE format(' ICU_RULES %%L', l.rules) END
                    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %%L', l.locale)
                    WHEN 'c' THEN ' LOCALE_PROVIDER libc'
                    ELSE '' END END
            FROM pg_database d JOIN pg_database t ON t.datname = 'template1', %s, %s
            WHERE d.datname = %s
            """.formatted(
                        engine.literal(name), locale("l", "d"), locale("m", "t"), engine.literal(database)));
    }

    /** Before PostgreSQL 15 a database has no provider, and before 17 the column has another name. */
    private static String locale(String alias, String row) {
        return """
            LATERAL (SELECT to_jsonb(%2$s) ->> 'datlocprovider' AS provider, to_jsonb(%2$s) ->> 'daticurules' AS rules,
              COALESCE(to_jsonb(%2$s) ->> 'datlocale', to_jsonb(%2$s) ->> 'daticulocale') AS locale) AS %1$s\
            """.formatted(alias, row);
    }

    /** {@return the statements that give another database its settings, those for one role as well} */
    List<String> settings(String name) throws SQLException {
        // The value of a setting that is a list of names is stored as SQL.
        return Engine.queryForStrings(connection, """
            SELECT format('ALTER %%s SET %%I TO %%s',
              CASE WHEN setrole = 0 THEN format('DATABASE %%I', %1$s)
                ELSE format('ROLE %%I IN DATABASE %%I', pg_get_userbyid(setrole), %1$s) END,
              name,
              CASE WHEN value = '""' THEN $$''$$
                WHEN name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
                  THEN value
                ELSE quote_literal(value) END)
            FROM pg_db_role_setting r JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) AS setting,
              substr(setting, 1, strpos(setting, '=') - 1) AS name,
              substr(setting, strpos(setting, '=') + 1) AS value
            WHERE datname = %2$s
            """.formatted(engine.literal(name), engine.literal(database)));
    }

    private List<String> privileges(String name) throws SQLException {
        List<String> statements = new ArrayList<>(
                Engine.queryForStrings(connection, """
            SELECT format('REVOKE ALL ON DATABASE %%I FROM PUBLIC, %%I', %s, pg_get_userbyid(datdba))
            FROM pg_database WHERE datacl IS NOT NULL AND datname = %s
            """.formatted(engine.literal(name), engine.literal(database))));
        statements.addAll(
                Engine.queryForStrings(connection, """
            SELECT format('GRANT %%s ON DATABASE %%I TO %%s', privilege_type, %s,
              CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
              || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS statement
            FROM pg_database, aclexplode(datacl) WHERE datname = %s
            ORDER BY statement
            """.formatted(engine.literal(name), engine.literal(database))));
        return statements;
    }

    private List<String> comment(String name) throws SQLException {
        return Engine.queryForStrings(connection, """
            SELECT format('COMMENT ON DATABASE %%I IS %%L', %s, comment)
            FROM pg_database, shobj_description(oid, 'pg_database') AS comment
            WHERE comment IS NOT NULL AND datname = %s
            """.formatted(engine.literal(name), engine.literal(database)));
    }
}
