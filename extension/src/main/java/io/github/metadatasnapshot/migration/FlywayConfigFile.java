package io.github.metadatasnapshot.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reads a configuration file of Flyway's into the flat keys that its public API takes. */
final class FlywayConfigFile {

    private FlywayConfigFile() {}

    /**
     * Reads a file.
     *
     * @param location a resource of the class path or a path, ending in {@code .toml} or {@code .conf}
     * @return the settings by key, such as {@code flyway.table}; those that choose a database are left out
     */
    static Map<String, String> read(String location, ClassLoader classLoader) {
        Map<String, String> settings = new TreeMap<>();
        try (InputStream in = open(location, classLoader);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            if (location.endsWith(".toml")) {
                // Environments hold databases, and the database is the test's.
                flatten("flyway", new TomlMapper().readTree(reader).path("flyway"), settings);
            } else if (location.endsWith(".conf") || location.endsWith(".properties")) {
                Properties properties = new Properties();
                properties.load(reader);
                properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
            } else {
                throw new MigrationException(
                        "'" + location + "' is no configuration file of Flyway's: it takes a .toml or a .conf file",
                        null);
            }
        } catch (IOException | JacksonException e) {
            throw new MigrationException(
                    "The Flyway configuration file '" + location + "' cannot be read: " + e.getMessage(), e);
        }
        List.of("url", "user", "password", "driver", "environment", "target")
                .forEach(key -> settings.remove("flyway." + key));
        return settings;
    }

    private static InputStream open(String location, ClassLoader classLoader) throws IOException {
        InputStream resource = classLoader.getResourceAsStream(location);
        if (resource != null) {
            return resource;
        }
        Path file = Path.of(location);
        if (!Files.exists(file)) {
            throw new MigrationException(
                    "There is no Flyway configuration file '" + location + "', neither on the class path nor at "
                            + file.toAbsolutePath(),
                    null);
        }
        return Files.newInputStream(file);
    }

    private static void flatten(String key, JsonNode node, Map<String, String> settings) {
        if (node.isObject()) {
            node.properties().forEach(field -> flatten(key + "." + field.getKey(), field.getValue(), settings));
        } else if (node.isArray()) {
            List<String> values = new ArrayList<>();
            node.forEach(value -> values.add(value.asString()));
            settings.put(key, String.join(",", values));
        } else if (!node.isMissingNode()) {
            settings.put(key, node.asString());
        }
    }
}
