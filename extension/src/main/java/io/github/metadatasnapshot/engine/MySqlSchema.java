package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the objects of a database of MySQL or MariaDB.
 *
 * <p>From information_schema, because {@code SHOW CREATE} says more of some objects after a dump and restore than before,
 * such as {@code CHARACTER SET … COLLATE …} of a column. Left out: definers; AUTO_INCREMENT counters; the session settings
 * (sql_mode, character sets) that were in force when a view or routine was created; and the times of events, which are
 * those of their creation where the script does not name them.
 */
final class MySqlSchema {

    private static final Pattern PARSER = Pattern.compile("KEY `((?:[^`]|``)+)` .*WITH PARSER `([^`]+)`");
    private static final Version FIRST_WITH_PERIODS = Version.of("11.4");
    private static final Pattern ALGORITHM = Pattern.compile("^CREATE (ALGORITHM=\\w+)");

    private final Engine engine;
    private final Connection connection;
    private final boolean mariaDb;
    /** Whether information_schema tells of the periods of a table, which only MariaDB has. */
    private final boolean periods;

    private final String database;
    private final List<SchemaObject> objects = new ArrayList<>();
    private final Set<String> tables = new HashSet<>();

    private MySqlSchema(Engine engine, Connection connection) throws SQLException {
        this.engine = engine;
        this.connection = connection;
        this.mariaDb = engine instanceof MariaDbEngine;
        this.periods = mariaDb && Version.of(engine.serverVersion(connection)).compareTo(FIRST_WITH_PERIODS) >= 0;
        this.database = Engine.queryForStrings(connection, "SELECT DATABASE()").get(0);
    }

    static List<SchemaObject> read(Engine engine, Connection connection) throws SQLException {
        try (var session = new MySqlSession(connection)) {
            MySqlSchema schema = new MySqlSchema(engine, connection);
            schema.readTables();
            schema.readColumns();
            schema.readPeriods();
            schema.readIndexes();
            schema.readForeignKeys();
            schema.readChecks();
            schema.readPartitions();
            schema.readViews();
            schema.readTriggers();
            schema.readRoutines();
            schema.readEvents();
            return schema.objects;
        }
    }

    static List<SchemaObject> readGrants(Engine engine, Connection connection) throws SQLException {
        try (var session = new MySqlSession(connection)) {
            MySqlSchema schema = new MySqlSchema(engine, connection);
            schema.readGrants();
            return schema.objects;
        }
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, RowReader reader) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    private void add(String kind, String name, @Nullable String... words) {
        objects.add(new SchemaObject(kind, name, words(words)));
    }

    private void addComment(String object, @Nullable String comment) {
        if (comment != null && !comment.isEmpty()) {
            add(SchemaObject.COMMENT, object, comment);
        }
    }

    private static String words(@Nullable String... words) {
        return Arrays.stream(words)
                .filter(word -> word != null && !word.isEmpty())
                .collect(joining(" "));
    }

    /** {@return the value with a word before it, nothing where there is none} */
    private static String labelled(String label, @Nullable String value) {
        return value == null || value.isEmpty() ? "" : label + " " + value;
    }

    private static String name(String... parts) {
        return SchemaObject.name("", parts);
    }

    private void readTables() throws SQLException {
        List<String> sequences = new ArrayList<>();
        query("""
                SELECT table_name, table_type, engine, table_collation, create_options, table_comment
                FROM information_schema.tables WHERE table_schema = DATABASE()
                """, row -> {
            String table = row.getString(1);
            String type = row.getString(2);
            if (type.equals("SEQUENCE")) {
                sequences.add(table);
            } else if (type.equals("BASE TABLE") || type.equals("SYSTEM VERSIONED")) {
                tables.add(table);
                add(
                        SchemaObject.TABLE,
                        name(table),
                        "TABLE",
                        labelled("ENGINE", row.getString(3)),
                        labelled("COLLATE", row.getString(4)),
                        type.equals("BASE TABLE") ? "" : "WITH SYSTEM VERSIONING",
                        options(row.getString(5)));
                addComment("table " + name(table), row.getString(6));
            }
        });
        for (String sequence : sequences) {
            query(
                    "SHOW CREATE SEQUENCE " + engine.quote(sequence),
                    row -> add(
                            SchemaObject.SEQUENCE,
                            name(sequence),
                            row.getString(2).replaceFirst("^CREATE SEQUENCE `.*?` ", "")));
        }
    }

