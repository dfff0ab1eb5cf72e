package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ContainerTemplate;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.product.SignWatch;
import io.github.metadatasnapshot.server.CommandContainer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

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
 * <p>The command must end when it has migrated; or it starts a server, which is stopped once it shows that it has migrated, by {@link
 * Builder#until}. Whether it has, the database's history tells, not the command's status. A
 * server in a container is reached over that container's network; any other from this machine's own, where a port that the
 * product opens must be free. Safe for use by several threads.
 */
public final class ContainerMigrator extends ReleaseMigrator {

    private final ContainerTemplate template;
    private final Optional<ServerSign> sign;

    private ContainerMigrator(Builder builder, Supplier<? extends Collection<String>> versions) {
        super("ContainerMigrator", builder.template.image(), versions, builder.history, builder.limit);
        this.template = builder.template.copy();
        this.sign = builder.sign;
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

        private final ContainerTemplate template;
        private Optional<ServerSign> sign = Optional.empty();
        private Optional<Supplier<? extends Collection<String>>> versions = Optional.empty();
        private HistoryTable history = new HistoryTable("", HistoryTable.DEFAULT_NAME);
        private Duration limit = ReleaseMigrator.DEFAULT_LIMIT;

        private Builder(String image) {
            this.template = new ContainerTemplate("ContainerMigrator", image);
        }

        /**
         * Replaces the image's entry point.
         *
         * @param program the program that runs the command, and its first arguments; by default the image's own
         * @return this
         * @throws IllegalArgumentException as of {@link #command}
         */
        public Builder entrypoint(String... program) {
            template.entrypoint(program);
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
            template.command(arguments);
            return this;
        }

        /**
         * Sets a variable of the command's.
         *
         * @param name the name, such as {@code DB_PASSWORD}
         * @param value the value, such as <code>{password}</code>
         * @return this
         */
        public Builder environment(String name, String value) {
            template.environment(name, value);
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
            template.file(path, content);
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
            return history(ReleaseMigrator.NOTES);
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
         * Says that the command starts the product's server, which migrates as it starts and runs on: it is stopped when it
         * shows this. One that ends before, or does not show it in time, has failed.
         *
         * @param sign what the server shows; by default the command must end
         * @return this
         */
        public Builder until(ServerSign sign) {
            this.sign = Optional.of(sign);
            return this;
        }

        /**
         * Makes the migrator.
         *
         * @return the migrator
         * @throws MigrationException if versions are missing, or {@link ServerSign#history} is to be shown in no history
         */
        public Migrator build() {
            ReleaseMigrator.requireHistory("ContainerMigrator", history, sign);
            return new ContainerMigrator(
                    this,
                    versions.orElseThrow(() -> new MigrationException(
                            "Which versions are there images of? ContainerMigrator.of(\"" + template.image()
                                    + "\") lacks versions(\"1.0\", \"1.1\")",
                            null)));
        }
    }

    @Override
    public Optional<String> whyUnavailable() {
        return CommandContainer.whyUnavailable()
                .map(reason -> "its migrations take a container of " + template.image() + ": " + reason);
    }

    @Override
    String by(Version version) {
        return template.image(version);
    }

    @Override
    String told() {
        return ", by {host}, {port} and {database}, and the version, by the image or {version}";
    }

    @Override
    Brought bring(TestDatabase database, Version version) {
        try {
            return sign.isEmpty() ? runToItsEnd(database, version) : runUntil(sign.get(), database, version);
        } catch (ServerUnavailableException e) {
            throw e;
        } catch (ServerException e) {
            throw new MigrationException(
                    database + " cannot be migrated to " + version + " by the product's command: " + e.getMessage(), e);
        }
    }

    private Brought runToItsEnd(TestDatabase database, Version version) {
        ContainerTemplate.Ran ran = template.run(database, version, limit());
        String output = ran.outcome().output();
        if (ran.outcome().status().isEmpty()) {
            return Brought.failed(
                    ran.name(),
                    "had not ended after " + describe(limit()) + ", and was stopped",
                    output,
                    "it waits for something, such as an answer, or for ever, as a server does that it starts: say by until"
                            + " what shows that this has migrated; or it takes that long: give it more by timeLimit");
        }
        int status = ran.outcome().status().getAsInt();
        return status == 0
                ? Brought.well(ran.name(), "ended with status 0", output)
                : Brought.failed(
                        ran.name(),
                        "ended with status " + status,
                        output,
                        database.engine().likelyCause("", output).orElse(""));
    }

    private Brought runUntil(ServerSign shown, TestDatabase database, Version version) {
        ContainerTemplate.Started started = template.start(database, version, shown.port(), shown.line());
        try (CommandContainer.Running server = started.container()) {
            boolean seen;
            try (SignWatch watch = new SignWatch(shown, database, history(), version, limit())) {
                seen = watch.await(() -> server.status().isEmpty(), server::hasPrinted, server::url);
            }
            OptionalInt status = server.status();
            if (seen) {
                server.stop();
                return Brought.well(started.name(), "showed " + shown + " and was stopped", server.output());
            }
            String output = server.output();
            return status.isPresent()
                    ? Brought.failed(
                            started.name(),
                            "ended with status " + status.getAsInt() + " before it showed " + shown,
                            output,
                            database.engine().likelyCause("", output).orElse(""))
                    : Brought.failed(
                            started.name(),
                            "had not shown " + shown + " after " + describe(limit()) + ", and was stopped",
                            output,
                            "it waits for something, or shows another sign: look at until; or it takes that long: give"
                                    + " it more by timeLimit");
        }
    }

    /** {@return the migrator for people} */
    @Override
    public String toString() {
        return "the command of " + template.image();
    }
}
