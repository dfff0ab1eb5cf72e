package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds objects in the migrations up to a version, which are read when they are first asked for. */
final class MentionFinder {

    private final TestDatabase database;
    private final Migrator migrator;
    private final Version to;
    private @Nullable List<MigrationScript> scripts;

    MentionFinder(TestDatabase database, Migrator migrator, Version to) {
        this.database = database;
        this.migrator = migrator;
        this.to = to;
    }

    synchronized Optional<String> find(ShapeDifference difference) {
        if (scripts == null) {
            scripts = migrator.scripts(database);
        }
        return LastMention.of(scripts, to, difference.kind(), difference.name());
    }
}