    // Without what the server adds by itself: that the table is partitioned, which its partitions say; and Aria's
    // default, which is there only after an ALTER or a restore.
    private static String options(@Nullable String options) {
        return options == null
                ? ""
                : options.replace("partitioned", "")
                        .replace("page_checksum=1", "")
                        .replaceAll(" +", " ")
                        .strip();
    }

    private void readColumns() throws SQLException {
        Map<String, Map<Integer, String>> order = new TreeMap<>();
        Map<String, String> checks = columnChecks();
        query("""
                SELECT table_name, column_name, column_type, collation_name, is_nullable, column_default, extra,
                  generation_expression, column_comment, ordinal_position, %s
                FROM information_schema.columns WHERE table_schema = DATABASE()
                """.formatted(mariaDb ? "NULL" : "srs_id"), row -> {
            String table = row.getString(1);
            if (!tables.contains(table)) {
                return;
            }
            String column = row.getString(2);
            String extra = row.getString(7).replace("DEFAULT_GENERATED", "").strip();
            String value = row.getString(6);
            // MySQL tells an expression from a text by a flag; MariaDB by the quotes around the text.
            boolean text = !mariaDb
                    && value != null
                    && extra.length() == row.getString(7).length();
            add(
                    SchemaObject.COLUMN,
                    name(table, column),
                    row.getString(3),
                    labelled("COLLATE", row.getString(4)),
                    row.getString(5).equals("NO") ? "NOT NULL" : "",
                    value == null ? "" : "DEFAULT " + (text ? engine.literal(value) : value),
                    row.getString(8) == null || row.getString(8).isEmpty()
                            ? ""
                            : "GENERATED ALWAYS AS (" + row.getString(8) + ")",
                    extra,
                    labelled("SRID", row.getString(11)),
                    checks.get(name(table, column)));
            addComment("column " + name(table, column), row.getString(9));
            order.computeIfAbsent(table, t -> new TreeMap<>()).put(row.getInt(10), engine.quote(column));
        });
        order.forEach(
                (table, columns) -> add(SchemaObject.COLUMN_ORDER, name(table), String.join(", ", columns.values())));
    }

    private void readPeriods() throws SQLException {
        if (periods) {
            query(
                    """
                    SELECT table_name, period, start_column_name, end_column_name FROM information_schema.periods
                    WHERE table_schema = DATABASE()
                    """,
                    row -> add(
                            "period",
                            name(row.getString(1), row.getString(2)),
                            "FROM " + engine.quote(row.getString(3)) + " TO " + engine.quote(row.getString(4))));
        }
    }

