package io.github.metadatasnapshot.migration;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Gives Flyway the scripts of a {@link VersionedDirectoryLayout}, under names that it understands. */
final class LayoutScripts implements ResourceProvider {

    private final Map<String, LayoutScript> scripts;

    /** @throws MigrationException if the migrations cannot be read */
    LayoutScripts(VersionedDirectoryLayout layout) {
        try {
            this.scripts = layout.migrations().values().stream()
                    .map(migration -> new LayoutScript(layout.root(), migration))
                    .collect(Collectors.toMap(LayoutScript::getFilename, Function.identity()));
        } catch (UncheckedIOException e) {
            throw new MigrationException("The migrations cannot be read: " + e.getMessage(), e);
        }
    }

    /** Finds a script by the name that Flyway has for it, or by the place that Flyway tells of it. */
    Optional<LayoutScript> script(String name) {
        return Optional.ofNullable(scripts.get(name))
                .or(() -> scripts.values().stream()
                        .filter(script -> script.getAbsolutePath().equals(name))
                        .findFirst());
    }

    List<LayoutScript> all() {
        return List.copyOf(scripts.values());
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return scripts.get(name);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return scripts.values().stream()
                .filter(script -> script.getFilename().startsWith(prefix)
                        && Arrays.stream(suffixes).anyMatch(script.getFilename()::endsWith))
                .<LoadableResource>map(script -> script)
                .toList();
    }
}
