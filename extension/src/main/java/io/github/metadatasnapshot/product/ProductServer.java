package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ServerStart.Outcome;
import io.github.metadatasnapshot.server.CommandContainer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * How the product's server of a version is started, and what one that works answers. It is started on copies of the databases
 * of tests: that of the new version after each upgrade that succeeded, that of the backup's version after each restore, and the
 * one that {@code MetadataDatabase.startServer} names.
 *
 * <pre>{@code
 * ProductServer.ofImage("acme/server:{version}")
 *         .environment("DB_URL", "{jdbcUrl}")
 *         .environment("DB_USER", "{user}")
 *         .environment("DB_PASSWORD", "{password}")
 *         .until(ServerSign.http(8080, "/health"))
 *         .answers("/api/assets", "\"orders\"")
 *         .build();
 * }</pre>
 *
 * <p>The placeholders are those of {@link io.github.metadatasnapshot.migration.ContainerMigrator}. Safe for use by several
 * threads if the code of a server in this JVM is.
 *
 * @since 0.1
 */
public final class ProductServer {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(2);

    private final Starting starting;
    private final List<Version> versions;
    private final List<ServerRequest> requests;
    private final Duration limit;

    private ProductServer(Builder builder) {
        this.starting = builder.starting();
        this.versions = List.copyOf(builder.versions);
        this.requests = List.copyOf(builder.requests);
        this.limit = builder.limit;
    }

    /** Starts a server in this JVM. */
    @FunctionalInterface
    public interface Starter {

        /**
         * Starts the server.
         *
         * @param version the version
         * @param database the database that it is to use
         * @return the server, which is closed after use
         * @throws Exception if it does not start; the message is what it says
         */
        Running start(String version, TestDatabase database) throws Exception;
    }

    /** A server in this JVM that runs. */
    public interface Running extends AutoCloseable {

        /** {@return where it answers, such as {@code http://localhost:8080}} */
        URI url();
    }

    /** Looks at an answer of a server. */
    @FunctionalInterface
    public interface Check {

        /**
         * Asks the server.
         *
         * @param server where it answers, such as {@code http://localhost:32768}
         * @throws Exception what is wrong with the answer, or an {@link AssertionError}
         */
        void check(URI server) throws Exception;
    }

    /**
     * Begins a server in a container, on the network of the database's own where that is one.
     *
     * @param image the image of a version, such as {@code acme/server:{version}}
     * @return what says the rest
     */
    public static Builder ofImage(String image) {
        return new Builder(Optional.of(new ContainerTemplate("ProductServer", image)), Optional.empty());
    }

    /**
     * Begins a server in this JVM.
     *
     * @param starter starts it
     * @return what says the rest
     */
    public static Builder of(Starter starter) {
        return new Builder(Optional.empty(), Optional.of(starter));
    }

    /** Says how the server is started. */
    public static final class Builder {

        private final Optional<ContainerTemplate> template;
        private final Optional<Starter> starter;
        private final List<Version> versions = new ArrayList<>();
        private final List<ServerRequest> requests = new ArrayList<>();
        private Optional<ServerSign> sign = Optional.empty();
        private OptionalInt port = OptionalInt.empty();
        private Duration limit = DEFAULT_LIMIT;

        private Builder(Optional<ContainerTemplate> template, Optional<Starter> starter) {
            this.template = template;
            this.starter = starter;
        }

        /**
         * Sets the program that runs the command. For servers in containers.
         *
         * @param program the program and its first arguments, as of {@link #command}; by default the image's own
         * @return this
         * @throws IllegalArgumentException as of {@link #command}
         */
        public Builder entrypoint(String... program) {
            container("entrypoint").entrypoint(program);
            return this;
        }

        /**
         * Sets the command. For servers in containers.
         *
         * @param arguments the command; by default the image's own
         * @return this
         * @throws IllegalArgumentException if it names <code>{user}</code>, <code>{password}</code> or <code>
         *     {jdbcUrl}</code>, which all could read there
         */
        public Builder command(String... arguments) {
            container("command").command(arguments);
            return this;
        }

