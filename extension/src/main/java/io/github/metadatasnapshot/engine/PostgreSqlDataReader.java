package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Reads the rows of PostgreSQL's tables. */
final class PostgreSqlDataReader extends DataReader {

    private static final int FETCH_SIZE = 5_000;
    private static final int FIRST_WITH_INPUT_VALIDITY = 16;

    private static final Set<String> TIMES = Set.of("date", "timestamp", "timestamptz");
    private static final Set<String> FLOATS = Set.of("float4", "float8");
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "bool");
    private static final Set<String> JSON = Set.of("json", "jsonb", "text", "varchar");
    private static final Set<String> UUID_TEXTS = Set.of("uuid", "text", "varchar", "bpchar");
    private static final Set<String> LONG = Set.of("bytea", "text", "varchar");

    private final String userSchema;
    private final PostgreSqlSession session;
    private final boolean canAskForValidity;

    PostgreSqlDataReader(Engine engine, Connection connection, String userSchema) throws SQLException {
        super(engine, connection);
        this.userSchema = userSchema;
        this.session = new PostgreSqlSession(connection);
        this.canAskForValidity = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_INPUT_VALIDITY;
    }

    @Override
    String tablesSql() {
        return """
                SELECT n.nspname, c.relname, c.relkind = 'p' FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE c.relkind IN ('r', 'p') AND NOT relispartition AND %s
                  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
                """.formatted(userSchema);
    }

    @Override
    String columnsSql() {
        return """
                WITH RECURSIVE base AS (
                  SELECT oid AS type, oid, typname, typtype, typbasetype FROM pg_type
                  UNION ALL
                  SELECT base.type, t.oid, t.typname, t.typtype, t.typbasetype FROM base
                  JOIN pg_type t ON t.oid = base.typbasetype WHERE base.typtype = 'd')
                SELECT n.nspname, c.relname, attname, base.typname, atttypmod, '', attgenerated <> ''
                FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
                JOIN base ON base.type = atttypid AND base.typtype <> 'd'
                WHERE c.relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND %s
                ORDER BY attnum
                """.formatted(userSchema);
    }

    @Override
    String keysSql() {
        return """
                SELECT n.nspname, c.relname, i.relname, attname, indisprimary
                FROM pg_index JOIN pg_class i ON i.oid = indexrelid
                JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN unnest(indkey::int2[]) WITH ORDINALITY AS k (attnum, rank)
                JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.attnum
                WHERE indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL AND rank <= indnkeyatts AND %s
                ORDER BY c.oid, indisprimary DESC, i.relname, rank
                """.formatted(userSchema);
    }

    @Override
    public String folded(String label) {
        return label;
    }

    @Override
    String source(TableName table, boolean partitioned) {
        return (partitioned ? "" : "ONLY ") + engine.quote(table);
    }

    @Override
    String value(DataColumn column, DataColumn other) {
        String value = engine.quote(column.name());
        if (!column.labels().isEmpty()) {
            return relabelled(column, value);
        }
        if (!column.hasTypeOf(other)) {
            Set<String> types = Set.copyOf(List.of(column.type(), other.type()));
            if (TIMES.containsAll(types)) {
                // What has no zone is taken for UTC, which is also the session's.
                return value + "::timestamp";
            }
            if (FLOATS.containsAll(types)) {
                return value + "::float8";
            }
            if (NUMBERS.containsAll(types)) {
                return number(column.type(), value);
            }
            if (JSON.containsAll(types) && (types.contains("json") || types.contains("jsonb"))) {
                return canAskForValidity
                        ? "CASE WHEN pg_input_is_valid(%1$s::text, 'jsonb') THEN %1$s::jsonb::text ELSE %1$s::text END"
                                .formatted(value)
                        : value + "::jsonb";
            }
            if (types.contains("uuid") && UUID_TEXTS.containsAll(types)) {
                return "translate(lower(" + value + "::text), '{-} ', '')";
            }
            if (types.contains("bpchar")) {
                return value + "::text";
            }
        }
        return LONG.contains(column.type()) ? PostgreSqlDigest.bounded(value) : value;
    }

    /** {@return an expression for the value of an enumeration, or of an array of it, by the names that its labels have now} */
    private String relabelled(DataColumn column, String value) {
        String cases = column.labels().entrySet().stream()
                .map(label -> " WHEN " + engine.literal(label.getKey()) + " THEN " + engine.literal(label.getValue()))
                .collect(joining());
        if (!column.type().startsWith("_")) {
            return "CASE " + value + "::text" + cases + " ELSE " + value + "::text END";
        }
        return """
                CASE WHEN array_ndims(%1$s) = 1 THEN (SELECT array_agg(CASE e::text%2$s ELSE e::text END ORDER BY o)
                FROM unnest(%1$s) WITH ORDINALITY AS u (e, o))::text ELSE %1$s::text END""".formatted(value, cases);
    }

    private static String number(String type, String value) {
        return switch (type) {
            case "bool" -> value + "::integer";
            case "numeric" -> withoutZeros(value + "::text");
            case "float4", "float8" ->
                "CASE WHEN " + value + " IN ('NaN', 'Infinity', '-Infinity') THEN " + value + "::text ELSE "
                        + withoutZeros(value + "::text::numeric::text") + " END";
            default -> value;
        };
    }

    /** {@return the number without zeros at the end of its fraction; trim_scale does it from PostgreSQL 13 on only} */
    private static String withoutZeros(String number) {
        return "CASE WHEN " + number + " LIKE '%.%' THEN rtrim(rtrim(" + number + ", '0'), '.') ELSE " + number
                + " END";
    }

    @Override
    String shown(DataColumn column) {
        return "left(" + engine.quote(column.name()) + "::text, " + LONGEST_SHOWN + ")";
    }

    @Override
    String row(List<String> values) {
        return "ROW(" + String.join(", ", values) + ")::text COLLATE \"C\"";
    }

    @Override
    String hash(String text) {
        // Not MD5, which a server may have to do without.
        return "left(encode(sha256(convert_to(" + text + ", 'UTF8')), 'hex'), 32) COLLATE \"C\"";
    }

    @Override
    String part(String text, int parts) {
        return "(hashtextextended(" + text + ", 2) & " + (parts - 1) + ")";
    }

    @Override
    String digestSql(String part, String text, String source) {
        // OFFSET keeps the server from making the text twice.
        return """
                SELECT part, count(*), count(r), sum(hashtextextended(r, 0)), sum(hashtextextended(r, 1))
                FROM (SELECT %s AS part, %s AS r FROM %s OFFSET 0) AS rows GROUP BY part""".formatted(part, text, source);
    }

    @Override
    int fetchSize() {
        return FETCH_SIZE;
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
