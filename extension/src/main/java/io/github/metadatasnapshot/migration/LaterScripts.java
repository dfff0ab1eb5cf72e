package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * Repeatable migrations and callbacks that are of a later release than a version: each release has its own, and there are only
 * today's. That it cannot be the version's is known where it fails in an empty database that was migrated to the version.
 */
final class LaterScripts {

    private final Map<Version, Set<String>> names = new ConcurrentHashMap<>();

    /** {@return the names of the files that are left out at a version, as far as they are known} */
    Set<String> at(Version version) {
        return Set.copyOf(names.getOrDefault(version, Set.of()));
    }

    void add(Version version, String name) {
        names.computeIfAbsent(version, key -> ConcurrentHashMap.newKeySet()).add(name);
    }

    /** {@return what finds all scripts but those} */
    static ResourceProvider without(Set<String> names, ResourceProvider all) {
        return new ResourceProvider() {
            @Override
            public LoadableResource getResource(String name) {
                return all.getResource(name);
            }

            @Override
            public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
                List<LoadableResource> found = List.copyOf(all.getResources(prefix, suffixes));
                return found.stream()
                        .filter(resource -> !names.contains(resource.getFilename()))
                        .toList();
            }
        };
    }
}
