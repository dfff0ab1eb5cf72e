package io.github.metadatasnapshot.testsupport;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs classes through the JUnit Platform as a user's build would. */
public final class TestKit {

    private TestKit() {}

    /** The settings for the embedded server that all tests share, which runs as an external one does: at once. */
    private static final class Shared {
        static final ExternalSettings LOGIN = ExternalLogins.createRole(TestServers.embedded(), "testkit", "CREATEDB");
        static final Servers SERVERS =
                new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.POSTGRESQL, LOGIN)));
    }

    /** {@return the server that {@link #run(Class)} uses} */
    public static DatabaseServer externalServer() {
        return Shared.SERVERS.get(ServerSpec.parse("postgres:17"));
    }

    /** {@return a server of which its user has the given, empty database only} */
    public static DatabaseServer singleDatabaseServer(TestDatabase only) {
        ExternalSettings login = new ExternalSettings(only.jdbcUrl(), only.user(), only.password(), true);
        return new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.POSTGRESQL, login)))
                .get(ServerSpec.parse("postgres:17"));
    }

    /** Runs a class on a PostgreSQL 17 that runs already, as a user who may create databases and no more. */
    public static EngineExecutionResults run(Class<?> testClass) {
        return run(testClass, external());
    }

    /** Runs a class as {@link #run(Class)} does, with a further setting. */
    public static EngineExecutionResults run(Class<?> testClass, String key, String value) {
        Map<String, String> settings = external();
        settings.put(key, value);
        return run(testClass, settings);
    }

    /** Runs a class on embedded servers, each of which takes more than a second to start. */
    public static EngineExecutionResults runEmbedded(Class<?> testClass) {
        return run(testClass, Map.of("metadatasnapshot.provider", "embedded"));
    }

    /** Runs a class with the given settings and no other. */
    public static EngineExecutionResults run(Class<?> testClass, Map<String, String> settings) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameters(settings)
                .execute();
    }

    /** Runs a class with the given settings, and keeps in one directory the files that its tests publish. */
    public static EngineExecutionResults run(Class<?> testClass, Map<String, String> settings, Path published) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameters(settings)
                .outputDirectoryCreator(new OutputDirectoryCreator() {
                    @Override
                    public Path getRootDirectory() {
                        return published;
                    }

                    @Override
                    public Path createOutputDirectory(TestDescriptor test) {
                        return published;
                    }
                })
                .execute();
    }

    /** {@return the settings of {@link #run(Class)}, to be added to} */
    public static Map<String, String> external() {
        return external(Shared.LOGIN);
    }

    /** {@return the settings for an external PostgreSQL} */
    public static Map<String, String> external(ExternalSettings login) {
        Map<String, String> settings = new HashMap<>();
        settings.put("metadatasnapshot.provider", "external");
        settings.put("metadatasnapshot.external.postgresql.url", login.url());
        settings.put("metadatasnapshot.external.postgresql.user", login.user());
        settings.put("metadatasnapshot.external.postgresql.password", login.password());
        settings.put("metadatasnapshot.external.postgresql.single-database", "" + login.singleDatabase());
        settings.put("metadatasnapshot.external.postgresql.probe", "" + !login.singleDatabase());
        // The client in a container is what ManagedServerTests is about.
        settings.put("metadatasnapshot.external.postgresql.client", login.client() ? "container" : "jdbc");
        return settings;
    }

    /** {@return what the only test or container that failed says} */
    public static Throwable failure(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing failed"));
    }

    /** Throws the first failure, and otherwise checks how many tests succeeded and that none was left out. */
    public static void assertAllSucceeded(EngineExecutionResults results, int tests) {
        if (results.allEvents().failed().count() > 0) {
            throw new AssertionError(failure(results));
        }
        results.testEvents()
                .assertStatistics(stats -> stats.succeeded(tests).skipped(0).aborted(0));
    }
}
