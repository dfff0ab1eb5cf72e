package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Migrations that a test writes itself. */
final class ScriptedMigrations {

    private final Path directory;
    private final FlywayCustomizer customizer;
    private int version;

    ScriptedMigrations(Path directory, FlywayCustomizer customizer) {
        this.directory = directory;
        this.customizer = customizer;
    }

    ScriptedMigrations(Path directory) {
        this(directory, flyway -> {});
    }

    ScriptedMigrations add(String sql) {
        version++;
        try {
            Files.writeString(directory.resolve("V" + version + "__step.sql"), sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FlywayMigrator migrator(TestDatabase database) {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of("filesystem:" + directory),
                        "",
                        List.of(),
                        Map.of(),
                        Optional.of(customizer),
                        false),
                database.engine(),
                ScriptedMigrations.class.getClassLoader());
    }

    /** Applies those that were added since the last time. */
    Upgrade upgrade(TestDatabase database) {
        return Upgrade.run(database, migrator(database), Optional.empty());
    }

    /** {@return what the migrations did that were added since the last time} */
    List<MigrationEffects> effects(TestDatabase database) {
        Upgrade upgrade = upgrade(database);
        if (!upgrade.succeeded()) {
            throw new AssertionError(
                    upgrade.failure().map(MigrationFailure::describe).orElse("not succeeded"));
        }
        return upgrade.migrations().stream().map(AppliedMigration::effects).toList();
    }
}