        /**
         * Sets a variable of the server's. For servers in containers.
         *
         * @param name the name
         * @param value the value
         * @return this
         */
        public Builder environment(String name, String value) {
            container("environment").environment(name, value);
            return this;
        }

        /**
         * Puts a file into the container, readable by all in it.
         *
         * @param path the absolute path
         * @param content the text
         * @return this
         */
        public Builder file(String path, String content) {
            container("file").file(path, content);
            return this;
        }

        /**
         * Says what a server in a container shows once it has started. One in this JVM has when its code returns.
         *
         * @param sign {@link ServerSign#http} or {@link ServerSign#log}
         * @return this
         * @throws IllegalArgumentException if it is {@link ServerSign#history}, which says nothing of a server on a database
         *     that was migrated before
         */
        public Builder until(ServerSign sign) {
            container("until");
            if (sign == ServerSign.history()) {
                throw new IllegalArgumentException(
                        "ProductServer is started on a database that has its version already, so that"
                                + " the history does not show whether it has started: take ServerSign.http or ServerSign.log");
            }
            this.sign = Optional.of(sign);
            return this;
        }

        /**
         * Says at which port of its container the server answers requests.
         *
         * @param port the port; by default that of {@link ServerSign#http}
         * @return this
         */
        public Builder port(int port) {
            container("port");
            this.port = OptionalInt.of(port);
            return this;
        }

        /**
         * Lists the versions that there are servers of. Upgrades to others, and restores of their backups, are judged without
         * a server, and the report says so.
         *
         * @param versions the versions; by default there is a server of each
         * @return this
         * @throws IllegalArgumentException if one is none
         */
        public Builder versions(String... versions) {
            this.versions.clear();
            Arrays.stream(versions).map(Version::of).sorted().forEach(this.versions::add);
            return this;
        }

        /**
         * Adds a request that a working server answers with a status from 200 to 299. Requests are sent in their order.
         *
         * @param path the path, such as {@code /api/assets}
         * @return this
         * @throws IllegalArgumentException if it does not begin with {@code /}
         */
        public Builder answers(String path) {
            requests.add(ServerRequest.get(path, Optional.empty()));
            return this;
        }

        /**
         * Adds a request that a working server answers with a status from 200 to 299 and a body.
         *
         * @param path the path, such as {@code /api/assets}
         * @param pattern a regular expression that is found in the body
         * @return this
         * @throws IllegalArgumentException if the path does not begin with {@code /}, or the pattern is none
         */
        public Builder answers(String path, String pattern) {
            requests.add(ServerRequest.get(path, Optional.of(Pattern.compile(pattern))));
            return this;
        }

        /**
         * Adds a request that is made by code: one that logs in first, or writes something.
         *
         * @param name what it is, for people, such as {@code the search for orders}
         * @param check sends it, and throws what is wrong with the answer
         * @return this
         */
        public Builder answers(String name, Check check) {
            requests.add(new ServerRequest(name, check));
            return this;
        }

        /**
         * Limits how long the server may take to start.
         *
         * @param limit the time; by default 2 minutes
         * @return this
         */
        public Builder timeLimit(Duration limit) {
            this.limit = limit;
            return this;
        }

        /**
         * Makes the server.
         *
         * @return the server
         * @throws ServerException if a server in a container has no sign, or requests and no port
         */
        public ProductServer build() {
            return new ProductServer(this);
        }

        private ContainerTemplate container(String what) {
            return template.orElseThrow(() -> new IllegalArgumentException(
                    "ProductServer." + what + " is for servers in containers, ProductServer.ofImage"));
        }

