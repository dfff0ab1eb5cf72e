package io.github.metadatasnapshot;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * The settings of a run. Each is a system property, an environment variable (in capitals, with {@code _} for dots and
 * hyphens: {@code METADATASNAPSHOT_PROVIDER}) or an entry in {@code junit-platform.properties}, and wins in this order.
 *
 * <p>A key that begins with {@code metadatasnapshot.} and is none of these, or a value that a key does not take, is an
 * error.
 *
 * @since 0.1
 */
public final class Settings {

    /** Where servers come from: {@code auto} (the default), {@code container}, {@code embedded} or {@code external}. */
    public static final String PROVIDER = "metadatasnapshot.provider";

    /**
     * Images, separated by commas, that replace those of the annotations. A test keeps the engines that it was written
     * for: it runs on those of the list that are of the same engine as one of its own.
     */
    public static final String DATABASES = "metadatasnapshot.databases";

    /** Whether a database that cannot run here fails the test: {@code true}, or {@code false} (the default). */
    public static final String REQUIRE = "metadatasnapshot.require";

    /**
     * What comes before the engine ({@code postgresql}, {@code mysql} or {@code mariadb}) in the keys of an external
     * server: {@code metadatasnapshot.external.mysql.url} and, likewise, {@code .user}, {@code .password} and {@code
     * .single-database}: {@code true} where the user may not create databases; the one in the URL, empty at first, then
     * serves the tests in turn. By default {@code false}.
     */
    public static final String EXTERNAL = "metadatasnapshot.external.";

    private static final String PREFIX = "metadatasnapshot.";
    private static final String JUNIT_FILE = "junit-platform.properties";
    private static final List<String> EXTERNAL_KEYS = List.of("url", "user", "password", "single-database");

    private final Function<String, Optional<String>> junit;

    private Settings(Function<String, Optional<String>> junit) {
        this.junit = junit;
    }

    /**
     * Reads the settings.
     *
     * @param junit finds JUnit's own configuration parameters
     * @throws ExtensionConfigurationException if a key is unknown, or a value is none that its key takes
     */
    static Settings read(Function<String, Optional<String>> junit) {
        Set<String> known = new TreeSet<>(List.of(PROVIDER, DATABASES, REQUIRE));
        for (Engine engine : Engine.ALL) {
            EXTERNAL_KEYS.forEach(key -> known.add(EXTERNAL + engine.id() + "." + key));
        }
        Set<String> variables = known.stream().map(Settings::variable).collect(toSet());
        checkKeys("system property ", System.getProperties(), known);
        checkKeys("entry in " + JUNIT_FILE + " ", junitFile(), known);
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith(variable(PREFIX)) && !variables.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw unknown("environment variable " + name, String.join(", ", new TreeSet<>(variables)));
                });
        Settings settings = new Settings(junit);
        settings.require();
        settings.databases();
        settings.servers();
        return settings;
    }

    private static void checkKeys(String what, Properties properties, Set<String> known) {
        properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX) && !known.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw unknown(what + key, String.join(", ", known));
                });
    }

    /** JUnit tells the value of a key, but not which keys there are. */
    private static Properties junitFile() {
        Properties properties = new Properties();
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(JUNIT_FILE)) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new ExtensionConfigurationException(JUNIT_FILE + " cannot be read: " + e.getMessage(), e);
        }
        return properties;
    }

    private static ExtensionConfigurationException unknown(String what, String known) {
        return new ExtensionConfigurationException(
                "There is no setting of the name of the " + what + ". The settings are " + known);
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Optional<String> find(String key) {
        Optional<String> value = junit.apply(key);
        if (System.getProperty(key) == null && System.getenv(variable(key)) != null) {
            value = Optional.of(System.getenv(variable(key)));
        }
        value.filter(String::isBlank).ifPresent(blank -> {
            throw new ExtensionConfigurationException(
                    "The setting " + key + " is blank: leave it out, or give it a value");
        });
        return value.map(String::strip);
    }

    private boolean flag(String key) {
        return find(key)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new ExtensionConfigurationException(
                                "The setting " + key + " is '" + value + "': it takes true or false");
                })
                .orElse(false);
    }

    /** {@return whether a database that cannot run here fails the test} */
    boolean require() {
        return flag(REQUIRE);
    }

    /** {@return the databases that replace those of the annotations, empty where they stay} */
    Optional<List<ServerSpec>> databases() {
        return find(DATABASES)
                .map(list -> Arrays.stream(list.split(","))
                        .map(String::strip)
                        .map(image -> {
                            try {
                                return ServerSpec.parse(image);
                            } catch (IllegalArgumentException e) {
                                throw new ExtensionConfigurationException(
                                        "The setting " + DATABASES + ": " + e.getMessage(), e);
                            }
                        })
                        .toList());
    }

    /** {@return where servers come from} */
    ServerSettings servers() {
        ServerProvider provider = find(PROVIDER)
                .map(value -> Arrays.stream(ServerProvider.values())
                        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(value))
                        .findFirst()
                        .orElseThrow(() ->
                                new ExtensionConfigurationException("The setting " + PROVIDER + " is '" + value
                                        + "': it takes "
                                        + Arrays.stream(ServerProvider.values())
                                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                                .collect(joining(", ")))))
                .orElse(ServerProvider.AUTO);
        Map<Engine, ExternalSettings> external = new HashMap<>();
        for (Engine engine : Engine.ALL) {
            String keys = EXTERNAL + engine.id() + ".";
            Optional<String> url = find(keys + "url");
            if (url.isPresent()) {
                if (!Engine.ofJdbcUrl(url.get()).equals(Optional.of(engine))) {
                    throw new ExtensionConfigurationException("The setting " + keys + "url is '" + url.get()
                            + "': it takes a URL that begins with jdbc:" + engine.id() + ":");
                }
                external.put(
                        engine,
                        new ExternalSettings(
                                url.get(),
                                find(keys + "user").orElse(""),
                                find(keys + "password").orElse(""),
                                flag(keys + "single-database")));
            }
        }
        return new ServerSettings(provider, external);
    }
}
