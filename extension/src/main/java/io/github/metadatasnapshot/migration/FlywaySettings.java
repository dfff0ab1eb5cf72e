package io.github.metadatasnapshot.migration;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Flyway is configured. What is empty here is left to the configuration files, and then to Flyway's own default.
 *
 * @param configFiles configuration files of the product, {@code flyway.toml} or {@code flyway.conf}, on the class path
 *     or as paths; a later one wins
 * @param locations where the migrations are; {@code {engine}} stands for the engine's name
 * @param table the name of the history table
 * @param schemas the schemas that Flyway manages, the first of which holds the history table
 * @param placeholders values by name
 * @param customizer what configures the rest
 * @param versionedOnly whether repeatable SQL migrations and SQL callbacks are left out when an old version is prepared
 */
public record FlywaySettings(
        List<String> configFiles,
        List<String> locations,
        String table,
        List<String> schemas,
        Map<String, String> placeholders,
        Optional<FlywayCustomizer> customizer,
        boolean versionedOnly) {

    /** Copies the collections. */
    public FlywaySettings {
        configFiles = List.copyOf(configFiles);
        locations = List.copyOf(locations);
        schemas = List.copyOf(schemas);
        placeholders = Map.copyOf(placeholders);
    }
}
