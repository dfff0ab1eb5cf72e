package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.JdbcLoad;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.postgresql.ds.PGSimpleDataSource;

/** What a test author sees of the annotation. */
@TakesTurns(of = 3)
class MetadataSnapshotTests {

    private static void assertAllSucceeded(EngineExecutionResults results, int tests) {
        if (results.allEvents().failed().count() > 0) {
            throw new AssertionError(TestKit.failure(results));
        }
        results.testEvents().assertStatistics(stats -> stats.succeeded(tests).skipped(0));
    }

    private static String databaseOf(Connection connection) throws SQLException {
        return query(connection, "SELECT current_database()");
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aDatabaseHasTheDefaultsThatTheAnnotationSays() {
        TestKit.assertAllSucceeded(TestKit.run(WithDefaultsTestCases.class), 1);
    }

    @Nested
    class Injection {

        @Test
        void everyParameterOfATestLeadsToItsOwnDatabase() {
            assertAllSucceeded(TestKit.run(ParametersTestCases.class), 2);
        }

        @Test
        void whatDidNotRunIsNamedAtTheEndOfTheRun() {
            String console = Console.text(() -> assertAllSucceeded(TestKit.run(LeftOutTestCases.class), 1));

            assertThat(console)
                    .contains("  Left out of the migrations on PostgreSQL\n")
                    .contains("    R__addresses.sql at 1: it fails there, so it is a later release's (ERROR: ");
        }

        @Test
        void leavesAnnotatedParametersToOtherExtensions() {
            assertAllSucceeded(TestKit.run(OtherResolverTestCases.class), 1);
        }

        @Test
        void theDatabaseIsAtTheVersionWithWhatTheMigrationsWrote() {
            assertAllSucceeded(TestKit.run(VersionTestCases.class), 3);
        }

        @Test
        void everyInvocationHasAFreshDatabase() {
            assertAllSucceeded(TestKit.run(FreshTestCases.class), 6);
        }

        @Test
        void theDatabaseIsDroppedAfterTheTestWithTheSessionsThatAreLeft() {
            assertAllSucceeded(TestKit.run(DroppedTestCases.class), 1);
        }

        @Test
        void whatATestChangesBeforeARestoreIsNoneOfTheRestoresDoing() {
            assertAllSucceeded(TestKit.run(ChangingTestCases.class), 5);
        }

        @Test
        void testsThatNameTheSameProcedureShareItsControls() {
            CountingProcedure.RUNS.set(0);

            assertAllSucceeded(TestKit.run(ProcedureTestCases.class), 2);

            // One for each test, one for the control.
            assertThat(CountingProcedure.RUNS).hasValue(3);
        }

        @Test
        void parallelTestsNeverMeet() {
            ParallelTestCases.DATABASES.clear();
            EngineExecutionResults results = TestKit.run(
                    ParallelTestCases.class,
                    Map.of(
                            "metadatasnapshot.provider", "embedded",
                            "junit.jupiter.execution.parallel.enabled", "true",
                            "junit.jupiter.execution.parallel.config.strategy", "fixed",
                            "junit.jupiter.execution.parallel.config.fixed.parallelism", "8"));

            assertAllSucceeded(results, 24);
            assertThat(ParallelTestCases.DATABASES).hasSize(24);
        }
    }

    @Nested
    class Placement {

        @Test
        void onASuperclass() {
            assertAllSucceeded(TestKit.run(InheritingTestCases.class), 1);
        }

        @Test
        void asAMetaAnnotation() {
            assertAllSucceeded(TestKit.run(MetaTestCases.class), 1);
        }

        @Test
        void onAMethodAlone() {
            assertAllSucceeded(TestKit.run(MethodTestCases.class), 1);
        }

        @Test
        void nestedClassesAndMethodsTakeOverWhatTheyLeaveOut() {
            assertAllSucceeded(TestKit.run(NestedTestCases.class), 4);
        }

        @Test
        void besideAParameterizedClass() {
            assertAllSucceeded(TestKit.run(ParameterizedTestCases.class), 2);
            assertAllSucceeded(TestKit.run(AroundParameterizedTestCases.class), 4);
        }

        @Test
        void onARecord() {
            assertAllSucceeded(TestKit.run(RecordTestCases.class), 1);
        }

        @Test
        void aClassRunsOnceForEachDatabaseAndSaysOnWhich() {
            EngineExecutionResults results = TestKit.run(SeveralTestCases.class);

            assertAllSucceeded(results, 2);
            assertThat(results.containerEvents().started().stream()
                            .map(event -> event.getTestDescriptor().getDisplayName()))
                    .contains("postgres", "postgres:17");
        }
    }

    @Nested
    class Misuse {

        private void assertFails(Class<?> testClass, String message) {
            EngineExecutionResults results = TestKit.run(testClass);
            assertThat(TestKit.failure(results)).hasMessageContaining(message);
        }

        @Test
        void noDatabase() {
            assertFails(
                    NoDatabaseTestCases.class,
                    "@MetadataSnapshot on " + NoDatabaseTestCases.class.getName()
                            + ": there is no database: set database, such as database = \"postgres:17\"");
        }

        @Test
        void neitherVersionNorBackup() {
            assertFails(NoVersionTestCases.class, ": which version to start from? Set version, or backup, or both");
        }

        @Test
        void databaseAndDatabases() {
            assertFails(BothTestCases.class, ": database and databases are both set: leave out one of the two");
        }

        @Test
        void severalDatabasesBesideAParameterizedClass() {
            assertFails(
                    SeveralParameterizedTestCases.class,
                    ": a class that runs several times for another reason, such as a @ParameterizedClass, takes one"
                            + " database: name the databases on a class around, and make this one a @Nested class of it");
        }

        @Test
        void severalDatabasesOnAMethod() {
            assertFails(
                    SeveralOnMethodTestCases.class,
                    SeveralOnMethodTestCases.class.getName() + ".test: databases is for classes");
        }

        @Test
        void aDatabaseOnAMethodBesideThatOfItsClass() {
            assertFails(ContradictingTestCases.class, "on the method contradicts its class");
        }

        @Test
        void anUnknownEngine() {
            assertFails(
                    OracleTestCases.class,
                    "No database engine is known for 'oracle:23': the engines are PostgreSQL, MySQL and MariaDB");
        }

        @Test
        void aVersionThatIsNone() {
            assertFails(NotAVersionTestCases.class, "version = \"newest\" is not a version");
        }

        @Test
        void aVersionThatNoMigrationHas() {
            assertFails(
                    UnknownVersionTestCases.class,
                    "There is no migration to version 1.7. There are migrations to 1.8, 1.9, 1.10, 2");
        }

        @Test
        void aBackupThatIsMissing() {
            assertFails(MissingBackupTestCases.class, "There is no backup backups/postgresql/9.9.sql.gz");
        }

        @Test
        void aBackupPatternWithoutAVersion() {
            assertFails(PatternTestCases.class, "backups = \"backups/{version}.sql\" asks for the version");
        }

        @Test
        void aPlaceholderThatIsNone() {
            assertFails(PlaceholderTestCases.class, "placeholders: 'prefix' is not of the form name=value");
        }

        @Test
        void defaultsOfADatabaseThatSayNotForWhichEngineTheyAre() {
            assertFails(
                    DefaultsTestCases.class,
                    "databaseDefaults: 'COLLATE utf8mb4_bin' does not say for which of its engines it is: write"
                            + " 'postgresql: COLLATE utf8mb4_bin'");
        }

        @Test
        void defaultsOfADatabaseThatItsEngineDoesNotHave() {
            assertFails(
                    SettingTestCases.class,
                    "databaseDefaults: 'SET time_zone = '+00:00'' is for PostgreSQL alone: of MySQL, a database has a"
                            + " character set and a collation");
        }

        @Test
        void aCustomizerThatCannotBeCreated() {
            assertFails(CustomizerTestCases.class, "cannot be created; it needs a constructor without parameters");
        }

        @Test
        void aMigrationThatFailsHalfWay() {
            assertFails(HalfWayTestCases.class, "in V2__half.sql, line 4: ERROR: relation \"nowhere\" does not exist");
        }

        @Test
        void aParameterWhereThereIsNoTest() {
            assertFails(BeforeAllTestCases.class, "A MetadataDatabase belongs to one test");
            assertFails(
                    BeforeAllDataSourceTestCases.class,
                    "No ParameterResolver registered for parameter [javax.sql.DataSource source]");
            assertFails(PerClassConstructorTestCases.class, "A MetadataDatabase belongs to one test");
        }
    }

    @Test
    void aFactoryOfTestsHasOneDatabaseForThem() {
        assertAllSucceeded(TestKit.run(FactoryTestCases.class), 3);
    }

    /** The database of a test that was given up is dropped, and the next one has its own. */
    @Test
    void aTestThatTimesOutFailsAndTheOthersDoNot() {
        List<String> databases = Library.databases(TestServers.embedded());
        EngineExecutionResults results = TestKit.run(TimesOutTestCases.class);

        results.testEvents().assertStatistics(tests -> tests.succeeded(1).failed(2));
        assertThat(results.testEvents().failed().stream()
                        .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElseThrow()))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(TimeoutException.class)
                        .hasMessageContaining("timed out after 300 milliseconds"));
        assertThat(Library.databases(TestServers.embedded())).isSubsetOf(databases);
    }

    // The classes that are run

    @MetadataSnapshot(database = "postgres:17", version = "1", locations = "migrations/repeatable")
    static class LeftOutTestCases {

        @Test
        void migrates(MetadataDatabase database) {
            assertThat(database.migrateToLatest().succeeded()).isTrue();
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Theirs {}

    static final class OtherResolver implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.isAnnotated(Theirs.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return new PGSimpleDataSource();
        }
    }

    @ExtendWith(OtherResolver.class)
    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class OtherResolverTestCases {

        @Test
        void takesBoth(@Theirs DataSource theirs, DataSource ours) {
            assertThat(theirs).isInstanceOf(PGSimpleDataSource.class);
            assertThat(ours).isNotInstanceOf(PGSimpleDataSource.class);
        }
    }

    @ParameterizedClass
    @ValueSource(strings = {"1.10", "2"})
    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class ParameterizedTestCases {

        @Parameter
        private String to;

        @Test
        void migrates(MetadataDatabase database) {
            assertThat(database.migrateTo(to).reached()).isEqualTo(to);
        }
    }

    @MetadataSnapshot(
            databases = {"postgres", "postgres:17"},
            version = "1.9",
            locations = "migrations/simple")
    static class AroundParameterizedTestCases {

        @Nested
        @ParameterizedClass
        @ValueSource(strings = {"1.10", "2"})
        class Inner {

            @Parameter
            private String to;

            @Test
            void migrates(MetadataDatabase database) {
                assertThat(database.migrateTo(to).reached()).isEqualTo(to);
            }
        }
    }

    @ParameterizedClass
    @ValueSource(strings = "2")
    @MetadataSnapshot(
            databases = {"postgres", "postgres:17"},
            version = "1.9",
            locations = "migrations/simple")
    static class SeveralParameterizedTestCases {

        @Parameter
        private String to;

        @Test
        void runsForItsOwnReason() {
            assertThat(to).isEqualTo("2");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    record RecordTestCases(MetadataDatabase database) {

        @Test
        void migrates() {
            assertThat(database.migrateTo("2").succeeded()).isTrue();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class ParametersTestCases {

        private final MetadataDatabase constructed;

        ParametersTestCases(MetadataDatabase constructed) {
            this.constructed = constructed;
        }

        @BeforeEach
        void before(MetadataDatabase database) {
            assertThat(database).isSameAs(constructed);
        }

        @Test
        void test(MetadataDatabase database, DataSource dataSource, Connection connection, Connection same)
                throws SQLException {
            assertThat(connection).isSameAs(same);
            try (Connection other = dataSource.getConnection();
                    Connection third = database.connect()) {
                assertThat(databaseOf(connection)).isEqualTo(databaseOf(other)).isEqualTo(databaseOf(third));
            }
            assertThat(database.jdbcUrl()).contains(databaseOf(connection)).doesNotContain(database.password());
            assertThat(database.toString()).doesNotContain(database.password());
            assertThat(database.engine()).isEqualTo("postgresql");
        }

        @Test
        void takesNothing() throws SQLException {
            assertThat(constructed.version()).contains("1.9");
        }

        @AfterEach
        void after(Connection connection) throws SQLException {
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class VersionTestCases {

        @Test
        void holdsTheRows(Connection connection) throws SQLException {
            assertThat(query(connection, "SELECT name FROM person")).isEqualTo("seeded by a migration");
        }

        @Test
        void migrates(MetadataDatabase database) throws SQLException {
            assertThat(database.migrateTo("1.10").succeeded()).isTrue();
            assertThat(database.version()).contains("1.10");
            assertThat(database.migrateToLatest().succeeded()).isTrue();
            assertThat(database.version()).contains("2");
        }

        @Test
        @MetadataSnapshot(version = "1.10")
        void ofTheMethod(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.10");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class FreshTestCases {

        @RepeatedTest(3)
        void repeated(Connection connection) throws SQLException {
            insertFirst(connection);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void parameterised(int number, Connection connection) throws SQLException {
            insertFirst(connection);
        }

        private static void insertFirst(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO person VALUES (2, 'only once in a database')");
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/postgresql",
            procedure = JdbcLoad.class)
    static class ChangingTestCases {

        @Test
        void byTheConnection(MetadataDatabase database, Connection connection) throws SQLException {
            change(connection);
            assertBefore(database, 2);
        }

        @Test
        void byAConnectionOfItsOwn(MetadataDatabase database) throws SQLException {
            try (Connection connection = database.connect()) {
                change(connection);
            }
            assertBefore(database, 2);
        }

        @Test
        void byTheDataSource(MetadataDatabase database, DataSource source) throws SQLException {
            try (Connection connection = source.getConnection()) {
                change(connection);
            }
            assertBefore(database, 2);
        }

        @Test
        void byThePassword(MetadataDatabase database) throws SQLException {
            try (Connection connection =
                    DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
                change(connection);
            }
            assertBefore(database, 2);
        }

        @Test
        void notAtAll(MetadataDatabase database) {
            assertBefore(database, 1);
        }

        private static void change(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO author (name) VALUES ('new')");
            }
        }

        private static void assertBefore(MetadataDatabase database, long rows) {
            assertThat(database.restore("dumps/postgresql/1-full.sql").before().rows())
                    .containsEntry(new TableName("public", "author"), rows);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/postgresql",
            procedure = CountingProcedure.class)
    static class ProcedureTestCases {

        @Test
        void one(MetadataDatabase database) {
            assertThat(database.restore("dumps/postgresql/2-data.sql").procedure())
                    .isEqualTo("counting");
        }

        @Test
        void another(MetadataDatabase database) {
            assertThat(database.restore("dumps/postgresql/2-data.sql").verdict())
                    .isEqualTo(RestoreVerdict.RESTORED);
        }
    }

    static class CountingProcedure implements RestoreProcedure {

        static final AtomicInteger RUNS = new AtomicInteger();

        @Override
        public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
            RUNS.incrementAndGet();
            return new JdbcLoad().run(attempt);
        }

        @Override
        public String toString() {
            return "counting";
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class DroppedTestCases {

        private static Connection leaked;

        @Test
        void leavesAConnectionOpen(MetadataDatabase database) throws SQLException {
            leaked = database.connect();
            leaked.setAutoCommit(false);
            query(leaked, "SELECT count(*) FROM person");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    @Execution(ExecutionMode.CONCURRENT)
    static class ParallelTestCases {

        static final Set<String> DATABASES = ConcurrentHashMap.newKeySet();

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
        void test(int number, Connection connection) throws SQLException {
            DATABASES.add(databaseOf(connection));
            assertThat(query(connection, "SELECT count(*) FROM person")).isEqualTo("1");
            FreshTestCases.insertFirst(connection);
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    abstract static class Annotated {}

    static class InheritingTestCases extends Annotated {
        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.9");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    @interface Meta {}

    @Meta
    static class MetaTestCases {
        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.9");
        }
    }

    static class MethodTestCases {
        @Test
        @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.9");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class NestedTestCases {

        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.8");
        }

        @Nested
        class TakesAllOver {
            @Test
            void test(MetadataDatabase database) throws SQLException {
                assertThat(database.version()).contains("1.8");
            }
        }

        @Nested
        @MetadataSnapshot(version = "1.9")
        class AtAnotherVersion {
            @Test
            void test(MetadataDatabase database) throws SQLException {
                assertThat(database.version()).contains("1.9");
            }

            @Test
            @MetadataSnapshot(version = "1.10")
            void method(MetadataDatabase database) throws SQLException {
                assertThat(database.version()).contains("1.10");
            }
        }
    }

    @MetadataSnapshot(
            databases = {"postgres:17", "postgres"},
            version = "1.8",
            locations = "migrations/simple")
    static class SeveralTestCases {
        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.8");
        }
    }

    @MetadataSnapshot(version = "1.8")
    static class NoDatabaseTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", locations = "migrations/simple")
    static class NoVersionTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", databases = "postgres:13", version = "1.8")
    static class BothTestCases {
        @Test
        void test() {}
    }

    static class SeveralOnMethodTestCases {
        @Test
        @MetadataSnapshot(
                databases = {"postgres:17", "postgres:13"},
                version = "1.8")
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class ContradictingTestCases {
        @Test
        @MetadataSnapshot(database = "postgres:13")
        void test() {}
    }

    @MetadataSnapshot(database = "oracle:23", version = "1.8")
    static class OracleTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "newest", locations = "migrations/simple")
    static class NotAVersionTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.7", locations = "migrations/simple")
    static class UnknownVersionTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", backup = "backups/{engine}/9.9.sql.gz", locations = "migrations/simple")
    static class MissingBackupTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", backups = "backups/{version}.sql", locations = "migrations/simple")
    static class PatternTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7"},
            databaseDefaults = {"postgresql: LOCALE 'C'", "COLLATE utf8mb4_bin"},
            version = "1",
            locations = "migrations/simple")
    static class DefaultsTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "mysql:9.7",
            databaseDefaults = "SET time_zone = '+00:00'",
            version = "1",
            locations = "migrations/simple")
    static class SettingTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            databaseDefaults = {"ENCODING 'LATIN1' LOCALE 'C'", "SET default_text_search_config = 'german'"},
            version = "1.8",
            locations = "migrations/simple")
    static class WithDefaultsTestCases {
        @Test
        void test(MetadataDatabase database, Connection connection) throws SQLException {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "SELECT pg_encoding_to_char(encoding), datcollate, current_setting('default_text_search_config')"
                                    + " FROM pg_database WHERE datname = current_database()")) {
                row.next();
                assertThat(List.of(row.getString(1), row.getString(2), row.getString(3)))
                        .containsExactly("LATIN1", "C", "pg_catalog.german");
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            placeholders = "prefix",
            locations = "migrations/placeholder")
    static class PlaceholderTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1.8",
            locations = "migrations/simple",
            flyway = CustomizerTestCases.NeedsAnArgument.class)
    static class CustomizerTestCases {

        record NeedsAnArgument(List<String> argument) implements io.github.metadatasnapshot.migration.FlywayCustomizer {
            @Override
            public void customize(org.flywaydb.core.api.configuration.FluentConfiguration flyway) {}
        }

        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "2", locations = "migrations/fails")
    static class HalfWayTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class BeforeAllTestCases {
        @BeforeAll
        static void before(MetadataDatabase database) {}

        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class BeforeAllDataSourceTestCases {
        @BeforeAll
        static void before(DataSource source) {}

        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class FactoryTestCases {

        private final Set<String> names = ConcurrentHashMap.newKeySet();
        private final Set<String> others = ConcurrentHashMap.newKeySet();

        @TestFactory
        Stream<DynamicTest> ofOneDatabase(MetadataDatabase database) {
            return Stream.of("1.10", "2")
                    .map(version -> DynamicTest.dynamicTest(version, () -> {
                        assertThat(database.migrateTo(version).succeeded()).isTrue();
                        try (Connection connection = database.connect()) {
                            names.add(databaseOf(connection));
                        }
                    }));
        }

        @TestFactory
        DynamicTest ofAnother(Connection connection) {
            return DynamicTest.dynamicTest("another", () -> others.add(databaseOf(connection)));
        }

        @AfterAll
        void eachFactoryHasItsOwn() {
            assertThat(names).hasSize(1).doesNotContainAnyElementsOf(others);
        }
    }

    @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class TimesOutTestCases {

        @Test
        void inTheServer(Connection connection) throws SQLException {
            query(connection, "SELECT pg_sleep(1)");
        }

        @Test
        void here(MetadataDatabase database) throws InterruptedException {
            Thread.sleep(1000);
        }

        @Test
        @Timeout(60)
        void notAtAll(MetadataDatabase database) {
            assertThat(database.migrateTo("2").succeeded()).isTrue();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassConstructorTestCases {
        PerClassConstructorTestCases(MetadataDatabase database) {}

        @Test
        void test() {}
    }
}
