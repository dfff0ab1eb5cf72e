package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.CodeSources;
import io.github.metadatasnapshot.server.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * Tells by the contents of files what Flyway makes of an empty database: all that lies in the locations but for the scripts of
 * later versions, the configuration, and Flyway itself. What Java does cannot be told so.
 */
final class MigrationContents {

    /** Where Flyway 10 and later look for their parts. */
    private static final String PLUGINS = "META-INF/services/org.flywaydb.core.extensibility.Plugin";

    /** Where Flyway looks for callbacks in Java, whatever the locations. */
    private static final String CALLBACKS = "db/callback";

    private static final String CONFIGURATION_SUFFIX = ".conf";

    private final FlywaySettings settings;
    private final ClassLoader classLoader;

    /** Reads a file. */
    private interface Content {
        InputStream open() throws IOException;
    }

    MigrationContents(FlywaySettings settings, ClassLoader classLoader) {
        this.settings = settings;
        this.classLoader = classLoader;
    }

    /** {@return the fingerprint, empty where it would not tell everything} */
    Optional<String> upTo(Version target, Flyway flyway) {
        Configuration configuration = flyway.getConfiguration();
        if (isDoneByJava(configuration)) {
            return Optional.empty();
        }
        Set<String> later = new HashSet<>();
        for (MigrationInfo info : flyway.info().all()) {
            String script = String.valueOf(info.getScript()).replace('\\', '/');
            if (info.getVersion() != null
                    && Version.of(info.getVersion().getVersion()).compareTo(target) > 0) {
                later.add(script);
                later.add(script + CONFIGURATION_SUFFIX);
            } else if (info.getState().isResolved()
                    && Stream.of(configuration.getSqlMigrationSuffixes()).noneMatch(script::endsWith)) {
                return Optional.empty();
            }
        }
        try {
            Fingerprint fingerprint = new Fingerprint().add(target.toString());
            addSettings(fingerprint);
            return addFlyway(fingerprint) && addFiles(fingerprint, configuration.getLocations(), later)
                    ? Optional.of(fingerprint.hex())
                    : Optional.empty();
        } catch (IOException | URISyntaxException e) {
            return Optional.empty();
        }
    }

    private boolean isDoneByJava(Configuration configuration) {
        return settings.customizer()
                        .filter(customizer -> !(customizer instanceof FlywayCustomizer.None))
                        .isPresent()
                || configuration.getCallbacks().length > 0
                || configuration.getResolvers().length > 0
                || configuration.getJavaMigrations().length > 0
                || classLoader.getResource(CALLBACKS) != null;
    }

    private void addSettings(Fingerprint fingerprint) {
        for (String file : settings.configFiles()) {
            fingerprint.add(FlywayConfigFile.read(file, classLoader).toString());
        }
        fingerprint.add(
                settings.locations().toString(),
                settings.table(),
                settings.schemas().toString(),
                new TreeMap<>(settings.placeholders()).toString(),
                String.valueOf(settings.versionedOnly()));
    }

    private boolean addFlyway(Fingerprint fingerprint) throws IOException, URISyntaxException {
        List<Optional<String>> parts = new ArrayList<>(List.of(CodeSources.of(Flyway.class)));
        for (URL plugin : Collections.list(classLoader.getResources(PLUGINS))) {
            parts.add(CodeSources.of(root(plugin, PLUGINS)));
        }
        parts.stream().flatMap(Optional::stream).sorted().forEach(fingerprint::add);
        return parts.stream().allMatch(Optional::isPresent);
    }

    /** {@return the jar or directory that a resource is in} */
    private static URL root(URL resource, String name) throws IOException, URISyntaxException {
        if (resource.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFileURL();
        }
        String url = resource.toString();
        return new URI(url.substring(0, url.length() - name.length())).toURL();
    }

    private boolean addFiles(Fingerprint fingerprint, Location[] locations, Set<String> without)
            throws IOException, URISyntaxException {
        for (Location location : locations) {
            SortedMap<String, Content> files = new TreeMap<>();
            if (!list(location.getDescriptor(), files)) {
                return false;
            }
            files.keySet().removeAll(without);
            for (Map.Entry<String, Content> file : files.entrySet()) {
                if (file.getKey().endsWith(".class")) {
                    return false;
                }
                fingerprint.add(file.getKey());
                try (InputStream in = file.getValue().open()) {
                    fingerprint.add(in);
                }
            }
        }
        return true;
    }

    /** Lists the files of a location by their paths in it; false where only Flyway could. */
    private boolean list(String location, Map<String, Content> files) throws IOException, URISyntaxException {
        String path = location.replaceFirst("^(?:classpath|filesystem):", "");
        if (path.contains("*") || path.contains("?") || path.matches("\\w{2,}:.*")) {
            return false;
        }
        if (location.startsWith("filesystem:")) {
            return list(Path.of(path), files);
        }
        for (URL root : Collections.list(classLoader.getResources(path))) {
            if (!(root.openConnection() instanceof JarURLConnection jar
                    ? list(jar, path + "/", files)
                    : root.getProtocol().equals("file") && list(Path.of(root.toURI()), files))) {
                return false;
            }
        }
        return true;
    }

    private static boolean list(Path root, Map<String, Content> files) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            walk.filter(Files::isRegularFile)
                    .forEach(file -> files.put(
                            root.relativize(file).toString().replace('\\', '/'), () -> Files.newInputStream(file)));
        }
        return true;
    }

    private static boolean list(JarURLConnection connection, String prefix, Map<String, Content> files)
            throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    URL url = new URL("jar:" + connection.getJarFileURL() + "!/" + entry.getName());
                    files.put(entry.getName().substring(prefix.length()), url::openStream);
                }
            }
        }
        return true;
    }
}
