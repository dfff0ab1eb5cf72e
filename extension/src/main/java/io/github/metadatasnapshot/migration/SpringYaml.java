package io.github.metadatasnapshot.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into the flat keys of properties, as Spring Boot does and by the library that it brings along. Nothing but {@link
 * FlywayConfigFile} may name this class: without the library it cannot be loaded.
 */
final class SpringYaml {

    private SpringYaml() {}

    /**
     * Reads a file.
     *
     * @param text the file
     * @return the keys and values of each document in it
     * @throws IllegalArgumentException if it is no YAML
     */
    static List<Map<String, String>> read(String text) {
        LoaderOptions options = new LoaderOptions();
        DumperOptions unused = new DumperOptions();
        Yaml yaml = new Yaml(
                new SafeConstructor(options), new Representer(unused), unused, options, new WithoutTimestamps());
        List<Map<String, String>> documents = new ArrayList<>();
        try {
            for (Object document : yaml.loadAll(text)) {
                Map<String, String> settings = new TreeMap<>();
                flatten("", document, settings);
                documents.add(settings);
            }
        } catch (YAMLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return documents;
    }

    private static void flatten(String key, @Nullable Object value, Map<String, String> settings) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> flatten(key.isEmpty() ? "" + name : key + "." + name, each, settings));
        } else if (value instanceof Collection<?> list) {
            int index = 0;
            for (Object each : list) {
                flatten(key + "[" + index++ + "]", each, settings);
            }
        } else if (!key.isEmpty()) {
            settings.put(key, value == null ? "" : value.toString());
        }
    }

    /** A value such as {@code 2026-01-31} stays as it is written. */
    private static final class WithoutTimestamps extends Resolver {

        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, @Nullable String first, int limit) {
            if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, pattern, first, limit);
            }
        }
    }
}
