package io.github.metadatasnapshot.engine;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Copies a database over JDBC, object by object in the order of a dump. */
final class MySqlCopy {

    /** What an object remembers of the session that created it. */
    private static final Set<String> REMEMBERED = Set.of("sql_mode", "time_zone");

    private final MySqlEngine engine;
    private final Connection from;
    private final Connection to;
    private final List<String> files;

    private MySqlCopy(MySqlEngine engine, Connection from, Connection to, List<String> files) {
        this.engine = engine;
        this.from = from;
        this.to = to;
        this.files = files;
    }

    /**
     * Fills an empty database. Both sessions are left with other settings.
     *
     * @param from a connection to the database that is copied, as whoever its views and routines belong to
     * @param to a connection to the empty one
     * @param files the tables whose rows are left out
     */
    static void run(MySqlEngine engine, Connection from, Connection to, List<String> files) throws SQLException {
        new MySqlCopy(engine, from, to, files).run();
    }

    private void run() throws SQLException {
        // Of both: the mode decides how definitions are shown, and how they are read.
        CopyingSession.begin(engine, from);
        CopyingSession.begin(engine, to);
        List<String> views = tables("= 'VIEW'");
        List<String> broken = BrokenViews.find(engine, from, from.getCatalog());
        Map<String, List<String>> definitions = new LinkedHashMap<>();
        for (String view : broken) {
            definitions.put(view, definition("VIEW", view));
        }
        BrokenViews.create(engine, to, definitions);
        views.removeAll(broken);
        for (String sequence : tables("= 'SEQUENCE'")) {
            create("SEQUENCE", sequence);
            String name = engine.quote(sequence);
            for (String next : Engine.queryForStrings(from, "SELECT next_not_cached_value FROM " + name)) {
                Engine.execute(to, List.of("DO SETVAL(" + name + ", " + next + ", 0)"));
            }
        }
        createAll("TABLE", tables("IN ('BASE TABLE', 'SYSTEM VERSIONED')"));
        Engine.execute(to, engine.rowCopies(from, from.getCatalog(), files));
        for (String kind : names("SELECT DISTINCT routine_type FROM information_schema.routines"
                + " WHERE routine_schema = DATABASE() ORDER BY 1")) {
            createAll(
                    kind,
                    names("SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()"
                            + " AND routine_type = " + engine.literal(kind)));
        }
        createViews(views);
        // Behind the rows, which set none off.
        createAll(
                "TRIGGER",
                names("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
                        + " ORDER BY event_object_table, action_timing, event_manipulation, action_order"));
        createAll("EVENT", names("SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()"));
    }

    private List<String> tables(String type) throws SQLException {
        return names("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_type " + type);
    }

    private List<String> names(String query) throws SQLException {
        return Engine.queryForStrings(from, query);
    }

    private void createAll(String kind, List<String> names) throws SQLException {
        for (String name : names) {
            create(kind, name);
        }
    }

    /** A view may need another one. */
    private void createViews(List<String> names) throws SQLException {
        Deque<String> left = new ArrayDeque<>(names);
        int refusals = 0;
        while (!left.isEmpty()) {
            String view = left.remove();
            try {
                create("VIEW", view);
                refusals = 0;
            } catch (SQLException e) {
                left.add(view);
                if (++refusals == left.size()) {
                    throw e;
                }
            }
        }
    }

    private void create(String kind, String name) throws SQLException {
        try {
            execute(to, definition(kind, name));
        } catch (SQLException e) {
            throw named(kind, name, e);
        }
    }

    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** {@return the error with the object that it is about} */
    static SQLException named(String kind, String name, SQLException e) {
        return new SQLException(
                kind.toLowerCase(Locale.ROOT) + " " + name + ": " + e.getMessage(),
                e.getSQLState(),
                e.getErrorCode(),
                e);
    }

    private List<String> definition(String kind, String name) throws SQLException {
        try (var show = from.createStatement()) {
            show.setEscapeProcessing(false);
            return definition(show.executeQuery("SHOW CREATE " + kind + " " + engine.quote(name)));
        }
    }

    /** {@return the statements that create what the server shows, the last of them, as it was created} */
    private List<String> definition(ResultSet shown) throws SQLException {
        List<String> statements = new ArrayList<>();
        String sql = "";
        String characters = "";
        String collation = "";
        shown.next();
        for (int i = 1; i <= shown.getMetaData().getColumnCount(); i++) {
            String label = shown.getMetaData().getColumnLabel(i);
            String value = shown.getString(i);
            if (label.startsWith("Create ") || label.equals("SQL Original Statement")) {
                if (value == null) {
                    throw new SQLException("its definition is shown to its definer alone, who is somebody else");
                }
                sql = value;
            } else if (REMEMBERED.contains(label)) {
                statements.add("SET " + label + " = " + engine.literal(value));
            } else if (label.equals("character_set_client")) {
                characters = value;
            } else if (label.equals("collation_connection")) {
                collation = value;
            }
        }
        // The driver sends UTF-8, whatever the session says.
        if (characters.startsWith("utf8")
                || StandardCharsets.US_ASCII.newEncoder().canEncode(sql)) {
            if (!characters.isEmpty()) {
                statements.add("SET character_set_client = " + characters + ", collation_connection = " + collation);
            }
        }
        // MariaDB names the database before the columns of a view that is broken.
        statements.add(
                shown.getMetaData().getColumnLabel(1).equals("View")
                        ? StoredSql.withoutQualifier(sql, engine.quote(from.getCatalog()) + ".")
                        : sql);
        return statements;
    }
}
