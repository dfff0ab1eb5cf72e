package io.github.metadatasnapshot.samples.bytebase;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertSoftly;
import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code LATEST.sql} beside what the chain of migrations makes, in the miniature: whoever adds to one may forget the other. */
@MetadataSnapshot(database = "postgres:17", version = "1.0.0")
class LatestSchemaTest {

    private static class Miniature implements MigratorFactory {

        private final UnaryOperator<String> edit;

        Miniature(UnaryOperator<String> edit) {
            this.edit = edit;
        }

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return new BytebaseMigrator(Path.of("src/test/miniature"), edit, settings, engine, classLoader);
        }
    }

    static final class Whole extends Miniature {
        Whole() {
            super(UnaryOperator.identity());
        }
    }

    static final class WithoutAnIndex extends Miniature {
        WithoutAnIndex() {
            super(latest -> latest.replaceAll("CREATE INDEX idx_audit_log[^;]*;", ""));
        }
    }

    /** What the product's own LATEST.sql of 3.22 has beside the chain: other orders and names, and one foreign key more. */
    static final class Drifted extends Miniature {
        Drifted() {
            super(latest -> latest.replace(
                                    "title TEXT NOT NULL,\n    payload JSONB NOT NULL DEFAULT '{}'",
                                    "payload JSONB NOT NULL DEFAULT '{}',\n    title TEXT NOT NULL")
                            .replace(
                                    "creator_id INTEGER NOT NULL REFERENCES principal (id)",
                                    "creator_id INTEGER NOT NULL")
                    + "ALTER TABLE issue ADD CONSTRAINT issue_creator_id_fkey1 FOREIGN KEY (creator_id) REFERENCES principal;"
                    + "ALTER TABLE audit_log ADD CONSTRAINT audit_log_id_fkey FOREIGN KEY (id) REFERENCES principal;");
        }
    }

    static final class Misspelt extends Miniature {
        Misspelt() {
            super(latest -> latest.replace("CREATE TABLE audit_log", "CREATE TABEL audit_log"));
        }
    }

    @Test
    @MetadataSnapshot(migrator = Whole.class)
    void equalsTheChain(MetadataDatabase database) throws SQLException {
        assertThat(database.migrateToLatest()).succeeded().matchesCleanInstall().isRepeatable();
        assertThat(database.version()).contains("2.0.1");
    }

    @Test
    @MetadataSnapshot(migrator = WithoutAnIndex.class)
    void lacksWhatOnlyTheChainMakes(MetadataDatabase database) {
        assertThatThrownBy(() -> assertThat(database.migrateToLatest()).matchesCleanInstall())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("idx_audit_log_created_at")
                .hasMessageContaining("1.10/0000##audit_log.sql");
    }

    @Test
    @MetadataSnapshot(migrator = Drifted.class)
    void lacksOneForeignKeyBesideOrdersAndNames(MetadataDatabase database) {
        Upgrade upgrade = database.migrateToLatest();

        assertThatThrownBy(() -> assertSoftly(upgrade, new BytebaseCompatibilityTest()::prove))
                .hasMessage("Expected the upgrade " + upgrade
                        + " to end with the shape of a clean install of 2.0.1, but one"
                        + " object is missing:\n- constraint audit_log.audit_log_id_fkey is missing\n"
                        + "    expected: FOREIGN KEY (id) REFERENCES public.principal(id)\n"
                        + "    table audit_log last mentioned in 1.10/0000##audit_log.sql, line 7");
        assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                .hasMessageContaining("\nand 3 names or orders differ:\n");
    }

    @Test
    @MetadataSnapshot(migrator = Misspelt.class)
    void failsWithItsLine(MetadataDatabase database) {
        assertThatThrownBy(() -> assertThat(database.migrateToLatest()).matchesCleanInstall())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("in LATEST.sql, line 33: ERROR: syntax error at or near \"TABEL\"");
    }
}
