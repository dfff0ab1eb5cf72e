package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenMetadata's documents on backups and upgrades, line by line. The backups of {@link BackupTest} come from its commands
 * already.
 */
@Order(3)
class DocumentTest {

    private static final String BACKUP = "file:target/backups/{engine}/0.0.15.sql";

    @Test
    @DisplayName("mysqldump 8.3 or higher")
    void mysqldump() {
        assertThat(Documented.tooOld("mysqldump  Ver 9.7.0 for Linux on x86_64 (Debian)", "8.3"))
                .isEmpty();
        assertThat(Documented.tooOld("mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", "8.3"))
                .contains("'mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)' is too old:"
                        + " OpenMetadata asks for 8.3 or higher. Take a newer image for the client");
    }

    @Test
    @DisplayName("pg_dump 13.3 or higher")
    void pgDump() {
        assertThat(Documented.tooOld("pg_dump (PostgreSQL) 13.10", "13.3")).isEmpty();
        assertThat(Documented.tooOld("pg_dump (PostgreSQL) 13.2", "13.3"))
                .contains("'pg_dump (PostgreSQL) 13.2' is too old: OpenMetadata asks for 13.3 or higher. Take a newer"
                        + " image for the client");
        assertThat(Documented.tooOld("pg_dump", "13.3"))
                .contains("'pg_dump' tells no version; OpenMetadata asks for 13.3 or higher");
    }

    private static Documented.Database at(MetadataDatabase database) {
        return new Documented.Database(database.jdbcUrl(), database.user(), database.password());
    }

    @Nested
    @MetadataSnapshot(
            database = "postgres:17",
            migrator = OpenMetadata.class,
            version = "0.0.15",
            procedure = Documented.Restore.class)
    class PostgreSql {

        @Test
        @DisplayName("You must pass the password via PGPASSWORD env variable")
        void passwordByEnvironment(MetadataDatabase database, @TempDir Path directory) {
            Documented.Database stranger =
                    new Documented.Database(database.jdbcUrl(), database.user(), "not the password");
            try (Documented documented = new Documented(Engine.POSTGRESQL)) {
                assertThatThrownBy(() -> documented.backUp(stranger, directory.resolve("backup.sql")))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("[pg_dump] ended with status 1")
                        .hasMessageContaining("password authentication failed for user");
            }
        }

        @Test
        @DisplayName(
                "clean database, run the migrations, with the server stopped restore: psql goes on after each error")
        void restore(MetadataDatabase database) {
            Restore restore = database.restore(BACKUP);

            assertThat(restore).wasSilentlyAccepted(SilentAcceptance.ERRORS_SWALLOWED);
            assertThat(restore.otherSessions()).isEmpty();
        }
    }

    @Nested
    @MetadataSnapshot(
            database = "mysql:9.7",
            migrator = OpenMetadata.class,
            version = "0.0.15",
            procedure = Documented.Restore.class)
    class MySql {

        @Test
        @DisplayName(
                "mysqldump --no-tablespaces -u <user> -p<password> -h <mysql_host> -P 3306 <database>, as it stands")
        void backup(MetadataDatabase database, @TempDir Path directory) throws Exception {
            try (Documented documented = new Documented(Engine.MYSQL)) {
                Path file = directory.resolve("backup.sql");
                documented.backUp(at(database), file);
                // GTIDs, which the command adds where the server has them, are not run.
                assertThat(database.restore("file:" + file)).hasVerdict(RestoreVerdict.RESTORED);
            }
        }

        @Test
        @DisplayName("clean database, run the migrations, with the server stopped restore: mysql replaces every table")
        void restore(MetadataDatabase database) {
            Restore restore = database.restore(BACKUP);

            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.otherSessions()).isEmpty();
        }

        @Test
        @DisplayName("with the server stopped: a server that runs is told")
        void restoreBesideAServer(MetadataDatabase database) throws SQLException {
            try (Connection server = database.connect()) {
                assertThat(server.isValid(1)).isTrue();
                assertThat(database.restore(BACKUP).otherSessions()).isNotEmpty();
            }
        }
    }
}
