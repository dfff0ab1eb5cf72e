package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Migrations that a test writes for itself. */
public record Scripts(Path directory) {

    /** Writes a migration, in the place of one of the same name. */
    public Scripts with(String name, String... lines) {
        try {
            Files.write(directory.resolve(name), List.of(lines));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Migrator migrator(Engine engine) {
        return migrator(engine, new FlywayCustomizer.None());
    }

    public Migrator migrator(Engine engine, FlywayCustomizer customizer) {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of("filesystem:" + directory),
                        "",
                        List.of(),
                        Map.of(),
                        Optional.of(customizer),
                        false),
                engine,
                Scripts.class.getClassLoader());
    }
}
