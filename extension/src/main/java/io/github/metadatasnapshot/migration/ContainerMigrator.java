package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.CommandContainer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Migrates by the product's own command, in a container of the product's image, for products whose migrations are more than
 * SQL.
 *
 * <pre>{@code
 * final class Acme implements MigratorFactory {
 *     @Override
 *     public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
 *         return ContainerMigrator.of("acme/server:{version}")
 *                 .command("bin/acme", "migrate", "--host={host}:{port}", "--database={database}")
 *                 .environment("DB_USER", "{user}")
 *                 .environment("DB_PASSWORD", "{password}")
 *                 .versions("1.0", "1.1", "2.0")
 *                 .history(new HistoryTable("", "acme_version", new HistoryColumns(List.of("version")), List.of()))
 *                 .build();
 *     }
 * }
 * }</pre>
 *
 * <p>In image, command, variables and files <code>{version}</code> stands for the version to migrate to, as {@link
 * Builder#versions} spells it. In all but the image <code>{host}</code>, <code>{port}</code> and <code>{database}</code> tell
 * where the database is, as the container sees it; in variables and files alone <code>{user}</code>, <code>{password}</code>
 * and <code>{jdbcUrl}</code>, since all could read them in a command.
 *
 * <p>The command must end when it has migrated. Whether it has, the database's history tells, not the command's status. A
 * server in a container is reached over that container's network; any other from this machine's own, where a port that the
 * product opens must be free. Safe for use by several threads.
 */
public final class ContainerMigrator implements Migrator {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    private static final Pattern SECRET = Pattern.compile("\\{(?:user|password|jdbcUrl)}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    /** Where the version is noted of a product that has no history. */
    private static final HistoryTable NOTES =
            new HistoryTable("", "metadata_snapshot_version", new HistoryColumns(List.of("version")), List.of());

    private final String image;
    private final List<String> entrypoint;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Map<String, String> files;
    private final Supplier<? extends Collection<String>> versions;
    private final HistoryTable history;
    private final Duration limit;

    private ContainerMigrator(Builder builder, Supplier<? extends Collection<String>> versions) {
        this.image = builder.image;
        this.entrypoint = builder.entrypoint;
        this.command = builder.command;
        this.environment = Map.copyOf(builder.environment);
        this.files = Map.copyOf(builder.files);
        this.versions = versions;
        this.history = builder.history;
        this.limit = builder.limit;
    }

    /**
     * Begins a migrator.
     *
     * @param image the image of a version, such as {@code acme/server:{version}}
     * @return what says the rest
     */
    public static Builder of(String image) {
        return new Builder(image);
    }

    /** Says how the product migrates. */
    public static final class Builder {

        private final String image;
        private List<String> entrypoint = List.of();
        private List<String> command = List.of();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> files = new LinkedHashMap<>();
        private Optional<Supplier<? extends Collection<String>>> versions = Optional.empty();
        private HistoryTable history = new HistoryTable("", HistoryTable.DEFAULT_NAME);
        private Duration limit = DEFAULT_LIMIT;

        private Builder(String image) {
            this.image = image;
        }

        /**
         * Replaces the image's entry point.
         *
         * @param program the program that runs the command, and its first arguments; by default the image's own
         * @return this
         * @throws IllegalArgumentException as of {@link #command}
         */
        public Builder entrypoint(String... program) {
            entrypoint = withoutSecrets(program);
            return this;
        }

        /**
         * Sets the command.
         *
         * @param arguments the program and its arguments, or only these where the image's entry point is the program; by
         *     default the image's own
         * @return this
         * @throws IllegalArgumentException if one of them holds <code>{user}</code>, <code>{password}</code> or <code>
         *     {jdbcUrl}</code>
         */
        public Builder command(String... arguments) {
            command = withoutSecrets(arguments);
            return this;
        }

        private static List<String> withoutSecrets(String... arguments) {
            for (String argument : arguments) {
                Matcher secret = SECRET.matcher(argument);
                if (secret.find()) {
                    throw new IllegalArgumentException("ContainerMigrator puts " + secret.group()
                            + " into no command, where all could read it: '" + argument
                            + "'. Let the command read it from a variable, environment(\"DB_LOGIN\", \""
                            + secret.group()
                            + "\"), or from a file; a program that takes it as an argument only is run by"
                            + " a shell, entrypoint(\"sh\", \"-c\"), which reads \"$DB_LOGIN\"");
                }
            }
            return List.copyOf(Arrays.asList(arguments));
        }

        /**
         * Sets a variable of the command's.
         *
         * @param name the name, such as {@code DB_PASSWORD}
         * @param value the value, such as <code>{password}</code>
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Puts a file into the container, such as the product's configuration.
         *
         * @param path the path there, which begins with {@code /}
         * @param content what is in it
         * @return this
         */
        public Builder file(String path, String content) {
            files.put(path, content);
            return this;
        }

        /**
         * Lists the versions that can be migrated to, in any order.
         *
         * @param versions the versions, such as {@code 1.10.0}; there must be an image of each
         * @return this
         */
        public Builder versions(String... versions) {
            List<String> listed = List.copyOf(Arrays.asList(versions));
            return versions(() -> listed);
        }

        /**
         * Looks for the versions that can be migrated to, such as among the tags of a checkout.
         *
         * @param versions lists them in any order, and is asked often
         * @return this
         */
        public Builder versions(Supplier<? extends Collection<String>> versions) {
            this.versions = Optional.of(versions);
            return this;
        }

        /**
         * Says where the product writes down its version.
         *
         * @param table the table; by default {@code flyway_schema_history}
         * @return this
         */
        public Builder history(HistoryTable table) {
            history = table;
            return this;
        }

        /**
         * Says that the product writes its version down nowhere. Then it is noted in a table {@code
         * metadata_snapshot_version} after each command that ends with status 0, which is all that tells of its success;
         * and a backup needs that table, too.
         *
         * @return this
         */
        public Builder noHistory() {
            return history(NOTES);
        }

        /**
         * Limits how long the command may take. One that takes longer is stopped, and has failed.
         *
         * @param limit the time; by default 10 minutes
         * @return this
         */
        public Builder timeLimit(Duration limit) {
            this.limit = limit;
            return this;
        }

        /**
         * Makes the migrator.
         *
         * @return the migrator
         * @throws MigrationException if versions are missing
         */
        public Migrator build() {
            return new ContainerMigrator(
                    this,
                    versions.orElseThrow(() -> new MigrationException(
                            "Which versions are there images of? ContainerMigrator.of(\"" + image
                                    + "\") lacks versions(\"1.0\", \"1.1\")",
                            null)));
        }
    }

    @Override
    public List<Migration> migrations(TestDatabase database) {
        List<Migration> migrations = new ArrayList<>();
        for (String version : versions.get()) {
            if (!Version.isVersion(version)) {
                throw new MigrationException(
                        "'" + version + "', which ContainerMigrator lists for " + image
                                + ", is not a version: it takes numbers separated by dots, such as 1.10",
                        null);
            }
            migrations.add(new Migration(Optional.of(Version.of(version)), "", Optional.empty(), false));
        }
        return migrations;
    }

    @Override
    public boolean listsAllMigrations() {
        return false;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return CommandContainer.whyUnavailable()
                .map(reason -> "its migrations take a container of " + image + ": " + reason);
    }

    /** {@return none: only the product knows what a history should say} */
    @Override
    public List<String> validate(TestDatabase database, Version target) {
        return List.of();
    }

    @Override
    public HistoryTable historyTable() {
        return history;
    }

    @Override
    public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
        Version version = spelled(target, versions(database));
        String ofVersion = image.replace("{version}", version.toString());
        Optional<Version> before = version(database);
        long start = System.nanoTime();
        Ran ran = run(database, ofVersion, version);
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (ran.outcome().status().isEmpty()) {
            return failed(
                    ran,
                    "had not ended after " + describe(limit) + ", and was stopped",
                    "it waits for something, such as an answer, or for ever, as a server does that it starts; or it takes"
                            + " that long: give it more by timeLimit");
        }
        int status = ran.outcome().status().getAsInt();
        if (status != 0) {
            return failed(
                    ran,
                    "ended with status " + status,
                    database.engine().likelyCause("", ran.outcome().output()).orElse(""));
        }
        if (history.equals(NOTES)) {
            note(database, before, version);
        }
        Optional<Version> after = version(database);
        if (!after.equals(Optional.of(version))) {
            return failed(
                    ran,
                    "ended with status 0, but the history (" + history.name() + ") says "
                            + after.map(Version::toString).orElse("no version") + ", not " + version,
                    "it migrated another database, or to another version: look at how it is told the database, by {host},"
                            + " {port} and {database}, and the version, by the image or {version}");
        }
        return new MigrationRun(
                after.equals(before)
                        ? List.of()
                        : List.of(new AppliedMigration(
                                version.toString(), "by " + ofVersion, "", millis, MigrationEffects.UNKNOWN)),
                Optional.empty());
    }

    /** A command that was run. */
    private record Ran(String name, CommandContainer.Outcome outcome) {}

    private Ran run(TestDatabase database, String ofVersion, Version version) {
        try {
            CommandContainer container = CommandContainer.beside(database, ofVersion);
            Map<String, String> values = new LinkedHashMap<>(Map.of(
                    "version", version.toString(),
                    "host", container.host(),
                    "port", String.valueOf(container.port()),
                    "database", database.name()));
            List<String> program = fillIn(entrypoint, values);
            List<String> arguments = fillIn(command, values);
            values.put("user", database.migrationUser());
            values.put("password", database.migrationPassword());
            values.put("jdbcUrl", container.jdbcUrl());
            CommandContainer.Outcome outcome =
                    container.run(program, arguments, fillIn(environment, values), fillIn(files, values), limit);
            List<String> all = new ArrayList<>(program);
            all.addAll(arguments);
            String name = all.isEmpty() ? "The command" : "'" + String.join(" ", all) + "'";
            return new Ran(name + " in a container of " + ofVersion, outcome);
        } catch (ServerUnavailableException e) {
            throw e;
        } catch (ServerException e) {
            throw new MigrationException(
                    database + " cannot be migrated to " + version + " by the product's command: " + e.getMessage(), e);
        }
    }

    private static List<String> fillIn(List<String> texts, Map<String, String> values) {
        return texts.stream().map(text -> fillIn(text, values)).toList();
    }

    private static Map<String, String> fillIn(Map<String, String> texts, Map<String, String> values) {
        Map<String, String> filled = new LinkedHashMap<>();
        texts.forEach((name, text) -> filled.put(name, fillIn(text, values)));
        return filled;
    }

    /** Leaves what is no placeholder as it is: braces are common in shell scripts and JSON. */
    private static String fillIn(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    /** {@return the version as the product spells it, on which its image depends} */
    private static Version spelled(Version target, NavigableSet<Version> versions) {
        return versions.contains(target) ? Objects.requireNonNull(versions.floor(target)) : target;
    }

    private static MigrationRun failed(Ran ran, String what, String hint) {
        String output = ran.outcome().output();
        String message = ran.name() + " " + what
                + (output.isEmpty() ? ". It printed nothing" : ". The last that it printed:\n" + output);
        return new MigrationRun(List.of(), Optional.of(new MigrationFailure("", 0, "", "", message, hint)));
    }

    private static String describe(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private Optional<Version> version(TestDatabase database) {
        try (Connection connection = database.open()) {
            return history.read(connection, database.engine()).version();
        } catch (SQLException e) {
            throw new MigrationException(
                    "The history in table " + history.name() + " of " + database + " cannot be read: " + e.getMessage()
                            + ". Say what the table's columns are by history",
                    e);
        }
    }

    private static void note(TestDatabase database, Optional<Version> before, Version version) {
        if (before.equals(Optional.of(version))) {
            return;
        }
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + NOTES.name() + " (version VARCHAR(50) PRIMARY KEY)");
            statement.execute("INSERT INTO " + NOTES.name() + " VALUES ('" + version + "')");
        } catch (SQLException e) {
            throw new MigrationException(
                    "The version cannot be noted in table " + NOTES.name() + " of " + database + ": " + e.getMessage(),
                    e);
        }
    }

    /** {@return the migrator for people} */
    @Override
    public String toString() {
        return "the command of " + image;
    }
}
