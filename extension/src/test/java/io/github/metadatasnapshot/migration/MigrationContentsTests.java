package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationContentsTests {

    @TempDir
    private Path directory;

    private Optional<String> contents(String configuration) throws IOException {
        Files.writeString(
                Files.createDirectories(directory.resolve("sql")).resolve("V1__people.sql"),
                "CREATE TABLE person (id INT);");
        Path file = Files.writeString(directory.resolve("flyway.toml"), "[flyway]\n" + configuration);
        FlywaySettings settings = new FlywaySettings(
                List.of(file.toString()),
                List.of("filesystem:" + directory.resolve("sql")),
                "",
                List.of(),
                Map.of(),
                Optional.empty(),
                false);
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            return new FlywayMigrator(settings, Engine.POSTGRESQL, getClass().getClassLoader())
                    .contents(database, Version.of("1"));
        }
    }

    @Test
    void areTheSameWhereNothingIsDifferent() throws IOException {
        assertThat(contents("outOfOrder = true"))
                .isPresent()
                .isEqualTo(contents("outOfOrder = true"))
                .isNotEqualTo(contents("outOfOrder = false"));
    }

    @Test
    void cannotBeToldWhereCallbacksMayLieElsewhere() throws IOException {
        assertThat(contents("callbackLocations = [\"filesystem:" + directory + "\"]"))
                .isEmpty();
    }
}
