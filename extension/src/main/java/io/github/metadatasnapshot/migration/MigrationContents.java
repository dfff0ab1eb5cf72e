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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** Where Flyway 11 and later look for callbacks beside the locations. */
    private static final String CALLBACK_LOCATIONS = "flyway.callbackLocations";

    private static final String CONFIGURATION_SUFFIX = ".conf";

    private final List<String> common;
    private final List<Part> parts;

    /**
     * A file, or a migration that is none.
     *
     * @param fingerprint of its name and its content; empty where there is no telling
     * @param version the version that it belongs to, empty where it may count for all
     */
    private record Part(Optional<String> fingerprint, Optional<Version> version) {}

    private MigrationContents(List<String> common, List<Part> parts) {
        this.common = common;
        this.parts = parts;
    }

    /** Reads everything; what cannot be told is noted. */
    static MigrationContents read(FlywaySettings settings, Flyway flyway, ClassLoader classLoader) {
        List<String> common = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        List<Map<String, String>> configFiles = settings.configFiles().stream()
                .map(file -> FlywayConfigFile.read(file, classLoader))
                .toList();
        if (dependsOnMore(settings, configFiles, flyway.getConfiguration(), classLoader)) {
            parts.add(new Part(Optional.empty(), Optional.empty()));
            return new MigrationContents(common, parts);
        }
        configFiles.forEach(file -> common.add(file.toString()));
        common.addAll(List.of(
                settings.locations().toString(),
                settings.table(),
                settings.schemas().toString(),
                new TreeMap<>(settings.placeholders()).toString(),
                String.valueOf(settings.versionedOnly())));
        Map<String, Version> versions = new HashMap<>();
        for (MigrationInfo info : flyway.info().all()) {
            String script = String.valueOf(info.getScript()).replace('\\', '/');
            Optional<Version> version =
                    Optional.ofNullable(info.getVersion()).map(found -> Version.of(found.getVersion()));
            version.ifPresent(found -> {
                versions.put(script, found);
                versions.put(script + CONFIGURATION_SUFFIX, found);
            });
            if (!FoundScripts.isScript(info, flyway.getConfiguration())) {
                parts.add(new Part(Optional.empty(), version));
            }
        }
        try {
            parts.addAll(flyway(classLoader));
            for (Location location : flyway.getConfiguration().getLocations()) {
                parts.addAll(files(location.getDescriptor(), versions, classLoader));
            }
        } catch (IOException | URISyntaxException e) {
            parts.add(new Part(Optional.empty(), Optional.empty()));
        }
        return new MigrationContents(common, parts);
    }

    /** {@return a fingerprint of what makes a version, empty where it would not tell everything} */
    Optional<String> upTo(Version target) {
        Fingerprint fingerprint = new Fingerprint().add(target.toString());
        common.forEach(fingerprint::add);
        for (Part part : parts) {
            if (part.version().filter(version -> version.compareTo(target) > 0).isPresent()) {
                continue;
            }
            if (part.fingerprint().isEmpty()) {
                return Optional.empty();
            }
            fingerprint.add(part.fingerprint().get());
        }
        return Optional.of(fingerprint.hex());
    }

    /** Tells whether more may count than what lies in the locations: what Java does, or callbacks that lie elsewhere. */
    private static boolean dependsOnMore(
            FlywaySettings settings,
            List<Map<String, String>> configFiles,
            Configuration configuration,
            ClassLoader classLoader) {
        return settings.customizer()
                        .filter(customizer -> !(customizer instanceof FlywayCustomizer.None))
                        .isPresent()
                || configuration.getCallbacks().length > 0
                || configuration.getResolvers().length > 0
                || configuration.getJavaMigrations().length > 0
                || classLoader.getResource(CALLBACKS) != null
                || configFiles.stream()
                        .flatMap(file -> file.keySet().stream())
                        .anyMatch(CALLBACK_LOCATIONS::equalsIgnoreCase);
    }

    private static List<Part> flyway(ClassLoader classLoader) throws IOException, URISyntaxException {
        List<Part> found = new ArrayList<>(List.of(new Part(CodeSources.of(Flyway.class), Optional.empty())));
        for (URL plugin : Collections.list(classLoader.getResources(PLUGINS))) {
            found.add(new Part(CodeSources.of(root(plugin, PLUGINS)), Optional.empty()));
        }
        return found;
    }

    /** {@return the jar or directory that a resource is in} */
    private static URL root(URL resource, String name) throws IOException, URISyntaxException {
        if (resource.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFileURL();
        }
        String url = resource.toString();
        return new URI(url.substring(0, url.length() - name.length())).toURL();
    }

    private static List<Part> files(String location, Map<String, Version> versions, ClassLoader classLoader)
            throws IOException, URISyntaxException {
        List<Part> found = new ArrayList<>();
        for (Map.Entry<String, LocationFiles.Content> file :
                list(location, classLoader).entrySet()) {
            Optional<Version> version = Optional.ofNullable(versions.get(file.getKey()));
            try (InputStream in = file.getValue().open()) {
                // Of a class, others tell the rest.
                found.add(new Part(
                        file.getKey().endsWith(".class")
                                ? Optional.empty()
                                : Optional.of(new Fingerprint()
                                        .add(file.getKey())
                                        .add(in)
                                        .hex()),
                        version));
            }
        }
        return found;
    }

    /** Lists the files of a location by their paths in it. */
    private static SortedMap<String, LocationFiles.Content> list(String location, ClassLoader classLoader)
            throws IOException, URISyntaxException {
        String path = location.replaceFirst("^(?:classpath|filesystem):", "");
        if (path.contains("*") || path.contains("?") || path.matches("\\w{2,}:.*")) {
            throw new IOException("Only Flyway knows what is at " + location);
        }
        return location.startsWith("filesystem:")
                ? LocationFiles.inDirectory(Path.of(path))
                : LocationFiles.onClassPath(path, classLoader);
    }
}
