package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes to PostgreSQL. */
record PostgreSqlWrites(Engine engine, String userSchema) implements WriteDialect {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String EXCLUSION_VIOLATION = "23P01";
    private static final String SEQUENCE_LIMIT_EXCEEDED = "2200H";

    /** A CHECK, and what a trigger raises of its own. */
    private static final Set<String> BROKEN_RULES = Set.of("23514", "P0001");

    private static final Pattern NAME = Pattern.compile("\"(?<name>[^\"]+)\"");

    private static final String TABLES = """
            c.relkind IN ('r', 'p') AND NOT c.relispartition AND %s
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')""";

    /** The columns that may be given a value; what a domain is made of stands for it. */
    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, attname, (attnotnull OR t.typnotnull) AND attidentity = '' AND d.oid IS NULL
                AND t.typdefault IS NULL,
              attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) ~* 'nextval\\(|uuid|random', b.typname, b.typtype,
              b.typcategory, format_type(atttypid, atttypmod),
              CASE WHEN b.typname IN ('varchar', 'bpchar') THEN CASE WHEN b.oid = t.oid THEN atttypmod ELSE t.typtypmod END - 4
                WHEN b.typname = 'bit' THEN CASE WHEN b.oid = t.oid THEN atttypmod ELSE t.typtypmod END END,
              (SELECT enumlabel FROM pg_enum WHERE enumtypid = b.oid ORDER BY enumsortorder LIMIT 1)
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_type t ON t.oid = atttypid
              JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
              LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
            WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' AND %s
            ORDER BY c.oid, attnum
            """;

    /** An index of expressions depends on the columns that these use. A partition's part has a name of its own. */
    private static final String UNIQUES = """
            SELECT n.nspname, c.relname, CASE i.relkind WHEN 'I' THEN ARRAY(SELECT l.relname::text
                FROM pg_partition_tree(i.oid) AS part JOIN pg_class l ON l.oid = part.relid)
                ELSE ARRAY[i.relname::text] END, array_agg(DISTINCT a.attname::text)
            FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_class i ON i.oid = x.indexrelid
              LEFT JOIN pg_depend p ON p.classid = 'pg_class'::regclass AND p.objid = i.oid AND p.refobjid = c.oid
                AND 0 = ANY (x.indkey::int2[])
              JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])
                OR a.attnum = p.refobjsubid)
            WHERE indisunique AND a.attnum > 0 AND %s
            GROUP BY 1, 2, i.oid, i.relkind, i.relname
            """;

    private static final String GENERATED = """
            SELECT n.nspname, c.relname, g.attname, a.attname
            FROM pg_attrdef d JOIN pg_class c ON c.oid = adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute g ON g.attrelid = adrelid AND g.attnum = adnum AND g.attgenerated <> ''
              JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
                AND p.refclassid = 'pg_class'::regclass AND p.refobjid = adrelid AND p.refobjsubid <> adnum
              JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = p.refobjsubid
            WHERE %s
            """;

    /** One that refers to a partitioned table has copies which refer to each partition. */
    private static final String REFERENCES = """
            SELECT n.nspname, c.relname, a.attname, pn.nspname, p.relname, pa.attname, conname
            FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_class p ON p.oid = confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
              CROSS JOIN LATERAL unnest(conkey, confkey) AS key (mine, its)
              JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = mine
              JOIN pg_attribute pa ON pa.attrelid = confrelid AND pa.attnum = its
            WHERE contype = 'f' AND conparentid = 0 AND %s
            ORDER BY k.oid, mine
            """;

    @Override
    public Collection<ProbedTable> tables(Connection connection) throws SQLException {
        String mine = TABLES.formatted(userSchema);
        Map<TableName, List<ProbedTable.Unique>> uniques = new HashMap<>();
        Map<TableName, Map<String, ProbedTable.Reference>> references = new HashMap<>();
        Map<TableName, ProbedTable> tables = new LinkedHashMap<>();
        Map<TableName, Map<String, Set<String>>> generated = new HashMap<>();
        try (var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(GENERATED.formatted(mine))) {
                while (rows.next()) {
                    generated
                            .computeIfAbsent(name(rows, 1), table -> new HashMap<>())
                            .computeIfAbsent(rows.getString(3), column -> new LinkedHashSet<>())
                            .add(rows.getString(4));
                }
            }
            try (ResultSet rows = statement.executeQuery(UNIQUES.formatted(mine))) {
                while (rows.next()) {
                    uniques.computeIfAbsent(name(rows, 1), table -> new ArrayList<>())
                            .add(ProbedTable.unique(
                                    strings(rows, 3),
                                    strings(rows, 4),
                                    generated.getOrDefault(name(rows, 1), Map.of())));
                }
            }
            try (ResultSet rows = statement.executeQuery(REFERENCES.formatted(mine))) {
                while (rows.next()) {
                    TableName parent = name(rows, 4);
                    references
                            .computeIfAbsent(name(rows, 1), table -> new LinkedHashMap<>())
                            .computeIfAbsent(rows.getString(7), key -> new ProbedTable.Reference(parent))
                            .columns()
                            .put(rows.getString(3), rows.getString(6));
                }
            }
            try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(mine))) {
                while (rows.next()) {
                    TableName table = name(rows, 1);
                    tables.computeIfAbsent(
                                    table,
                                    name -> new ProbedTable(
                                            name,
                                            uniques.getOrDefault(name, List.of()),
                                            references
                                                    .getOrDefault(name, Map.of())
                                                    .values()))
                            .columns()
                            .put(rows.getString(3), column(rows));
                }
            }
        }
        return tables.values();
    }

    private static Set<String> strings(ResultSet row, int column) throws SQLException {
        return new LinkedHashSet<>(Arrays.asList((String[]) row.getArray(column).getArray()));
    }

    private static TableName name(ResultSet row, int schema) throws SQLException {
        return new TableName(row.getString(schema), row.getString(schema + 1));
    }

    private ProbedTable.Column column(ResultSet row) throws SQLException {
        String type = row.getString(6);
        String declared = row.getString(9);
        int length = Math.max(0, row.getInt(10));
        String value = value(type, row.getString(7), row.getString(8), row.getString(11), length);
        return new ProbedTable.Column(
                row.getString(3),
                kind(type),
                row.getBoolean(4),
                row.getBoolean(5),
                declared,
                value == null ? null : "CAST(" + value + " AS " + declared + ")",
                length);
    }

    private static ProbedTable.Kind kind(String type) {
        return switch (type) {
            case "uuid" -> ProbedTable.Kind.UUID;
            case "text", "varchar", "bpchar", "name", "citext" -> ProbedTable.Kind.TEXT;
            case "int2", "int4", "int8", "numeric", "float4", "float8" -> ProbedTable.Kind.NUMBER;
            case "date", "timestamp", "timestamptz" -> ProbedTable.Kind.DATE;
            case "bytea" -> ProbedTable.Kind.BYTES;
            case "json", "jsonb" -> ProbedTable.Kind.JSON;
            default -> ProbedTable.Kind.OTHER;
        };
    }

    private @Nullable String value(String type, String sort, String category, @Nullable String label, int length) {
        if (label != null) {
            return engine.literal(label);
        }
        if (category.equals("A") || sort.equals("m")) {
            return "'{}'";
        }
        if (sort.equals("r")) {
            return "'empty'";
        }
        return switch (type) {
            case "int2", "int4", "int8", "oid", "numeric", "float4", "float8", "money" -> "'1'";
            case "text", "varchar", "bpchar", "name", "char", "citext", "ltree" -> "'a'";
            case "bool" -> "'true'";
            case "date", "timestamp", "timestamptz" -> "now()";
            case "time", "timetz" -> "'12:00'";
            case "interval" -> "'1 day'";
            case "uuid" -> "'00000000-0000-4000-8000-000000000000'";
            case "json", "jsonb" -> "'{}'";
            case "bytea", "tsvector", "tsquery", "hstore" -> "''";
            case "inet", "cidr" -> "'127.0.0.1'";
            case "macaddr" -> "'08:00:2b:01:02:03'";
            case "macaddr8" -> "'08:00:2b:01:02:03:04:05'";
            case "xml" -> "'<a/>'";
            case "bit" -> "'" + "0".repeat(Math.max(1, length)) + "'";
            case "varbit" -> "'0'";
            case "point" -> "'(0,0)'";
            case "line" -> "'{1,1,0}'";
            case "lseg", "box", "path" -> "'((0,0),(1,1))'";
            case "polygon" -> "'((0,0),(1,1),(1,0))'";
            case "circle" -> "'((0,0),1)'";
            case "pg_lsn" -> "'0/0'";
            default -> null;
        };
    }

    @Override
    public SortedMap<String, String> elsewhere(Connection connection) throws SQLException {
        SortedMap<String, String> tables = queries(connection, "c.relkind = 'f'", "table ", "%s", false);
        tables.replaceAll((table, query) -> "it is a foreign table");
        return tables;
    }

    @Override
    public SortedMap<String, String> sequences(Connection connection) throws SQLException {
        return queries(connection, "c.relkind = 'S'", "sequence ", "SELECT nextval(%s)", true);
    }

    @Override
    public SortedMap<String, String> views(Connection connection) throws SQLException {
        return queries(connection, "c.relkind IN ('v', 'm')", "view ", "SELECT * FROM %s LIMIT 1", false);
    }

    private SortedMap<String, String> queries(
            Connection connection, String kind, String word, String query, boolean asLiteral) throws SQLException {
        SortedMap<String, String> queries = new TreeMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE %s AND %s AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                          AND objid = c.oid AND deptype = 'e')""".formatted(kind, userSchema))) {
            while (rows.next()) {
                TableName name = name(rows, 1);
                String quoted = engine.quote(name);
                queries.put(word + name, query.formatted(asLiteral ? engine.literal(quoted) : quoted));
            }
        }
        return queries;
    }

    @Override
    public String greater(ProbedTable.Column column) {
        String name = engine.quote(column.name());
        return column.kind() == ProbedTable.Kind.DATE
                ? "(max(" + name + ") + interval '1 day')::text"
                : "(max(" + name + ")::numeric + 1)::text";
    }

    @Override
    public String text(ProbedTable.Column column) {
        String name = "r." + engine.quote(column.name());
        return column.kind() == ProbedTable.Kind.BYTES ? "encode(" + name + ", 'hex')" : name + "::text";
    }

    @Override
    public String asText(String value) {
        return "CAST(" + value + " AS text)";
    }

    @Override
    public String cast(ProbedTable.Column column, String text) {
        return "CAST(" + text + " AS " + column.type() + ")";
    }

    @Override
    public String defaults() {
        return " DEFAULT VALUES";
    }

    @Override
    public String bytes(String hexadecimal) {
        return "decode('" + hexadecimal + "', 'hex')";
    }

    @Override
    public String newestFirst(ProbedTable table) {
        return table.columns().values().stream()
                .filter(ProbedTable.Column::generated)
                .findFirst()
                .map(column -> " ORDER BY r." + engine.quote(column.name()) + " DESC")
                .orElse(" ORDER BY r.ctid DESC");
    }

    @Override
    public boolean isTaken(SQLException refusal) {
        return UNIQUE_VIOLATION.equals(refusal.getSQLState()) || EXCLUSION_VIOLATION.equals(refusal.getSQLState());
    }

    @Override
    public @Nullable String index(SQLException refusal) {
        Matcher name = NAME.matcher(String.valueOf(refusal.getMessage()));
        return name.find() ? name.group("name") : null;
    }

    @Override
    public boolean isAtEnd(SQLException refusal) {
        return SEQUENCE_LIMIT_EXCEEDED.equals(refusal.getSQLState());
    }

    @Override
    public boolean isRightOfAnother(Connection connection, SQLException refusal) throws SQLException {
        return INSUFFICIENT_PRIVILEGE.equals(refusal.getSQLState())
                && Engine.queryForStrings(connection, "SELECT current_setting('is_superuser')")
                        .contains("on");
    }

    @Override
    public boolean isCheck(SQLException refusal) {
        return refusal.getSQLState() != null && BROKEN_RULES.contains(refusal.getSQLState());
    }
}
