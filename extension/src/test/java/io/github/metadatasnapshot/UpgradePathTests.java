package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.db.api.Assertions.assertThat;

import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.assertj.db.type.AssertDbConnection;
import org.assertj.db.type.AssertDbConnectionFactory;
import org.assertj.db.type.Changes;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test author says of upgrades: over which versions they go, step by step, and which shape a version was released with. */
@TakesTurns(of = 3)
class UpgradePathTests {

    private static List<String> query(DataSource dataSource, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private static void assertMisuse(Class<?> testClass, String message) {
        assertThat(TestKit.failure(TestKit.run(testClass))).hasMessageContaining(message);
    }

    @Nested
    class Via {

        @Test
        void goesThroughTheVersionsBetween() {
            TestKit.assertAllSucceeded(TestKit.run(ViaTestCases.class), 4);
        }

        @Test
        void takesVersionsThatThereAre() {
            assertMisuse(
                    UnknownViaTestCases.class,
                    ": via: There is no migration to version 1.7. There are migrations to 1, 1.9, 1.10, 2");
        }

        @Test
        void takesVersionsInTheirOrder() {
            assertMisuse(
                    UnorderedViaTestCases.class,
                    "@MetadataSnapshot on " + UnorderedViaTestCases.class.getName()
                            + ": via: 1.9 comes after 1.10, which is not lower: name the versions in the order in which they"
                            + " are gone through");
        }

        @Test
        void takesVersions() {
            assertMisuse(NoVersionViaTestCases.class, ": via: \"newest\" is not a version: it takes numbers");
        }
    }

    /** A product that wants release 1.10 to be installed before 2: see migrations/via. */
    @MetadataSnapshot(database = "postgres:17", version = "1", via = "1.10", locations = "migrations/via")
    static class ViaTestCases {

        @Test
        void oneRunForEachVersion(MetadataDatabase database, DataSource dataSource) throws SQLException {
            Upgrade upgrade = database.migrateTo("2");

            assertThat(upgrade).succeeded().hasToString("postgres:17 · 1 → 1.10 → 2");
            assertThat(upgrade.migrations()).extracting("version").containsExactly("1.9", "1.10", "2");
            assertThat(query(dataSource, "SELECT version FROM release ORDER BY id"))
                    .containsExactly("1", "1.10", "2");
            assertThat(database.migrateToLatest()).hasToString("postgres:17 · 2 → 2");
        }

        @Test
        void aroundItFails(MetadataDatabase database) {
            Upgrade upgrade = database.migrateDirectlyTo("2");

            assertThat(upgrade).failed().hasToString("postgres:17 · 1 → 2");
            assertThat(upgrade.failure().orElseThrow().message()).contains("Install release 1.10 first");
        }

        @Test
        @MetadataSnapshot(version = "1.10")
        void notFromTheVersionItself(MetadataDatabase database) {
            assertThat(database.migrateTo("2")).succeeded().hasToString("postgres:17 · 1.10 → 2");
        }

        @Test
        @MetadataSnapshot(via = {"1.9", "1.10"})
        void stopsWhereItFails(MetadataDatabase database, Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE job (id INT)");
            }
            Upgrade upgrade = database.migrateTo("2");

            assertThat(upgrade).failed().hasToString("postgres:17 · 1 → 1.9 → 1.10 → 2");
            assertThat(upgrade.reached()).isEqualTo("1.9");
            assertThat(upgrade.migrations()).extracting("version").containsExactly("1.9");
            assertThat(upgrade.failure().orElseThrow().script()).isEqualTo("V1.10__jobs.sql");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", via = "1.7", locations = "migrations/via")
    static class UnknownViaTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            via = {"1.10", "1.9"},
            locations = "migrations/via")
    static class UnorderedViaTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", via = "newest", locations = "migrations/via")
    static class NoVersionViaTestCases {
        @Test
        void test() {}
    }

    @Nested
    class Steps {

        @Test
        void withSqlOfOnesOwnBetween() {
            TestKit.assertAllSucceeded(TestKit.run(StepsTestCases.class), 1);
        }

        @Test
        void lookedAtByAssertJDb() {
            TestKit.assertAllSucceeded(TestKit.run(AssertJDbTestCases.class), 1);
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class StepsTestCases {

        @Test
        void test(MetadataDatabase database, DataSource dataSource, Connection connection) throws SQLException {
            assertThat(database.migrateTo("1.9")).succeeded().matchesCleanInstall();
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO pet VALUES (1, 1)");
            }
            assertThat(query(dataSource, "SELECT owner_id FROM pet")).containsExactly("1");

            assertThat(database.migrateTo("1.10")).succeeded().matchesCleanInstall();
            assertThat(query(dataSource, "SELECT email FROM person")).containsOnlyNulls();
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE person SET email = 'ann@example.org'");
            }

            assertThat(database.migrateTo("2")).succeeded().matchesCleanInstall();
            assertThat(query(dataSource, "SELECT email FROM person")).containsExactly("ann@example.org");
            assertThat(query(dataSource, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                    .doesNotContain("pet");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class AssertJDbTestCases {

        @Test
        void test(MetadataDatabase database, Connection connection) throws SQLException {
            AssertDbConnection db =
                    AssertDbConnectionFactory.of(database.dataSource()).create();
            Changes changes = db.changes().build();
            try (var statement = connection.createStatement()) {
                changes.setStartPointNow();
                statement.execute("INSERT INTO person VALUES (2, 'Ann')");
                changes.setEndPointNow();
            }
            assertThat(changes).hasNumberOfChanges(1).change().isCreation().isOnTable("person");
            assertThat(db.table("pet").build()).doesNotExist();

            database.migrateTo("1.10");

            assertThat(db.table("pet").build()).exists().isEmpty();
            assertThat(db.request("SELECT name, email FROM person ORDER BY id").build())
                    .column("name")
                    .hasValues("seeded by a migration", "Ann")
                    .column("email")
                    .hasOnlyNullValues();
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE person SET email = 'ann@example.org' WHERE id = 2");
            }

            database.migrateToLatest();

            assertThat(db.table("pet").build()).doesNotExist();
            assertThat(db.request("SELECT email FROM person ORDER BY id").build())
                    .column("email")
                    .hasValues(null, "ann@example.org");
        }
    }

    @Nested
    class Frozen {

        @TempDir
        private Path directory;

        private Map<String, String> settings(String capture) {
            Map<String, String> settings = TestKit.external();
            settings.put(Settings.CAPTURE, capture);
            settings.put(Settings.CAPTURE_DIRECTORY, directory.toString());
            return settings;
        }

        private String printed(Runnable run) {
            return Console.text(run).replace(directory.toString(), "DIR");
        }

        @Test
        void isWrittenWhereItIsMissingAndThenHeldAgainst() throws IOException {
            FromDirectory.migrations = new Scripts(directory).with("V1__people.sql", "CREATE TABLE person (id INT);");
            FrozenTestCases.location = "shapes/{engine}/{version}.shape.txt";
            Path file = directory.resolve("shapes/postgresql/1.shape.txt");

            String console = printed(
                    () -> TestKit.assertAllSucceeded(TestKit.run(FrozenTestCases.class, settings("missing")), 1));

            assertThat(console).contains("  captured DIR/shapes/postgresql/1.shape.txt: shape of version 1\n");
            assertThat(file).hasContent("""
                            # Shape of version 1 on PostgreSQL 17
                            # Written by Metadata Snapshot. A released version does not change, and neither does this file.

                            column: person.id
                                integer

                            column order: person
                                id

                            table: person
                                TABLE
                            """);
            try (var files = Files.list(file.resolveSibling(""))) {
                assertThat(files).containsExactly(file);
            }

            FromDirectory.migrations.with("V1__people.sql", "CREATE TABLE person (id BIGINT);");
            String released = Files.readString(file);
            for (Map<String, String> settings : List.of(settings("missing"), TestKit.external())) {
                FrozenTestCases.location = "file:" + directory + "/shapes/{engine}/{version}.shape.txt";
                assertThat(TestKit.failure(TestKit.run(FrozenTestCases.class, settings)))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(
                                "- column person.id differs\n    expected: integer\n    actual:   bigint");
                assertThat(file).hasContent(released);
            }

            console = printed(
                    () -> TestKit.assertAllSucceeded(TestKit.run(FrozenTestCases.class, settings("replace")), 1));
            assertThat(console).contains("  replaced DIR/shapes/postgresql/1.shape.txt: shape of version 1\n");
            assertThat(file).content().contains("\n    bigint\n");
        }

        @Test
        void isFoundOnTheClassPath() {
            TestKit.assertAllSucceeded(TestKit.run(OnClassPathTestCases.class), 1);
        }

        @Test
        void thatIsMissingIsAnErrorWithTheWayOut() {
            FromDirectory.migrations = new Scripts(directory).with("V1__people.sql", "CREATE TABLE person (id INT);");
            FrozenTestCases.location = "shapes/{engine}/{version}.shape.txt";

            assertThat(TestKit.failure(TestKit.run(FrozenTestCases.class)))
                    .hasMessage(
                            "There is no frozen shape shapes/postgresql/1.shape.txt, neither on the class path nor at "
                                    + Path.of("shapes/postgresql/1.shape.txt").toAbsolutePath()
                                    + ". Run this test once with metadatasnapshot.capture=missing, which writes it, and commit the"
                                    + " file");
        }

        @Test
        void thatIsDamagedIsAnErrorWithTheLine() throws IOException {
            FromDirectory.migrations = new Scripts(directory).with("V1__people.sql", "CREATE TABLE person (id INT);");
            FrozenTestCases.location = "file:" + Files.writeString(directory.resolve("1.shape.txt"), "<<<<<<<");

            assertThat(TestKit.failure(TestKit.run(FrozenTestCases.class)))
                    .hasMessageContaining(
                            "1.shape.txt is damaged: line 1 does not say of which version the shape is, on"
                                    + " which database. Take it from version control again");
        }

        @Test
        void thatCannotBeWrittenIsAnError() throws IOException {
            FromDirectory.migrations = new Scripts(directory).with("V1__people.sql", "CREATE TABLE person (id INT);");
            FrozenTestCases.location = "shapes/{engine}/{version}.shape.txt";
            Files.writeString(directory.resolve("shapes"), "no directory");

            assertThat(TestKit.failure(TestKit.run(FrozenTestCases.class, settings("missing"))))
                    .hasMessageStartingWith("The frozen shape " + directory.resolve("shapes/postgresql/1.shape.txt")
                            + " cannot be written: java.nio.file.");
        }

        @Test
        void thatIsAUrlIsAnError() {
            FromDirectory.migrations = new Scripts(directory).with("V1__people.sql", "CREATE TABLE person (id INT);");
            FrozenTestCases.location = "https://example.org/1.shape.txt#sha256=0";

            assertThat(TestKit.failure(TestKit.run(FrozenTestCases.class)))
                    .hasMessageContaining("is a URL: it takes a file, which lies beside the tests");
        }
    }

    /** Takes the migrations that a test has written. */
    static final class FromDirectory implements FlywayCustomizer {

        static Scripts migrations;

        @Override
        public void customize(FluentConfiguration flyway) {
            flyway.locations("filesystem:" + migrations.directory());
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", flyway = FromDirectory.class)
    static class FrozenTestCases {

        static String location;

        @Test
        void test(MetadataDatabase database) {
            assertThat(database.frozenShape(location)).isUnchanged();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class OnClassPathTestCases {
        @Test
        void test(MetadataDatabase database) {
            assertThat(database.frozenShape("shapes/{engine}-{release}-{version}.shape.txt"))
                    .isUnchanged();
        }
    }
}
