package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownVersionsTests {

    private final KnownVersions known = new KnownVersions();
    private final List<String> read = new ArrayList<>();
    private final Migrator migrator = migrator();

    @TempDir
    private Path directory;

    private static Migrator migrator() {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of("classpath:migrations/library/postgresql"),
                        "",
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        false),
                Engine.POSTGRESQL,
                KnownVersionsTests.class.getClassLoader());
    }

    /** The version is all that a file holds. */
    private Version version(String name) {
        Path file = directory.resolve(name);
        return known.of(Backup.of(file), migrator, () -> {
            read.add(name);
            try {
                String text = Files.readString(file);
                if (!Version.isVersion(text)) {
                    throw new BackupException(name + " tells no version");
                }
                return Version.of(text);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void areReadOnceWhateverTheName() throws IOException {
        write("a", "1.1");
        write("b", "1.1");
        write("c", "1.2");

        assertThat(version("a")).hasToString("1.1");
        assertThat(version("a")).hasToString("1.1");
        assertThat(version("b")).hasToString("1.1");
        assertThat(version("c")).hasToString("1.2");
        assertThat(read).containsExactly("a", "c");
    }

    @Test
    void areReadAgainOfAFileThatWasReplaced() throws IOException {
        write("a", "1.1");
        assertThat(version("a")).hasToString("1.1");

        write("a", "1.10");
        assertThat(version("a")).hasToString("1.10");
    }

    @Test
    void areNotRememberedWhereAFileTellsNone() throws IOException {
        write("a", "none");
        write("b", "none");

        assertThatThrownBy(() -> version("a")).hasMessage("a tells no version");
        assertThatThrownBy(() -> version("b")).hasMessage("b tells no version");
    }
}