        private Starting starting() {
            if (template.isEmpty()) {
                return new InThisJvm(starter.orElseThrow());
            }
            String image = template.get().image();
            ServerSign shown = sign.orElseThrow(() -> new ServerException(
                    "When has a server of " + image + " started? ProductServer.ofImage(\"" + image
                            + "\") lacks until(ServerSign.http(8080, \"/health\")) or until(ServerSign.log(\"Started\"))",
                    null));
            OptionalInt listens = port.isPresent() ? port : shown.port();
            if (!requests.isEmpty() && listens.isEmpty()) {
                throw new ServerException(
                        "Where does a server of " + image + " answer? ProductServer.ofImage(\"" + image
                                + "\") lacks port(8080)",
                        null);
            }
            if (port.isPresent() && shown.port().isPresent() && !port.equals(shown.port())) {
                throw new ServerException(
                        "ProductServer asks a server of " + image + " at one port: until says "
                                + shown.port().getAsInt() + ", and port " + port.getAsInt(),
                        null);
            }
            return new InContainer(template.get().copy(), shown, listens);
        }
    }

    /** {@return the versions that there are servers of, in their order; empty where there is one of each} */
    public List<Version> versions() {
        return versions;
    }

    /** {@return why there is no server of a version, empty where there is one} */
    public Optional<String> whyNone(Version version) {
        return versions.isEmpty() || versions.contains(version)
                ? Optional.empty()
                : Optional.of("there are servers of "
                        + String.join(
                                ", ", versions.stream().map(Version::toString).toList()));
    }

    /** {@return why no server can be started here, empty where it can} */
    public Optional<String> whyUnavailable() {
        return starting.whyUnavailable();
    }

    /**
     * Starts a server, sends it the requests up to the first wrong answer, and stops it.
     *
     * @param database the database that it is told
     * @param version its version
     * @return what came of it, without a look at the database
     * @throws ServerException if there is no server of the version, or the container cannot be started
     */
    public ServerStart start(TestDatabase database, Version version) {
        return start(database, version, requests, "", after -> {});
    }

    /**
     * Starts a server as {@link #start(TestDatabase, Version)} does, and sends it no request.
     *
     * @param database the database that it is told
     * @param version its version
     * @return what came of it
     * @throws ServerException as of {@link #start(TestDatabase, Version)}
     */
    public ServerStart startOnly(TestDatabase database, Version version) {
        return start(database, version, List.of(), "", after -> {});
    }

    /**
     * Starts a server as {@link #start(TestDatabase, Version)} does, and looks at the database before and after it, and after
     * each request.
     *
     * @param database the database that it is told
     * @param version its version
     * @param history the history table of the database
     * @return what came of it
     * @throws ServerException as of {@link #start(TestDatabase, Version)}, or if the database cannot be read
     */
    public ServerStart startWatched(TestDatabase database, Version version, HistoryTable history) {
        StateWatch watch = new StateWatch(database, history);
        ServerStart start = start(database, version, requests, " at " + watch.version(), watch);
        // What it does as it stops is told as well.
        watch.look("its end");
        return start.changing(watch.change());
    }

    /** Is told what a server has just done. */
    interface Observer {
        void look(String after);
    }

    private ServerStart start(
            TestDatabase database, Version version, List<ServerRequest> sent, String at, Observer observer) {
        whyNone(version).ifPresent(reason -> {
            throw new ServerException("There is no server of " + version + ": " + reason, null);
        });
        // As the product spells it, on which the image depends.
        Version spelled = versions.stream().filter(version::equals).findFirst().orElse(version);
        Act act = starting.start(database, spelled, limit, url -> answers(url, sent, observer));
        return new ServerStart(
                "the server of " + version,
                database.server().spec() + at,
                act.outcome(),
                act.did(),
                act.said(),
                act.answers().right(),
                act.answers().wrong(),
                Optional.empty(),
                Optional.empty());
    }

    /** How the answers of a server are. */
    record Answers(int right, Optional<String> wrong) {

        static final Answers NONE = new Answers(0, Optional.empty());
    }

