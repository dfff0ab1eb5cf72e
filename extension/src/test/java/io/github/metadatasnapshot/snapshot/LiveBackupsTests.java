package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.LiveDatabase;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that a provider has restored from its snapshot, which are named as backups. */
@TakesTurns(of = 4)
class LiveBackupsTests {

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    @TempDir
    private Path directory;

    private static Map<TableName, List<String>> content(TestDatabase database) throws SQLException {
        Map<TableName, List<String>> content = new TreeMap<>();
        try (Connection connection = database.open()) {
            for (TableName table : database.engine().tables(connection)) {
                content.put(
                        table,
                        Library.query(
                                database, "SELECT * FROM " + database.engine().quote(table)));
            }
        }
        return content;
    }

    /** Creates a user who may read the database, and change nothing. */
    private static LiveDatabase reader(TestDatabase database) {
        String user = "r" + database.name().substring(8);
        String name = database.engine().quote(database.name());
        if (database.engine() == Engine.POSTGRESQL) {
            Library.execute(
                    database,
                    "CREATE ROLE " + user + " LOGIN PASSWORD 'secret!1'",
                    "ALTER ROLE " + user + " SET default_transaction_read_only = on",
                    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user,
                    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO " + user);
        } else {
            Library.execute(
                    database,
                    "CREATE USER " + user + " IDENTIFIED BY 'secret!1'",
                    "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON " + name + ".* TO " + user);
        }
        return new LiveDatabase(database.engine(), database.jdbcUrl(), user, "secret!1");
    }

    private static void drop(TestDatabase database, LiveDatabase live) {
        if (database.engine() == Engine.POSTGRESQL) {
            Library.execute(database, "DROP OWNED BY " + live.user());
        }
        Library.execute(database, "DROP USER " + live.user());
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    @RequiresDocker
    void areCapturedOnceByWhoMayOnlyRead(String image) throws Exception {
        LiveBackups backups = new LiveBackups(Optional.empty());
        Path file;
        try (backups;
                TestDatabase source = Library.create(TestServers.container(image), "2")) {
            Map<TableName, List<String>> before = content(source);
            LiveDatabase live = reader(source);
            try {
                Backup backup = backups.of(live, HISTORY, Optional.of("2"));
                BackupInfo info = backup.inspect(source.engine(), HISTORY, Optional.empty());
                file = Path.of(URI.create(backup.identity().replaceFirst(" .*", "")));

                assertThat(content(source)).isEqualTo(before);
                assertThat(info.kind()).isEqualTo(BackupInfo.Kind.FULL);
                assertThat(info.rows())
                        .allSatisfy((table, rows) ->
                                assertThat(rows).isEqualTo(before.get(table).size()));
                assertThat(backup.name())
                        .isEqualTo(source.jdbcUrl().replaceFirst("\\?.*", ""))
                        .doesNotContain("secret");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                        .isEqualTo("rwx------");
                Library.execute(source, "DELETE FROM " + source.engine().quote(HISTORY.name()));
                assertThat(backups.of(live, HISTORY, Optional.empty())).isSameAs(backup);
            } finally {
                drop(source, live);
            }
        }
        assertThat(file).doesNotExist();
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    @RequiresDocker
    void stayAtAPlaceThatIsNamed() throws Exception {
        try (TestDatabase source = Library.create(TestServers.embedded(), "1")) {
            try (LiveBackups backups = new LiveBackups(Optional.of(directory.resolve("kept")))) {
                backups.of(live(source), HISTORY, Optional.empty());
            }
            try (Stream<Path> kept = Files.list(directory.resolve("kept"))) {
                assertThat(kept).singleElement().satisfies(file -> {
                    assertThat(file.getFileName().toString())
                            .startsWith("postgresql-localhost-")
                            .endsWith("-" + source.name() + "-1.sql.zst");
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                });
            }
        }
    }

    private static LiveDatabase live(TestDatabase database) {
        return new LiveDatabase(database.engine(), database.jdbcUrl(), database.user(), database.password());
    }

    @Test
    void areRefusedAtAnotherVersionOrWithoutAHistory() throws Exception {
        try (LiveBackups backups = new LiveBackups(Optional.of(directory));
                TestDatabase source = Library.create(TestServers.embedded(), "2");
                TestDatabase empty = TestServers.embedded().createDatabase()) {
            Map<TableName, List<String>> before = content(source);
            assertThatThrownBy(() -> backups.of(live(source), HISTORY, Optional.of("2.1")))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessage("The annotation says version 2.1, but the history in the database "
                            + live(source).name() + ", which is named as its backup, says 2: nothing was captured. Name"
                            + " the one that is at 2.1, or set version = \"2\"");
            assertThatThrownBy(() -> backups.of(live(empty), HISTORY, Optional.of("2")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith(
                            "The backup " + live(empty).name() + " is a database that cannot be captured:"
                                    + " Database " + empty.name() + " has no table flyway_schema_history, or ")
                    .hasMessageContaining("so nothing tells of which version it is");
            assertThat(content(source)).isEqualTo(before);
            assertThat(content(empty)).isEmpty();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/catalog?user=a&password=s3cret",
        "jdbc:postgresql://a:s3cret@db/catalog",
        "jdbc:mysql://db/catalog?password1=s3cret",
        "jdbc:mariadb://a:s3cret@db/catalog"
    })
    void takeNoPasswordInTheUrl(String url) {
        Engine engine = Engine.ofJdbcUrl(url).orElseThrow();
        assertThatThrownBy(() -> new LiveDatabase(engine, url, "a", "b"))
                .isInstanceOf(BackupException.class)
                .hasMessage(
                        "The backup jdbc:" + engine.id() + "://db/catalog is a URL with a password in it: leave that"
                                + " out, and set metadatasnapshot.backup." + engine.id() + ".user and .password");
    }

    @Test
    void takeAUserAndADatabaseOfTheirEngine() {
        assertThatThrownBy(() -> new LiveDatabase(Engine.MYSQL, "jdbc:mysql://db/catalog", "", ""))
                .isInstanceOf(BackupException.class)
                .hasMessage("The backup jdbc:mysql://db/catalog is a database, and no user is named who reads it: set"
                        + " metadatasnapshot.backup.mysql.user and .password");
        assertThatThrownBy(() -> new LiveDatabase(Engine.MARIADB, "jdbc:mysql://db/catalog", "a", "b"))
                .isInstanceOf(BackupException.class)
                .hasMessage("The backup jdbc:mysql://db/catalog is no database of MariaDB, which the test runs on: name"
                        + " one whose URL begins with jdbc:mariadb:, where {engine} stands for that");
        assertThat(new LiveDatabase(
                        Engine.MYSQL,
                        "jdbc:mysql://db/catalog?sslMode=VERIFY_CA&trustCertificateKeyStorePassword=x",
                        "a",
                        "s3cret"))
                .hasToString("jdbc:mysql://db/catalog as a");
    }
}
