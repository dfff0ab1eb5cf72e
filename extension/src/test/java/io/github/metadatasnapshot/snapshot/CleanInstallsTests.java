package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanInstallsTests {

    private final DatabaseServer server = TestKit.externalServer();
    private Scripts scripts;

    @BeforeEach
    void writeMigrations(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);")
                .with("V2__half.sql", "SELECT * FROM nowhere;");
    }

    @Test
    void isMadeOnceForAllThreadsAndLeavesNothingBehind() throws Exception {
        CleanInstalls installs = new CleanInstalls();
        Migrator migrator = scripts.migrator(server.engine());
        List<String> databases = Library.databases(server);
        Set<CleanInstall> made = Collections.newSetFromMap(new IdentityHashMap<>());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<CleanInstall>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> installs.of(server, migrator, Version.of("1"))));
            }
            for (Future<CleanInstall> each : all) {
                made.add(each.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(made).hasSize(1);
        CleanInstall install = made.iterator().next();
        assertThat(install.obstacle()).isEmpty();
        assertThat(install.shape().orElseThrow()).hasToString("""
                        column person.id: integer NOT NULL
                        column order person: id
                        constraint person.person_pkey: PRIMARY KEY (id)
                        table person: TABLE
                        """);
        assertThat(Library.databases(server)).isEqualTo(databases);
    }

    @Test
    void aFailureIsRememberedAndTold() {
        CleanInstalls installs = new CleanInstalls();
        Migrator migrator = scripts.migrator(server.engine());
        CleanInstall failed = installs.of(server, migrator, Version.of("2"));
        scripts.with("V2__half.sql", "SELECT 1;");

        assertThat(failed.shape()).isEmpty();
        assertThat(failed.obstacle()).startsWith("in V2__half.sql, line 1: ERROR: relation \"nowhere\" does not exist");
        assertThat(installs.of(server, migrator, Version.of("2"))).isSameAs(failed);
        assertThat(new CleanInstalls().of(server, migrator, Version.of("2")).obstacle())
                .isEmpty();
    }

    @Test
    void anotherMigratorHasItsOwn() {
        CleanInstalls installs = new CleanInstalls();
        CleanInstall first = installs.of(server, scripts.migrator(server.engine()), Version.of("1"));
        scripts.with("V1__people.sql", "CREATE TABLE person (id BIGINT);");

        assertThat(installs.of(server, scripts.migrator(server.engine()), Version.of("1")))
                .isNotEqualTo(first);
    }
}
