package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schema with every kind of object that an engine has; see {@code shapes}. */
public final class RichSchema {

    private static final int[] NEWER_POSTGRESQL = {14, 15, 18};
    private static final Pattern MARKED = Pattern.compile("\\[(?<marks>[\\w ]+)] (?<change>.*)");

    private RichSchema() {}

    /** Makes a database of it, by JDBC as migrations do. */
    public static TestDatabase create(DatabaseServer server) {
        TestDatabase database = server.createDatabase();
        fill(database);
        return database;
    }

    /** Adds it to a database. */
    public static void fill(TestDatabase database) {
        if (database.engine() == Engine.POSTGRESQL) {
            run(database, "postgresql");
            for (int version : NEWER_POSTGRESQL) {
                if (isSince(database, version)) {
                    run(database, "postgresql-" + version);
                }
            }
            if (isSuperUser(database)) {
                run(database, "postgresql-superuser");
            }
        } else {
            run(database, "mysql-common");
            run(database, database.engine().id());
        }
    }

    /**
     * Lists changes of it, each of which applies to what the ones before left.
     *
     * @return lines of the differences, separated by semicolons, a bar, and the statements
     */
    public static List<String> changes(TestDatabase database) {
        List<String> changes = new ArrayList<>();
        if (database.engine() == Engine.POSTGRESQL) {
            for (String line : read("postgresql-changes.txt").split("\n", -1)) {
                Matcher marked = MARKED.matcher(line);
                if (!marked.matches()) {
                    changes.add(line);
                } else if (Arrays.stream(marked.group("marks").split(" ", -1))
                        .allMatch(mark -> mark.equals("superuser")
                                ? isSuperUser(database)
                                : isSince(database, Integer.parseInt(mark)))) {
                    changes.add(marked.group("change"));
                }
            }
        } else {
            changes.addAll(List.of(read("mysql-common-changes.txt").split("\n", -1)));
            changes.addAll(List.of(read(database.engine().id() + "-changes.txt").split("\n", -1)));
        }
        changes.removeIf(line -> line.startsWith("#"));
        return changes;
    }

    private static boolean isSince(TestDatabase database, int version) {
        return Version.of(database.server().version()).compareTo(Version.of(String.valueOf(version))) >= 0;
    }

    private static boolean isSuperUser(TestDatabase database) {
        return Library.query(database, "SELECT current_setting('is_superuser')").equals(List.of("on"));
    }

    private static void run(TestDatabase database, String script) {
        Library.execute(database, read(script + ".sql").split("\n\n", -1));
    }

    private static String read(String name) {
        try (InputStream in = RichSchema.class.getResourceAsStream("/shapes/" + name)) {
            return new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