    private static Answers answers(Optional<URI> url, List<ServerRequest> requests, Observer observer) {
        observer.look("its start");
        int right = 0;
        for (ServerRequest request : requests) {
            Optional<String> wrong = request.send(url.orElseThrow());
            observer.look(request.name());
            if (wrong.isPresent()) {
                return new Answers(right, wrong);
            }
            right++;
        }
        return new Answers(right, Optional.empty());
    }

    /** What a server did. */
    record Act(Outcome outcome, String did, String said, Answers answers) {

        Act(Outcome outcome, String did, String said) {
            this(outcome, did, said, Answers.NONE);
        }
    }

    /** Sends the requests to a server that has started. */
    interface Requests {
        Answers to(Optional<URI> url);
    }

    /** Starts servers. */
    private interface Starting {

        Optional<String> whyUnavailable();

        Act start(TestDatabase database, Version version, Duration limit, Requests requests);
    }

    private record InContainer(ContainerTemplate template, ServerSign sign, OptionalInt port) implements Starting {

        @Override
        public String toString() {
            return "ProductServer.ofImage(\"" + template.image() + "\")";
        }

        @Override
        public Optional<String> whyUnavailable() {
            return CommandContainer.whyUnavailable()
                    .map(reason -> "it takes a container of " + template.image() + ": " + reason);
        }

        @Override
        public Act start(TestDatabase database, Version version, Duration limit, Requests requests) {
            try (CommandContainer.Running server =
                    template.start(database, version, port, sign.line()).container()) {
                boolean shown;
                Optional<HttpAnswer> lastAnswer;
                HistoryTable none = new HistoryTable("", HistoryTable.DEFAULT_NAME);
                try (SignWatch watch = new SignWatch(sign, database, none, version, limit)) {
                    shown = watch.await(() -> server.status().isEmpty(), server::hasPrinted, server::url);
                    lastAnswer = watch.lastAnswer();
                }
                if (shown) {
                    Answers answers = requests.to(port.isPresent() ? Optional.of(server.url()) : Optional.empty());
                    String said = answers.wrong().isPresent() ? server.output() : "";
                    server.stop();
                    return new Act(Outcome.STARTED, "started", said, answers);
                }
                OptionalInt status = server.status();
                if (status.isPresent()) {
                    return new Act(
                            Outcome.ENDED,
                            "ended with status " + status.getAsInt() + " before it showed " + sign,
                            server.output());
                }
                server.stop();
                String waited = "had not shown " + sign + " after " + describe(limit);
                return lastAnswer
                        .map(answer -> new Act(
                                Outcome.DECLINED,
                                waited + ", but answered " + answer.status(),
                                answer.body().strip()))
                        .orElseGet(() -> new Act(Outcome.NOTHING, waited + ", and was stopped", server.output()));
            }
        }
    }

    private record InThisJvm(Starter starter) implements Starting {

        @Override
        public String toString() {
            return "ProductServer.of(…)";
        }

        @Override
        public Optional<String> whyUnavailable() {
            return Optional.empty();
        }

        @Override
        public Act start(TestDatabase database, Version version, Duration limit, Requests requests) {
            Running started;
            try {
                started = Objects.requireNonNull(
                        LimitedStart.of(
                                "server of " + version, () -> starter.start(version.toString(), database), limit),
                        "the code returned no server");
            } catch (TimeoutException e) {
                return new Act(
                        Outcome.NOTHING, "had not started after " + describe(limit) + ", and was interrupted", "");
            } catch (ServerException e) {
                throw e;
            } catch (Exception e) {
                return new Act(Outcome.ENDED, "did not start", rootMessage(e));
            }
            try (Running server = started) {
                return new Act(Outcome.STARTED, "started", "", requests.to(Optional.of(server.url())));
            } catch (ServerException e) {
                throw e;
            } catch (Exception e) {
                throw new ServerException("The server of " + version + " cannot be closed: " + rootMessage(e), e);
            }
        }
    }

    /** {@return the server for people} */
    @Override
    public String toString() {
        return starting.toString();
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static String describe(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
