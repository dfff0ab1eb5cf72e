package io.github.metadatasnapshot.migration;

import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Configures Flyway as the product does. Called before each use of Flyway, after the annotation's own attributes and
 * before the database is set.
 *
 * <pre>{@code
 * final class NoTransactionalLock implements FlywayCustomizer {
 *     @Override
 *     public void customize(FluentConfiguration flyway) {
 *         flyway.configuration(Map.of("flyway.postgresql.transactional.lock", "false"));
 *     }
 * }
 * }</pre>
 *
 * <p>An implementation needs a constructor without parameters; it need not be public.
 */
@FunctionalInterface
public interface FlywayCustomizer {

    /**
     * Changes the configuration.
     *
     * @param flyway the configuration that Flyway is about to be made from
     */
    void customize(FluentConfiguration flyway);

    /** Changes nothing. */
    final class None implements FlywayCustomizer {

        /** Creates the customizer. */
        public None() {}

        @Override
        public void customize(FluentConfiguration flyway) {}
    }
}
