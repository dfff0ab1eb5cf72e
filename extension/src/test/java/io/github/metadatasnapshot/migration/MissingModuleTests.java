package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.ClassPaths;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Flyway without its module for the engine. */
class MissingModuleTests {

    @Test
    void isNamedWithTheWayOut() throws Exception {
        Map<String, String> login = TestKit.external();
        try (URLClassLoader without = ClassPaths.without("flyway-database-postgresql")) {
            assertThatThrownBy(() -> call(
                            without,
                            login.get("metadatasnapshot.external.postgresql.url"),
                            login.get("metadatasnapshot.external.postgresql.user"),
                            login.get("metadatasnapshot.external.postgresql.password")))
                    .hasMessageStartingWith(
                            "The migrations cannot be read: Flyway's module for PostgreSQL is not on the class"
                                    + " path. Add org.flywaydb:flyway-database-postgresql")
                    .hasMessageContaining(
                            "to the dependencies of the tests, in the version of flyway-core (Flyway says: ");
        }
    }

    private static void call(ClassLoader loader, String url, String user, String password) throws Throwable {
        var method = loader.loadClass(MissingModuleTests.class.getName())
                .getDeclaredMethod("read", String.class, String.class, String.class);
        method.setAccessible(true);
        try {
            method.invoke(null, url, user, password);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    static void read(String url, String user, String password) throws ClassNotFoundException {
        // DriverManager looks for drivers on the class path of the JVM only.
        Class.forName("org.postgresql.Driver");
        ExternalSettings login = new ExternalSettings(url, user, password, false);
        try (Servers servers =
                        new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.POSTGRESQL, login)));
                TestDatabase database =
                        servers.get(ServerSpec.parse("postgres:17")).createDatabase()) {
            new FlywayMigrator(
                            new FlywaySettings(
                                    List.of(),
                                    List.of("migrations/simple"),
                                    "",
                                    List.of(),
                                    Map.of(),
                                    Optional.empty(),
                                    false),
                            Engine.POSTGRESQL,
                            MissingModuleTests.class.getClassLoader())
                    .versions(database);
        }
    }
}
