package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Copies large tables of InnoDB as files, which takes a fraction of the time that their rows take. */
final class MySqlTablespaces {

    /** From which size on the file is faster than the rows. */
    private static final int LEAST_BYTES = 8 << 20;

    /** The statements are one argument of a command, which takes 128 KB. */
    private static final int MOST_TABLES = 100;

    /**
     * Runs the client {@code $4…} with the script that it is given, and then with the statements {@code $3}, in the server's
     * directory {@code $1}. Of the database {@code $2} that it drops, the server leaves the files that it has not imported.
     */
    private static final String SCRIPT = """
            cd "$1" && "${@:4}" || exit
            if "${@:4}" %s <<< "$3"; then
              rm -f "$2"/*.cfg
            else
              "${@:4}" -e "DROP DATABASE $2"
              rm -rf "$2"
              exit 1
            fi
            """;

    private MySqlTablespaces() {}

    /**
     * Lists the tables of which a copy can be made by their files. Indexes other than trees, partitions, encryption,
     * compression and files elsewhere are left out. So are columns that information_schema does not know, as a FULLTEXT
     * index leaves one behind, with which an import fails: {@code n_cols} counts three of InnoDB's own.
     */
    static List<String> read(MySqlEngine engine, Connection admin, String database) throws SQLException {
        if (Version.of(engine.serverVersion(admin)).compareTo(engine.firstWithTablespaces()) < 0) {
            return List.of();
        }
        return Engine.queryForStrings(admin, """
                SELECT t.table_name
                FROM information_schema.tables t
                  JOIN information_schema.%1$sTABLES i
                    ON CAST(i.name AS BINARY) = CAST(CONCAT(t.table_schema, '/', t.table_name) AS BINARY)
                  JOIN information_schema.%1$sTABLESPACES s ON s.space = i.space AND s.name = i.name
                WHERE t.table_schema = %2$s AND t.table_type = 'BASE TABLE' AND t.engine = 'InnoDB'
                  AND COALESCE(t.create_options, '') IN ('', 'row_format=DYNAMIC', 'row_format=COMPACT')
                  AND i.flag IN (1, 33) AND i.name REGEXP '^[A-Za-z0-9_]+/[A-Za-z0-9_]+$' AND %3$s
                  AND s.file_size >= %4$d
                  AND NOT EXISTS (SELECT 1 FROM information_schema.statistics x
                    WHERE x.table_schema = t.table_schema AND x.table_name = t.table_name
                      AND x.index_type <> 'BTREE')
                  AND i.n_cols - 3 = (SELECT COUNT(*) FROM information_schema.columns c
                    WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name
                      AND c.extra NOT LIKE '%%VIRTUAL GENERATED%%')
                ORDER BY s.file_size DESC LIMIT %5$d
                """.formatted(
                        engine.innodb(), engine.literal(database), engine.isImportable(), LEAST_BYTES, MOST_TABLES));
    }

    /**
     * Returns a script that does the same as another, and copies the files of tables that are there then.
     *
     * @param lockSeconds how long it waits for who writes to the tables, and for other copies of them
     */
    static ClientScript copy(
            MySqlEngine engine,
            Connection admin,
            ClientScript schema,
            String from,
            String to,
            List<String> tables,
            int lockSeconds)
            throws SQLException {
        StringBuilder imports = new StringBuilder("SET foreign_key_checks = 0;\n");
        tables.forEach(table -> imports.append("ALTER TABLE %s DISCARD TABLESPACE;\n".formatted(engine.quote(table))));
        imports.append(tables.stream()
                .map(table -> engine.quote(from) + "." + engine.quote(table))
                .collect(joining(
                        ", ", "SET lock_wait_timeout = " + lockSeconds + ";\nFLUSH TABLES ", " FOR EXPORT;\n")));
        tables.forEach(table -> imports.append(
                "\\! cp -p %1$s/%3$s.ibd %1$s/%3$s.cfg %2$s || rm -f %2$s/%3$s.ibd\n".formatted(from, to, table)));
        imports.append("UNLOCK TABLES;\n");
        tables.forEach(table -> imports.append("ALTER TABLE %s IMPORT TABLESPACE;\n".formatted(engine.quote(table))));
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                SCRIPT.formatted(engine.systemCommandOption()),
                "copy",
                Engine.queryForStrings(admin, "SELECT @@datadir").get(0),
                to,
                imports.toString()));
        command.addAll(schema.command());
        return new ClientScript(command, schema.input());
    }
}