    private void readIndexes() throws SQLException {
        record Index(String table, String name) {}
        Map<Index, List<String>> columns = new LinkedHashMap<>();
        Map<Index, String> heads = new LinkedHashMap<>();
        Map<Index, String> tails = new LinkedHashMap<>();
        Set<String> fullText = new HashSet<>();
        query(
                """
                SELECT table_name, index_name, non_unique, column_name, collation, sub_part, index_type, index_comment, %s
                FROM information_schema.statistics WHERE table_schema = DATABASE()
                ORDER BY table_name, index_name, seq_in_index
                """.formatted(
                                mariaDb
                                        ? "NULL, IF(ignored = 'YES', 'IGNORED', '')"
                                        : "expression, IF(is_visible = 'NO', 'INVISIBLE', '')"),
                row -> {
                    Index index = new Index(row.getString(1), row.getString(2));
                    if (!tables.contains(index.table())) {
                        return;
                    }
                    String type = row.getString(7);
                    if (type.equals("FULLTEXT")) {
                        fullText.add(index.table());
                    }
                    heads.put(
                            index,
                            index.name().equals("PRIMARY")
                                    ? "PRIMARY KEY"
                                    : type.equals("FULLTEXT") || type.equals("SPATIAL")
                                            ? type + " INDEX"
                                            : row.getInt(3) == 0 ? "UNIQUE INDEX" : "INDEX");
                    String key =
                            row.getString(9) == null ? engine.quote(row.getString(4)) : "(" + row.getString(9) + ")";
                    columns.computeIfAbsent(index, i -> new ArrayList<>())
                            .add(key
                                    + (row.getString(6) == null ? "" : "(" + row.getString(6) + ")")
                                    + ("D".equals(row.getString(5)) ? " DESC" : ""));
                    tails.put(index, words("USING", type, row.getString(10)));
                    if (row.getString(8) != null && !row.getString(8).isEmpty()) {
                        tails.merge(index, "COMMENT " + engine.literal(row.getString(8)), (a, b) -> a + " " + b);
                    }
                });
        if (periods) {
            query(
                    """
                    SELECT table_name, constraint_name, period_name FROM information_schema.key_period_usage
                    WHERE table_schema = DATABASE()
                    """,
                    row -> tails.merge(
                            new Index(row.getString(1), row.getString(2)),
                            engine.quote(row.getString(3)) + " WITHOUT OVERLAPS",
                            (a, b) -> a + " " + b));
        }
        // Nothing but SHOW CREATE tells which parser a full-text index has.
        for (String table : fullText) {
            query("SHOW CREATE TABLE " + engine.quote(table), row -> {
                Matcher parser = PARSER.matcher(row.getString(2));
                while (parser.find()) {
                    Index index = new Index(table, parser.group(1).replace("``", "`"));
                    tails.merge(index, "WITH PARSER " + parser.group(2), (a, b) -> a + " " + b);
                }
            });
        }
        heads.forEach((index, head) -> add(
                SchemaObject.INDEX,
                name(index.table(), index.name()),
                head,
                "(" + String.join(", ", columns.getOrDefault(index, List.of())) + ")",
                tails.get(index)));
    }

    private void readForeignKeys() throws SQLException {
        record ForeignKey(String table, String name) {}
        Map<ForeignKey, List<String>> columns = new LinkedHashMap<>();
        Map<ForeignKey, List<String>> referenced = new LinkedHashMap<>();
        Map<ForeignKey, String> heads = new LinkedHashMap<>();
        Map<ForeignKey, String> tails = new LinkedHashMap<>();
        query("""
                SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_column_name,
                  NULLIF(k.referenced_table_schema, DATABASE()), k.referenced_table_name, r.match_option, r.update_rule,
                  r.delete_rule
                FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
                  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
                  AND r.table_name = k.table_name
                WHERE k.table_schema = DATABASE() AND k.constraint_schema = DATABASE()
                  AND k.referenced_table_name IS NOT NULL
                ORDER BY k.table_name, k.constraint_name, k.ordinal_position
                """, row -> {
            ForeignKey key = new ForeignKey(row.getString(1), row.getString(2));
            columns.computeIfAbsent(key, k -> new ArrayList<>()).add(engine.quote(row.getString(3)));
            referenced.computeIfAbsent(key, k -> new ArrayList<>()).add(engine.quote(row.getString(4)));
            String schema = row.getString(5);
            heads.put(key, (schema == null ? "" : engine.quote(schema) + ".") + engine.quote(row.getString(6)));
            tails.put(
                    key,
                    words(
                            row.getString(7).equals("NONE") ? "" : "MATCH " + row.getString(7),
                            "ON UPDATE " + row.getString(8),
                            "ON DELETE " + row.getString(9)));
        });
        heads.forEach((key, target) -> add(
                SchemaObject.FOREIGN_KEY,
                name(key.table(), key.name()),
                "(" + String.join(", ", columns.getOrDefault(key, List.of())) + ") REFERENCES",
                target,
                "(" + String.join(", ", referenced.getOrDefault(key, List.of())) + ")",
                tails.get(key)));
    }

