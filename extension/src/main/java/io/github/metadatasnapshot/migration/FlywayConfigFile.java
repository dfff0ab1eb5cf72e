package io.github.metadatasnapshot.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads a configuration file of the product's into the flat keys that Flyway's public API takes: {@code flyway.toml} and {@code
 * flyway.conf} as Flyway's own command does, whose readers are internal, and Spring Boot's {@code application.properties} and {@code
 * application.yml} as Spring Boot does where no profile is active.
 */
final class FlywayConfigFile {

    private static final String PREFIX = "flyway.";
    private static final String SPRING = "spring.flyway.";

    /** What chooses a database or a target, which are the test's; and what only Flyway's own command knows. */
    private static final Set<String> LEFT_OUT = Set.of(
            "url",
            "user",
            "password",
            "driver",
            "environment",
            "provisionMode",
            "environmentProvisionMode",
            "target",
            "configFiles",
            "configFileEncoding",
            "workingDirectory",
            "jarDirs",
            "licenseKey",
            "token",
            "email",
            "edition",
            "color",
            "undoSqlMigrationPrefix");

    /** What Spring Boot has beside that. */
    private static final Set<String> LEFT_OUT_OF_SPRING = Set.of("enabled", "driverClassName");

    /** What a table in {@code [flyway]} may be about when databases are migrated; others are about other commands. */
    private static final Set<String> TABLES =
            Set.of("placeholders", "jdbcProperties", "postgresql", "oracle", "sqlserver");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_]+)}");
    private static final Pattern RESOLVER = Pattern.compile("\\$\\{env\\.([^}:]+)}");
    private static final Pattern SPRINGS_PLACEHOLDER = Pattern.compile("\\$\\{([^}:]+)(?::([^}]*))?}");
    private static final Pattern NEXT_DOCUMENT = Pattern.compile("(?m)^[#!]---\\s*$");
    private static final String ACTIVATE = "spring.config.activate.";
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]$");

    private FlywayConfigFile() {}

    /**
     * Reads a file.
     *
     * @param location a resource of the class path or a path, ending in {@code .toml}, {@code .conf}, {@code .properties}, {@code
     *     .yml} or {@code .yaml}
     * @return the settings by key, such as {@code flyway.table}; those that choose a database are left out
     * @throws MigrationException if the file is missing, cannot be read, or says nothing of Flyway
     */
    static Map<String, String> read(String location, ClassLoader classLoader) {
        Map<String, String> settings;
        try (InputStream in = open(location, classLoader)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (location.endsWith(".toml")) {
                settings = toml(location, text);
            } else if (location.endsWith(".conf") || location.endsWith(".properties")) {
                settings = text.lines().anyMatch(line -> line.strip().startsWith(SPRING))
                        ? spring(location, withoutProfile(documents(text)))
                        : conf(location, text);
            } else if (location.endsWith(".yml") || location.endsWith(".yaml")) {
                Map<String, String> all = withoutProfile(yaml(location, text));
                if (all.keySet().stream().noneMatch(key -> key.startsWith(SPRING))) {
                    throw saysNothing(location);
                }
                settings = spring(location, all);
            } else {
                throw new MigrationException(
                        "'" + location
                                + "' is no configuration file of Flyway's that can be read: it takes a .toml or a"
                                + " .conf file, or Spring Boot's .properties or .yml with " + SPRING
                                + "* in it. For another, set the attributes of the annotation",
                        null);
            }
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new MigrationException(
                    "The Flyway configuration file '" + location + "' cannot be read: " + e.getMessage(), e);
        }
        LEFT_OUT.forEach(key -> settings.remove(PREFIX + key));
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

    private static Map<String, String> properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }

    // flyway.conf

    /**
     * Reads Flyway's own format: properties in which a backslash is one, unless it ends a line that the next one continues, and
     * {@code ${NAME}} is an environment variable, or nothing where there is none.
     */
    private static Map<String, String> conf(String location, String text) throws IOException {
        List<String> lines = text.lines().toList();
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip().replace("\\", "\\\\");
            if (line.endsWith("\\\\") && i + 1 < lines.size() && continues(lines.get(i + 1))) {
                line = line.substring(0, line.length() - 1);
            }
            properties.append(line).append('\n');
        }
        Map<String, String> settings = properties(
                replace(VARIABLE, properties.toString(), name -> System.getenv().getOrDefault(name, "")));
        settings.keySet().removeIf(key -> !key.startsWith(PREFIX));
        if (settings.isEmpty()) {
            throw saysNothing(location);
        }
        return settings;
    }

    private static MigrationException saysNothing(String location) {
        return new MigrationException(
                "The Flyway configuration file '" + location + "' sets nothing of Flyway's: there is no " + PREFIX
                        + "*, nor " + SPRING + "*, in it",
                null);
    }

    private static boolean continues(String line) {
        return !line.isEmpty() && !(line.strip().startsWith(PREFIX) && line.contains("="));
    }

    private static String replace(Pattern pattern, String text, UnaryOperator<String> value) {
        return pattern.matcher(text).replaceAll(variable -> Matcher.quoteReplacement(value.apply(variable.group(1))));
    }

    // flyway.toml

    private static Map<String, String> toml(String location, String text) {
        JsonNode root = new TomlMapper().readTree(text);
        JsonNode flyway = root.path("flyway");
        Map<String, String> settings = new TreeMap<>();
        flyway.properties().forEach(field -> {
            if (!field.getValue().isObject() || TABLES.contains(field.getKey())) {
                flatten(PREFIX + field.getKey(), field.getValue(), settings);
            }
        });
        // An environment is a database, and that is the test's; but it also says what is done there.
        JsonNode environment =
                root.path("environments").path(flyway.path("environment").asString("default"));
        for (String key : List.of("schemas", "initSql")) {
            flatten(PREFIX + key, environment.path(key), settings);
            settings.computeIfPresent(PREFIX + key, (any, value) -> resolved(location, key, value));
        }
        environment
                .path("flyway")
                .properties()
                .forEach(field -> flatten(PREFIX + field.getKey(), field.getValue(), settings));
        return settings;
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

    private static String resolved(String location, String key, String value) {
        return replace(RESOLVER, value, name -> {
            String variable = System.getenv(name.strip());
            if (variable == null) {
                throw unset(location, key, "the environment variable " + name.strip());
            }
            return variable;
        });
    }

    private static MigrationException unset(String location, String key, String what) {
        return new MigrationException(
                "The Flyway configuration file '" + location + "' takes " + key + " from " + what
                        + ", which is not set",
                null);
    }

    // application.properties and application.yml

    private static List<Map<String, String>> documents(String text) throws IOException {
        List<Map<String, String>> documents = new ArrayList<>();
        for (String document : NEXT_DOCUMENT.split(text, -1)) {
            documents.add(properties(document));
        }
        return documents;
    }

    private static List<Map<String, String>> yaml(String location, String text) {
        try {
            return SpringYaml.read(text);
        } catch (NoClassDefFoundError e) {
            throw new MigrationException(
                    "The Flyway configuration file '" + location
                            + "' is YAML, which SnakeYAML reads, as Spring Boot brings"
                            + " it along: add org.yaml:snakeyaml to the tests",
                    e);
        }
    }

    /** Joins the documents of a file: what a later one sets counts, and those for a profile or a platform do not. */
    private static Map<String, String> withoutProfile(List<Map<String, String>> documents) {
        Map<String, String> all = new TreeMap<>();
        documents.stream()
                .filter(document -> document.keySet().stream().noneMatch(key -> key.startsWith(ACTIVATE)))
                .forEach(document -> {
                    document.keySet().stream()
                            .map(key -> INDEX.matcher(key))
                            .filter(Matcher::find)
                            .map(index -> index.replaceFirst("["))
                            .forEach(list -> all.keySet().removeIf(key -> key.startsWith(list)));
                    all.putAll(document);
                });
        return all;
    }

    private static Map<String, String> spring(String location, Map<String, String> all) {
        Map<String, String> settings = new TreeMap<>();
        Map<String, TreeMap<Integer, String>> lists = new TreeMap<>();
        all.forEach((key, value) -> {
            if (!key.startsWith(SPRING)) {
                return;
            }
            String name = key.substring(SPRING.length());
            String resolved = springsValue(location, key, value, all);
            Matcher index = INDEX.matcher(name);
            if (index.find()) {
                lists.computeIfAbsent(flyways(name.substring(0, index.start())), any -> new TreeMap<>())
                        .put(Integer.valueOf(index.group(1)), resolved);
            } else {
                settings.put(flyways(name), resolved);
            }
        });
        lists.forEach((key, values) ->
                settings.put(key, String.join(key.equals("flyway.initSql") ? "\n" : ",", values.values())));
        LEFT_OUT_OF_SPRING.forEach(key -> settings.remove(PREFIX + key));
        return settings;
    }

    /** {@return what Flyway calls a setting; names of placeholders stay as they are} */
    private static String flyways(String springs) {
        if (springs.startsWith("placeholders.")) {
            return PREFIX + springs;
        }
        if (springs.equals("init-sqls") || springs.equals("initSqls")) {
            return PREFIX + "initSql";
        }
        String name = Pattern.compile("[-_](\\w)")
                .matcher(springs)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        return PREFIX + name.replace("transactionalLock", "transactional.lock");
    }

    private static String springsValue(String location, String key, String value, Map<String, String> all) {
        return SPRINGS_PLACEHOLDER.matcher(value).replaceAll(placeholder -> {
            String name = placeholder.group(1);
            String found = Optional.ofNullable(all.get(name))
                    .or(() -> Optional.ofNullable(System.getProperty(name)))
                    .or(() -> Optional.ofNullable(System.getenv(name)))
                    .or(() -> Optional.ofNullable(placeholder.group(2)))
                    .orElseThrow(() -> unset(location, key, "the property " + name));
            return Matcher.quoteReplacement(found);
        });
    }
}
