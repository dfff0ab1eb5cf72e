package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.util.Optional;

/** Knows of databases what they are copies of, so that an upgrade need not copy what it is compared with. */
@FunctionalInterface
public interface Originals {

    /** Knows of none. */
    Originals NONE = (database, state) -> Optional.empty();

    /**
     * Finds a database that holds the same as another one, and that nobody changes.
     *
     * @param database the database
     * @param state what it holds now
     * @return the other one, which is there at least until {@code database} is closed; empty where none is known
     */
    Optional<TestDatabase> of(TestDatabase database, DatabaseState state);
}