    private void readChecks() throws SQLException {
        if (mariaDb) {
            query(
                    """
                    SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints
                    WHERE constraint_schema = DATABASE() AND level = 'Table'
                    """,
                    row -> add(
                            SchemaObject.CONSTRAINT,
                            name(row.getString(1), row.getString(2)),
                            "CHECK (" + row.getString(3) + ")"));
            return;
        }
        // Joined here: MySQL takes the square of the number of checks to do it.
        Map<String, String> clauses = new HashMap<>();
        query(
                "SELECT constraint_name, check_clause FROM information_schema.check_constraints"
                        + " WHERE constraint_schema = DATABASE()",
                row -> clauses.put(row.getString(1), row.getString(2)));
        query(
                """
                SELECT table_name, constraint_name, enforced FROM information_schema.table_constraints
                WHERE constraint_schema = DATABASE() AND constraint_type = 'CHECK'
                """,
                row -> add(
                        SchemaObject.CONSTRAINT,
                        name(row.getString(1), row.getString(2)),
                        "CHECK (" + clauses.get(row.getString(2)) + ")",
                        row.getString(3).equals("YES") ? "" : "NOT ENFORCED"));
    }

    /** {@return by name, what MariaDB checks a column by, which may have the name of another check} */
    private Map<String, String> columnChecks() throws SQLException {
        Map<String, String> checks = new HashMap<>();
        if (mariaDb) {
            query("""
                    SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints
                    WHERE constraint_schema = DATABASE() AND level = 'Column'
                    """, row -> checks.put(name(row.getString(1), row.getString(2)), "CHECK (" + row.getString(3) + ")"));
        }
        return checks;
    }

    private void readPartitions() throws SQLException {
        query("""
                SELECT table_name, partition_name, partition_ordinal_position, partition_method, partition_expression,
                  IF(partition_method = 'SYSTEM_TIME', NULL, partition_description), subpartition_name, subpartition_method, subpartition_expression, partition_comment
                FROM information_schema.partitions WHERE table_schema = DATABASE() AND partition_name IS NOT NULL
                """, row -> {
            String partition = row.getString(2);
            String sub = row.getString(7);
            add(
                    "partition",
                    sub == null ? name(row.getString(1), partition) : name(row.getString(1), partition, sub),
                    "NUMBER " + row.getString(3),
                    "BY " + row.getString(4) + " (" + row.getString(5) + ")",
                    labelled("VALUES", row.getString(6)),
                    sub == null ? "" : "SUBPARTITION BY " + row.getString(8) + " (" + row.getString(9) + ")",
                    labelled("COMMENT", row.getString(10)));
        });
    }

    private void readViews() throws SQLException {
        Map<String, String> definitions = new TreeMap<>();
        Map<String, String> heads = new TreeMap<>();
        query("""
                SELECT table_name, view_definition, check_option, security_type, %s
                FROM information_schema.views WHERE table_schema = DATABASE()
                """.formatted(mariaDb ? "CONCAT('ALGORITHM=', algorithm)" : "''"), row -> {
            String view = row.getString(1);
            heads.put(view, words(row.getString(5), "SQL SECURITY", row.getString(4)));
            definitions.put(
                    view,
                    words(
                            "AS",
                            StoredSql.withoutQualifier(row.getString(2), engine.quote(database) + "."),
                            row.getString(3).equals("NONE") ? "" : "WITH " + row.getString(3) + " CHECK OPTION"));
        });
        for (String view : definitions.keySet()) {
            String[] algorithm = {""};
            if (!mariaDb) {
                query("SHOW CREATE VIEW " + engine.quote(view), row -> {
                    Matcher matcher = ALGORITHM.matcher(row.getString(2));
                    algorithm[0] = matcher.find() ? matcher.group(1) : "";
                });
            }
            add("view", name(view), algorithm[0], heads.get(view), definitions.get(view));
        }
    }

