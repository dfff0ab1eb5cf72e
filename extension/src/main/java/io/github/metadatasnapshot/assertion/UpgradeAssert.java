package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.Upgrade;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about an {@link Upgrade}.
 *
 * @since 0.1
 */
public final class UpgradeAssert extends AbstractAssert<UpgradeAssert, Upgrade> {

    UpgradeAssert(Upgrade actual) {
        super(actual, UpgradeAssert.class);
    }

    /**
     * Verifies that no migration failed and that the database's history says the version that was asked for.
     *
     * <pre>{@code
     * assertThat(database.migrateTo("2.0")).succeeded();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if a migration failed, with its file, line, statement and the engine's message
     */
    public UpgradeAssert succeeded() {
        isNotNull();
        if (!actual.succeeded()) {
            throw failure("%s", UpgradeMessages.notSucceeded(actual));
        }
        return this;
    }

    /**
     * Verifies that a migration failed, or that the database did not reach the version that was asked for.
     *
     * @return this
     * @throws AssertionError if the upgrade succeeded
     */
    public UpgradeAssert failed() {
        isNotNull();
        if (actual.succeeded()) {
            throw failure("%s", UpgradeMessages.notFailed(actual));
        }
        return this;
    }
}
