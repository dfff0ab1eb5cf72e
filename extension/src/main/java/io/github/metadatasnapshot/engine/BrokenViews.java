package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies views that cannot be read because a table, a column or a definer that they name is gone, as a migration leaves them
 * behind. The server creates no such view: each is created upon stand-ins for what it names, which are dropped then. So the
 * database has to be empty still.
 */
final class BrokenViews {

    private static final Pattern NO_TABLE = Pattern.compile("Table '([^.]*)\\.(.*)' doesn't exist");
    private static final Pattern NO_COLUMN = Pattern.compile("Unknown column '(?:.*\\.)?([^.]*)' in .*");

    private final MySqlEngine engine;
    private final Connection to;
    private final Set<String> tables = new HashSet<>();
    private final Set<String> columns = new HashSet<>();

    private BrokenViews(MySqlEngine engine, Connection to) {
        this.engine = engine;
        this.to = to;
    }

    /** {@return those of the views of the connection's database that cannot be read} */
    static List<String> find(MySqlEngine engine, Connection connection, String database) throws SQLException {
        List<String> broken = new ArrayList<>();
        for (String view : Engine.queryForStrings(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_type = 'VIEW' AND table_schema = "
                        + engine.literal(database))) {
            try {
                // Opens the view and reads no row.
                Engine.queryForStrings(
                        connection, "SELECT 1 FROM " + engine.quote(database) + "." + engine.quote(view) + " LIMIT 0");
            } catch (SQLException e) {
                broken.add(view);
            }
        }
        return broken;
    }

    /**
     * Creates views in an empty database.
     *
     * @param definitions the statements that create each of them, by its name
     */
    static void create(MySqlEngine engine, Connection to, Map<String, List<String>> definitions) throws SQLException {
        Map<String, List<String>> left = new LinkedHashMap<>(definitions);
        while (!left.isEmpty()) {
            String view = unmentioned(engine, left);
            new BrokenViews(engine, to).create(view, Objects.requireNonNull(left.remove(view)));
        }
    }

    /** {@return a view that no other one names, so that what it names is not there yet} */
    private static String unmentioned(MySqlEngine engine, Map<String, List<String>> views) {
        return views.keySet().stream()
                .filter(view -> views.entrySet().stream()
                        .filter(other -> !other.getKey().equals(view))
                        .flatMap(other -> other.getValue().stream())
                        .noneMatch(sql -> sql.contains(engine.quote(view))))
                .findFirst()
                .orElseGet(() -> views.keySet().iterator().next());
    }

    private void create(String view, List<String> statements) throws SQLException {
        try {
            boolean created = false;
            while (!created) {
                try {
                    MySqlCopy.execute(to, statements);
                    created = true;
                } catch (SQLException e) {
                    if (!standIn(String.valueOf(e.getMessage()))) {
                        throw MySqlCopy.named("view", view, e);
                    }
                }
            }
        } finally {
            for (String table : tables) {
                Engine.execute(to, List.of("DROP TABLE " + engine.quote(table)));
            }
        }
    }

    /** {@return whether there is now what was missing} */
    private boolean standIn(String message) throws SQLException {
        Matcher table = NO_TABLE.matcher(message);
        if (table.find()) {
            return table.group(1).equals(to.getCatalog()) && addTable(table.group(2));
        }
        Matcher column = NO_COLUMN.matcher(message);
        return column.find() && addColumn(column.group(1));
    }

    private boolean addTable(String name) throws SQLException {
        Engine.execute(to, List.of("CREATE TABLE " + engine.quote(name) + " (metadata_snapshot_stand_in INT)"));
        for (String column : columns) {
            addColumn(name, column);
        }
        return tables.add(name);
    }

    /** The message names the table by an alias, so that each gets the column. */
    private boolean addColumn(String name) throws SQLException {
        if (tables.isEmpty() || !columns.add(name)) {
            return false;
        }
        for (String table : tables) {
            addColumn(table, name);
        }
        return true;
    }

    private void addColumn(String table, String column) throws SQLException {
        Engine.execute(to, List.of("ALTER TABLE " + engine.quote(table) + " ADD " + engine.quote(column) + " INT"));
    }
}