    private void readTriggers() throws SQLException {
        query(
                """
                SELECT event_object_table, trigger_name, action_timing, event_manipulation, action_order, action_statement
                FROM information_schema.triggers WHERE trigger_schema = DATABASE()
                """,
                row -> add(
                        "trigger",
                        name(row.getString(1), row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        "ORDER " + row.getString(5),
                        "FOR EACH ROW " + StoredSql.withoutComments(row.getString(6))));
    }

    private void readRoutines() throws SQLException {
        record Routine(String name, String type) {}
        Map<Routine, String> heads = new LinkedHashMap<>();
        Map<Routine, String> tails = new LinkedHashMap<>();
        query("""
                SELECT specific_name, routine_type, routine_body, is_deterministic, sql_data_access, security_type,
                  routine_definition, routine_comment, external_language
                FROM information_schema.routines WHERE routine_schema = DATABASE()
                """, row -> {
            Routine routine = new Routine(row.getString(1), row.getString(2));
            heads.put(routine, routine.type());
            tails.put(
                    routine,
                    words(
                            row.getString(3).equals("SQL") ? "" : labelled("LANGUAGE", row.getString(9)),
                            row.getString(4).equals("YES") ? "DETERMINISTIC" : "",
                            row.getString(5),
                            "SQL SECURITY " + row.getString(6),
                            StoredSql.withoutComments(row.getString(7))));
            addComment(routine.type().toLowerCase(Locale.ROOT) + " " + name(routine.name()), row.getString(8));
        });
        if (heads.isEmpty()) {
            return;
        }
        Map<Routine, List<String>> parameters = new LinkedHashMap<>();
        Map<Routine, String> results = new LinkedHashMap<>();
        query("""
                SELECT specific_name, routine_type, ordinal_position, parameter_mode, parameter_name, dtd_identifier,
                  collation_name
                FROM information_schema.parameters WHERE specific_schema = DATABASE()
                ORDER BY specific_name, routine_type, ordinal_position
                """, row -> {
            Routine routine = new Routine(row.getString(1), row.getString(2));
            String type = words(row.getString(6), labelled("COLLATE", row.getString(7)));
            if (row.getInt(3) == 0) {
                results.put(routine, "RETURNS " + type);
            } else {
                parameters
                        .computeIfAbsent(routine, r -> new ArrayList<>())
                        .add(words(row.getString(4), engine.quote(row.getString(5)), type));
            }
        });
        heads.forEach((routine, head) -> add(
                "routine",
                name(routine.name()) + (routine.type().equals("FUNCTION") ? "()" : " " + routine.type()),
                head,
                "(" + String.join(", ", parameters.getOrDefault(routine, List.of())) + ")",
                results.get(routine),
                tails.get(routine)));
    }

    private void readGrants() throws SQLException {
        Map<String, List<String>> grants = new TreeMap<>();
        // The name of the database is a pattern where the whole of it is granted.
        query("""
                SELECT 'database', '', '', grantee, privilege_type, is_grantable FROM information_schema.schema_privileges
                WHERE DATABASE() LIKE table_schema
                UNION
                SELECT 'table', table_name, '', grantee, privilege_type, is_grantable
                FROM information_schema.table_privileges WHERE table_schema = DATABASE()
                UNION
                SELECT 'column', table_name, column_name, grantee, privilege_type, is_grantable
                FROM information_schema.column_privileges WHERE table_schema = DATABASE()
                ORDER BY 5
                """, row -> {
            String target = words(row.getString(1), name(row.getString(2), row.getString(3)), "to", row.getString(4));
            grants.computeIfAbsent(target, t -> new ArrayList<>())
                    .add(row.getString(5) + (row.getString(6).equals("YES") ? " WITH GRANT OPTION" : ""));
        });
        grants.forEach((target, privileges) -> add(SchemaObject.GRANT, target, String.join(", ", privileges)));
    }

    private void readEvents() throws SQLException {
        query("""
                SELECT event_name, event_type, interval_value, interval_field, status, on_completion, event_definition,
                  event_comment
                FROM information_schema.events WHERE event_schema = DATABASE()
                """, row -> {
            add(
                    "event",
                    name(row.getString(1)),
                    row.getString(2),
                    row.getString(3) == null ? "" : "EVERY " + row.getString(3) + " " + row.getString(4),
                    row.getString(5),
                    "ON COMPLETION " + row.getString(6),
                    "DO " + StoredSql.withoutComments(row.getString(7)));
            addComment("event " + name(row.getString(1)), row.getString(8));
        });
    }
}
