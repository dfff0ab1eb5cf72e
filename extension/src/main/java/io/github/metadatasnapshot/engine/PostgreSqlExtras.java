package io.github.metadatasnapshot.engine;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a PostgreSQL database holds outside of its tables: the positions of sequences, and large objects. */
final class PostgreSqlExtras {

    /** As many sequences as one statement asks for. */
    private static final int SEQUENCES_AT_ONCE = 100;

    /**
     * The sequences with the columns that take values from them: those that own the sequence, and those whose default is its
     * next value and nothing else. A value can collide in a column that is the first of a unique index: in the key of a
     * partitioned table further ones must follow.
     */
    private static final String SEQUENCES = """
        SELECT n.nspname, c.relname, seqincrement, seqcycle, seqmin, seqmax, u.nspname, u.relname, u.attname, u.is_unique
        FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN LATERAL (
            SELECT tn.nspname, t.relname, a.attname, EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisunique
                AND indisvalid AND indpred IS NULL AND indkey[0] = a.attnum) AS is_unique
            FROM (SELECT refobjid, refobjsubid FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
                  AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND deptype IN ('a', 'i')
                UNION SELECT adrelid, adnum FROM pg_depend JOIN pg_attrdef d ON d.oid = objid
                  WHERE classid = 'pg_attrdef'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = c.oid)
                AS used (relation, number)
              JOIN pg_class t ON t.oid = relation JOIN pg_namespace tn ON tn.oid = t.relnamespace
              JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = number
              LEFT JOIN pg_attrdef d ON d.adrelid = relation AND d.adnum = number
            WHERE NOT t.relispartition AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
              AND (d.oid IS NULL OR pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(''[^'']+''::regclass\\)$')) AS u ON true
        WHERE %s AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
          AND deptype = 'e')
        ORDER BY 1, 2, 7, 8, 9
        """;

    /** How much of a large object is read at once: the result of a function ends at 1 GB. */
    private static final int CHUNK = 16 * 1024 * 1024;

    /**
     * The hash of each large object. Only a superuser may read the table that holds them; and how long one is, says the end
     * of a descriptor, which the transaction closes.
     */
    private static final String LARGE_OBJECTS = """
        SELECT o.oid, coalesce(size, 0), coalesce(hash, '')
        FROM pg_largeobject_metadata o LEFT JOIN LATERAL (
          SELECT max(s.size) AS size, md5(string_agg(md5(lo_get(o.oid, start, %1$d)), '' ORDER BY start)) AS hash
          FROM (SELECT lo_lseek64(lo_open(o.oid, 262144), 0, 2) AS size WHERE pg_has_role(o.lomowner, 'USAGE') OFFSET 0)
              AS s
            CROSS JOIN LATERAL generate_series(0, greatest(s.size - 1, 0), %1$d) AS start) AS contents ON true
        """.formatted(CHUNK);

    private PostgreSqlExtras() {}

    /** A sequence, and the statement's columns that tell its position. */
    private record Sequence(
            TableName name,
            BigInteger increment,
            boolean cycles,
            BigInteger min,
            BigInteger max,
            List<SequencePosition.Column> columns,
            List<SequencePosition.Column> unique) {}

    static List<SequencePosition> positions(Engine engine, Connection connection, String userSchema)
            throws SQLException {
        List<SequencePosition> positions = new ArrayList<>();
        List<Sequence> sequences = sequences(connection, userSchema);
        try (var statement = connection.createStatement()) {
            for (int from = 0; from < sequences.size(); from += SEQUENCES_AT_ONCE) {
                List<String> selects = new ArrayList<>();
                for (int i = from; i < Math.min(sequences.size(), from + SEQUENCES_AT_ONCE); i++) {
                    selects.addAll(selects(engine, i, sequences.get(i)));
                }
                Map<Integer, SequencePosition> read = new LinkedHashMap<>();
                try (ResultSet rows = statement.executeQuery(String.join("\nUNION ALL\n", selects))) {
                    while (rows.next()) {
                        int index = rows.getInt(1);
                        SequencePosition position = position(sequences.get(index), rows);
                        read.merge(index, position, (one, other) -> nearest(one, other));
                    }
                }
                positions.addAll(read.values());
            }
        }
        return positions;
    }

