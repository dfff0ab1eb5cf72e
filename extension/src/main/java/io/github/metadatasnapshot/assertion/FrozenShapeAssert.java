package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.FrozenComparison;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link FrozenComparison}.
 *
 * @since 0.1
 */
public final class FrozenShapeAssert extends AbstractAssert<FrozenShapeAssert, FrozenComparison> {

    FrozenShapeAssert(FrozenComparison actual) {
        super(actual, FrozenShapeAssert.class);
    }

    /**
     * Verifies that the database has the shape that its version was released with, and that the migrations give it to an
     * empty database too.
     *
     * <pre>{@code
     * assertThat(database.frozenShape("backups/{engine}/{version}.shape.txt")).isUnchanged();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if an object differs, with both definitions, the migration that last mentions it, and what the
     *     migrator finds of migrations that were edited
     */
    public FrozenShapeAssert isUnchanged() {
        isNotNull();
        if (!actual.differences().isEmpty()
                || !actual.cleanInstallDifferences().isEmpty()
                || actual.cleanInstallObstacle().isPresent()) {
            throw failure("%s", ShapeMessages.notFrozen(actual));
        }
        return this;
    }
}
