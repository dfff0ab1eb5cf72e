package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A migration of a {@link VersionedDirectoryLayout}.
 *
 * @param description what it is called; empty for what its first script is
 * @param directory its directory, where that stands for the version; else the empty string
 * @param scripts the paths of its scripts, relative to the layout's root
 */
record LayoutMigration(
        Version version,
        Optional<String> description,
        String directory,
        List<String> scripts,
        Optional<MigrationStep> step) {

    static LayoutMigration of(Version version, Optional<MigrationStep> step) {
        return new LayoutMigration(version, Optional.empty(), "", List.of(), step);
    }

    LayoutMigration in(String path) {
        return new LayoutMigration(version, description, path, scripts, step);
    }

    LayoutMigration with(String script, Optional<String> called) {
        return new LayoutMigration(
                version,
                description.or(() -> called),
                directory,
                Stream.concat(scripts.stream(), Stream.of(script)).toList(),
                step);
    }

    /** {@return the first script, or what stands for it} */
    String path() {
        return scripts.isEmpty() ? directory : scripts.get(0);
    }

    /** {@return the name under which Flyway knows it, and tells its version} */
    String flywayName() {
        String name = description.orElseGet(() -> {
            String path = path();
            return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.sql$", "");
        });
        return "V" + version + "__" + name.replaceAll("[^\\p{L}\\p{N}]+", "_") + ".sql";
    }
}