    private static List<Sequence> sequences(Connection connection, String userSchema) throws SQLException {
        Map<TableName, Sequence> sequences = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SEQUENCES.formatted(userSchema))) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                Sequence sequence = sequences.get(name);
                if (sequence == null) {
                    sequence = new Sequence(
                            name,
                            new BigInteger(rows.getString(3)),
                            rows.getBoolean(4),
                            new BigInteger(rows.getString(5)),
                            new BigInteger(rows.getString(6)),
                            new ArrayList<>(),
                            new ArrayList<>());
                    sequences.put(name, sequence);
                }
                if (rows.getString(9) != null) {
                    var column = new SequencePosition.Column(
                            new TableName(rows.getString(7), rows.getString(8)), rows.getString(9));
                    sequence.columns().add(column);
                    if (rows.getBoolean(10)) {
                        sequence.unique().add(column);
                    }
                }
            }
        }
        return List.copyOf(sequences.values());
    }

    /** {@return a query for each unique column, or one: index, column's index, last value, whether it was given out, taken} */
    private static List<String> selects(Engine engine, int index, Sequence sequence) {
        boolean ascends = sequence.increment().signum() > 0;
        // Behind its last value a sequence gives out none, or an error.
        String next = "CASE WHEN NOT is_called THEN last_value WHEN last_value %s THEN last_value + (%s) END"
                .formatted(
                        ascends
                                ? "<= " + sequence.max().subtract(sequence.increment())
                                : ">= " + sequence.min().subtract(sequence.increment()),
                        sequence.increment());
        List<String> selects = new ArrayList<>();
        for (int i = 0; i < Math.max(1, sequence.unique().size()); i++) {
            String taken = "NULL::bigint";
            if (!sequence.unique().isEmpty()) {
                SequencePosition.Column column = sequence.unique().get(i);
                taken = "(SELECT %s(%s) FROM %s WHERE %2$s %s %s)"
                        .formatted(
                                ascends ? "min" : "max",
                                "t." + engine.quote(column.name()),
                                engine.quote(column.table()) + " AS t",
                                ascends ? ">=" : "<=",
                                "s.next");
            }
            selects.add("SELECT %d, %d, last_value, is_called, %s FROM (SELECT *, %s AS next FROM %s) AS s"
                    .formatted(index, i, taken, next, engine.quote(sequence.name())));
        }
        return selects;
    }

    private static SequencePosition position(Sequence sequence, ResultSet row) throws SQLException {
        BigInteger last = new BigInteger(row.getString(3));
        String taken = row.getString(5);
        return new SequencePosition(
                SequencePosition.ofSequence(sequence.name()),
                row.getBoolean(4) ? last.add(sequence.increment()) : last,
                sequence.increment(),
                sequence.cycles(),
                sequence.columns(),
                taken == null
                        ? Optional.empty()
                        : Optional.of(new SequencePosition.TakenValue(
                                sequence.unique().get(row.getInt(2)), new BigInteger(taken))));
    }

    private static SequencePosition nearest(SequencePosition one, SequencePosition other) {
        if (one.taken().isEmpty() || other.taken().isEmpty()) {
            return one.taken().isEmpty() ? other : one;
        }
        int order = one.taken().get().value().compareTo(other.taken().get().value());
        return order * one.increment().signum() <= 0 ? one : other;
    }

    static LargeObjects largeObjects(Connection connection) throws SQLException {
        List<String> some = Engine.queryForStrings(connection, "SELECT 1 FROM pg_largeobject_metadata LIMIT 1");
        if (some.isEmpty()) {
            return LargeObjects.NONE;
        }
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                    SELECT count(*), sum(size), concat_ws(' ', sum(hashtextextended(oid || ' ' || hash, 0)),
                      sum(hashtextextended(oid || ' ' || hash, 1)))
                    FROM (%s) AS o (oid, size, hash)\
                    """.formatted(LARGE_OBJECTS))) {
            row.next();
            return new LargeObjects(row.getLong(1), row.getLong(2), row.getString(3));
        }
    }

    static SortedMap<Long, String> largeObjectHashes(Connection connection) throws SQLException {
        SortedMap<Long, String> hashes = new TreeMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LARGE_OBJECTS)) {
            while (rows.next()) {
                @Nullable String hash = rows.getString(3);
                hashes.put(rows.getLong(1), hash == null ? "" : hash);
            }
        }
        return hashes;
    }
}
