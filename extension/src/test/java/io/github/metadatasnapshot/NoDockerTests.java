package io.github.metadatasnapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.ContainerMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.WithoutDocker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What takes a container beside the server, where no Docker engine answers. */
class NoDockerTests {

    private static final String COPY = "target/no-docker/pgdata.tar.zst";

    private static final String NOT_HERE = "no Docker engine answers (";

    @BeforeAll
    static void packDataDirectory() throws IOException {
        Files.createDirectories(Path.of(COPY).getParent());
        try (OutputStream file = new ZstdOutputStream(Files.newOutputStream(Path.of(COPY)));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(file)) {
            for (String path : new String[] {"pgdata/PG_VERSION", "pgdata/global/pg_control"}) {
                byte[] content = "17\n".getBytes(UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(path);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
    }

    @MetadataSnapshot(database = "postgres:17", backup = COPY, locations = "migrations/simple")
    static class CopyTestCases {
        @Test
        void isNeverReached(MetadataDatabase database) {}
    }

    static final class Acme implements MigratorFactory {
        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return ContainerMigrator.of("acme/server:{version}").versions("1").build();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", migrator = Acme.class)
    static class CommandTestCases {
        @Test
        void isNeverReached(MetadataDatabase database) {}
    }

    @Test
    void isNotRunAndSaysWhy() throws IOException {
        assertThat(WithoutDocker.run(TestKit.external(), CopyTestCases.class, CommandTestCases.class))
                .satisfiesExactly(
                        copy -> assertThat(copy)
                                .startsWith("CopyTestCases: aborted: Not run: " + COPY
                                        + " is a copy of a data directory, which only a server in a container of its own"
                                        + " opens. A container of postgres:17 cannot run here: " + NOT_HERE),
                        command -> assertThat(command)
                                .startsWith(
                                        "CommandTestCases: skipped: Not run: postgres:17 cannot be migrated here: its"
                                                + " migrations take a container of acme/server:{version}: "
                                                + NOT_HERE));
    }

    @Test
    void isAnErrorWhereAllMustRun() throws IOException {
        Map<String, String> settings = TestKit.external();
        settings.put("metadatasnapshot.require", "true");
        assertThat(WithoutDocker.run(settings, CopyTestCases.class, CommandTestCases.class))
                .satisfiesExactly(
                        copy -> assertThat(copy)
                                .startsWith("CopyTestCases: failed: " + COPY + " is a copy of a data directory, ")
                                .contains(NOT_HERE),
                        command -> assertThat(command)
                                .startsWith("CommandTestCases: failed: A container of acme/server:1 cannot run here: "
                                        + NOT_HERE));
    }
}
