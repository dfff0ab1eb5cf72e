package io.github.metadatasnapshot.migration;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.Shape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells that tables of a database have another collation than the database gives to those that a migration creates. */
final class OtherCollation {

    private static final Pattern COLLATION = Pattern.compile("\\bCOLLATE (\\w+)");

    /** What the engines say when columns of two collations meet. */
    private static final Pattern FAILURE =
            Pattern.compile("are incompatible|errno: 150|Illegal mix of collations|Cannot add foreign key constraint");

    private OtherCollation() {}

    /** {@return the failure, with the collations for its hint where they are its likely cause} */
    static MigrationFailure explain(MigrationFailure failure, TestDatabase database, Shape shape) {
        if (!failure.hint().isEmpty() || !FAILURE.matcher(failure.message()).find()) {
            return failure;
        }
        return new MigrationFailure(
                failure.script(),
                failure.line(),
                failure.statement(),
                failure.sqlState(),
                failure.message(),
                find(database, shape).orElse(""));
    }

    /**
     * Looks for such tables.
     *
     * @param database the database
     * @param shape what it holds
     * @return what was found, and the way out; empty where there are none
     */
    static Optional<String> find(TestDatabase database, Shape shape) {
        if (database.engine() == Engine.POSTGRESQL) {
            return Optional.empty();
        }
        Map<String, Long> tables = shape.objects().stream()
                .filter(object -> object.kind().equals(SchemaObject.TABLE))
                .flatMap(object ->
                        COLLATION.matcher(object.definition()).results().limit(1))
                .collect(groupingBy(match -> match.group(1), TreeMap::new, counting()));
        Optional<String> ofDatabase = ofDatabase(database);
        long all = tables.values().stream().mapToLong(Long::longValue).sum();
        ofDatabase.ifPresent(tables::remove);
        if (ofDatabase.isEmpty() || tables.isEmpty()) {
            return Optional.empty();
        }
        String most = tables.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        String others = tables.entrySet().stream()
                .map(entry -> entry.getValue() + " of its " + all + " tables have " + entry.getKey())
                .collect(joining(", "));
        return Optional.of("the database's default collation is " + ofDatabase.get() + ", and " + others
                + ": a table that a migration creates has the default. If the product's database has another one, set"
                + " databaseDefaults = \"COLLATE " + most + "\"");
    }

    private static Optional<String> ofDatabase(TestDatabase database) {
        try (Connection connection = database.open();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@collation_database")) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            // A hint is not worth another failure.
            return Optional.empty();
        }
    }

    /** Tells whether an object has another collation than was expected. */
    static boolean differs(String expected, String actual) {
        Matcher one = COLLATION.matcher(expected);
        Matcher other = COLLATION.matcher(actual);
        return one.find() && other.find() && !one.group(1).equals(other.group(1));
    }
}
