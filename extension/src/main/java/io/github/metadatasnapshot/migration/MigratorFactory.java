package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;

/**
 * Makes what migrates the databases of a test, for a product that has something else in Flyway's place, or lays its
 * migrations out in another way: see {@link VersionedDirectoryLayout}, and {@link ContainerMigrator} for a product's own
 * command.
 *
 * <pre>{@code
 * final class Releases implements MigratorFactory {
 *     @Override
 *     public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
 *         VersionedDirectoryLayout layout = VersionedDirectoryLayout.in(Path.of("sql"))
 *                 .scripts("([\\d.]+)/schema\\.sql", "$1")
 *                 .scripts("([\\d.]+)/data\\.sql", "$1");
 *         return new FlywayMigrator(settings, engine, classLoader, layout);
 *     }
 * }
 * }</pre>
 *
 * <p>An implementation needs a constructor without parameters; it need not be public.
 */
@FunctionalInterface
public interface MigratorFactory {

    /**
     * Creates a migrator, which serves all tests of a run that name the same factory and settings.
     *
     * @param settings what the annotation says of Flyway
     * @param engine the engine of the databases that are migrated
     * @param classLoader finds what lies on the test's class path
     * @return the migrator
     * @throws MigrationException if something that it needs is missing or wrong
     */
    Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader);

    /** Takes Flyway. */
    final class BuiltIn implements MigratorFactory {

        /** Creates the factory. */
        public BuiltIn() {}

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return new FlywayMigrator(settings, engine, classLoader);
        }
    }
}
