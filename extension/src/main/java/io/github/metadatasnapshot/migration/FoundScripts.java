package io.github.metadatasnapshot.migration;

import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.jspecify.annotations.Nullable;

/**
 * Where the scripts lie that Flyway found when it first looked through the locations, which it would do anew for each command.
 * Nothing is kept where migrations are written in Java, as Flyway does not tell where it found those, nor where the user finds
 * them for Flyway. What a script says is read each time.
 */
final class FoundScripts {

    private volatile @Nullable ResourceProvider found;
    private volatile @Nullable ResourceProvider all;

    /** Lets Flyway look through the locations, and lists what it finds. */
    List<MigrationInfo> find(FluentConfiguration configuration) {
        ResourceProvider[] scan = new ResourceProvider[1];
        MigrationResolver spy = context -> {
            scan[0] = context.resourceProvider;
            return List.of();
        };
        boolean isFlyways = isFoundByFlyway(configuration);
        List<MigrationInfo> infos = List.of(configuration
                .resolvers(Stream.concat(Stream.of(configuration.getResolvers()), Stream.of(spy))
                        .toArray(MigrationResolver[]::new))
                .load()
                .info()
                .all());
        all = scan[0];
        if (isFlyways && infos.stream().allMatch(info -> isScript(info, configuration))) {
            found = scan[0];
        }
        return infos;
    }

    /** Tells whether a migration is a file of SQL, rather than Java. */
    static boolean isScript(MigrationInfo migration, Configuration configuration) {
        return Stream.of(configuration.getSqlMigrationSuffixes())
                .anyMatch(String.valueOf(migration.getScript())::endsWith);
    }

    /**
     * {@return what finds the scripts, wherever they lie}
     *
     * @throws IllegalStateException before {@link #find}
     */
    ResourceProvider provider() {
        ResourceProvider scripts = all;
        if (scripts == null) {
            throw new IllegalStateException("Nothing has been looked for yet");
        }
        return scripts;
    }

    /** Spares Flyway the search. */
    void giveTo(FluentConfiguration configuration) {
        ResourceProvider scripts = found;
        if (scripts != null && isFoundByFlyway(configuration)) {
            configuration.resourceProvider(scripts).javaMigrationClassProvider(List::of);
        }
    }

    private static boolean isFoundByFlyway(FluentConfiguration configuration) {
        return configuration.getResourceProvider() == null && configuration.getJavaMigrationClassProvider() == null;
    }
}
