package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.LimitedStart;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.product.SignWatch;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Migrates by starting the product's server in this JVM, for products that migrate as they start. The server is closed when it
 * has migrated.
 *
 * <pre>{@code
 * ServerMigrator.of((version, database) -> AcmeServer.start(database.jdbcUrl(), database.user(), database.password()))
 *         .versions("2.0")
 *         .build();
 * }</pre>
 *
 * <p>It has migrated when the code returns, or when it shows a sign after that, by {@link Builder#until}; whether it has, the
 * database's history tells. Safe for use by several threads if the code is.
 */
public final class ServerMigrator extends ReleaseMigrator {

    private final Starter starter;
    private final Optional<ServerSign> sign;

    /** Starts the server of a version. */
    @FunctionalInterface
    public interface Starter {

        /**
         * Starts the server.
         *
         * @param version the version, one of those that were listed
         * @param database the database that it is to migrate
         * @return the server, which is closed when it has migrated
         * @throws Exception if it does not start
         */
        AutoCloseable start(String version, TestDatabase database) throws Exception;
    }

    private ServerMigrator(Builder builder, Supplier<? extends Collection<String>> versions) {
        super("ServerMigrator", "code", versions, builder.history, builder.limit);
        this.starter = builder.starter;
        this.sign = builder.sign;
    }

    /**
     * Begins a migrator.
     *
     * @param starter starts the server
     * @return what says the rest
     */
    public static Builder of(Starter starter) {
        return new Builder(starter);
    }

    /**
     * Migrates by starting a server that is declared by {@link io.github.metadatasnapshot.product.ProductServerFactory} anyway:
     * it has migrated when it has started. It is sent no request.
     *
     * @param server the server, which lists its versions
     * @param history where the product writes down its version
     * @return the migrator
     * @throws MigrationException if the server lists no versions
     */
    public static Migrator of(ProductServer server, HistoryTable history) {
        if (server.versions().isEmpty()) {
            throw new MigrationException(
                    "Which versions are there servers of? " + server + " lacks versions(\"1.0\", \"1.1\")", null);
        }
        return new StartedServerMigrator(server, history);
    }

    /** Says how the product migrates. */
    public static final class Builder {

        private final Starter starter;
        private Optional<ServerSign> sign = Optional.empty();
        private Optional<Supplier<? extends Collection<String>>> versions = Optional.empty();
        private HistoryTable history = new HistoryTable("", HistoryTable.DEFAULT_NAME);
        private Duration limit = DEFAULT_LIMIT;

        private Builder(Starter starter) {
            this.starter = starter;
        }

        /**
         * Lists the versions that the code can start.
         *
         * @param versions the versions, in any order
         * @return this
         */
        public Builder versions(String... versions) {
            List<String> listed = List.copyOf(Arrays.asList(versions));
            this.versions = Optional.of(() -> listed);
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
         * Says that the server migrates on after the code has returned.
         *
         * @param sign what it shows when it is done: {@link ServerSign#http} or {@link ServerSign#history}; by default it is
         *     done when the code returns
         * @return this
         * @throws IllegalArgumentException if it is a line of a log, which is not read in this JVM
         */
        public Builder until(ServerSign sign) {
            if (sign.line().isPresent()) {
                throw new IllegalArgumentException(
                        "ServerMigrator reads no log: let the code return when its server has"
                                + " migrated, or take ServerSign.http or ServerSign.history");
            }
            this.sign = Optional.of(sign);
            return this;
        }

        /**
         * Limits how long the server may take to start, and how long to show its sign.
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
            return new ServerMigrator(
                    this,
                    versions.orElseThrow(() -> new MigrationException(
                            "Which versions does the code start? ServerMigrator.of(…) lacks versions(\"1.0\", \"1.1\")",
                            null)));
        }
    }

    @Override
    String by(Version version) {
        return "the server of " + version;
    }

    @Override
    String told() {
        return " and the version";
    }

    @Override
    Brought bring(TestDatabase database, Version version) {
        String name = "The server of " + version;
        try (AutoCloseable server =
                LimitedStart.of("server of " + version, () -> starter.start(version.toString(), database), limit())) {
            Objects.requireNonNull(server, "the code returned no server");
            if (sign.isPresent()) {
                try (SignWatch watch = new SignWatch(sign.get(), database, history(), version, limit())) {
                    if (!watch.await(() -> true, () -> false, () -> local(sign.get()))) {
                        return failed(
                                name,
                                "had not shown " + sign.get() + " after " + describe(limit()) + ", and was closed",
                                "it shows another sign: look at until; or it takes that long: give it more by timeLimit");
                    }
                }
            }
        } catch (TimeoutException e) {
            return failed(
                    name,
                    "had not started after " + describe(limit()) + ", and was interrupted",
                    "it waits for something; or it takes that long: give it more by timeLimit");
        } catch (ServerException e) {
            throw new MigrationException(String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            return new Brought(name, "", Optional.empty(), Optional.of(failure(name, e, database)));
        }
        return new Brought(name, "was started and closed", Optional.empty(), Optional.empty());
    }

    /** {@return what failed; what the server printed, the test's own output shows} */
    private static Brought failed(String name, String did, String hint) {
        return new Brought(
                name, did, Optional.empty(), Optional.of(new MigrationFailure("", 0, "", "", name + " " + did, hint)));
    }

    private static URI local(ServerSign sign) {
        return URI.create("http://127.0.0.1:" + sign.port().orElseThrow());
    }

    private static MigrationFailure failure(String name, Exception e, TestDatabase database) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String state = root instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return new MigrationFailure(
                "",
                0,
                "",
                state,
                name + " failed: " + message,
                database.engine().likelyCause(state, message).orElse(""));
    }

    /** {@return the migrator for people} */
    @Override
    public String toString() {
        return "the product's server";
    }
}
