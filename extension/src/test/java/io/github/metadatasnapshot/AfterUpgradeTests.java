package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What a test author sees of {@link AfterUpgrade}. */
@TakesTurns(of = 3)
class AfterUpgradeTests {

    private static final List<String> RAN = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void forget() {
        RAN.clear();
    }

    private static void assertFails(Class<?> testClass, String message) {
        assertThat(TestKit.failure(TestKit.run(testClass))).hasMessage(message);
    }

    @Test
    void runsAfterEachUpgradeWithWhatItAsksFor() {
        TestKit.assertAllSucceeded(TestKit.run(EveryParameterTestCases.class), 1);

        assertThat(RAN).containsExactly("1.9 → 1.10", "1.10 → 2");
    }

    @Test
    void runsThoseOfInterfacesSuperclassesAndClassesAroundOnceEach() {
        TestKit.assertAllSucceeded(TestKit.run(InheritingTestCases.class), 2);

        assertThat(RAN).hasSize(5).startsWith("superclass", "own").endsWith("superclass", "own", "nested");
    }

    @Test
    void runsTheOneThatOverrides() {
        TestKit.assertAllSucceeded(TestKit.run(OverridingTestCases.class), 1);

        assertThat(RAN).containsExactly("interface", "overriding");
    }

    @Test
    void doesNotRunAfterAnUpgradeThatFailed() {
        TestKit.assertAllSucceeded(TestKit.run(FailedUpgradeTestCases.class), 1);

        assertThat(RAN).isEmpty();
    }

    @Test
    void aFailureFailsTheTestAndNamesThePath() {
        Throwable failure = TestKit.failure(TestKit.run(FailingTestCases.class));

        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessage("@AfterUpgrade serves failed after the upgrade postgres:17 · 1.8 → 2: no answer")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anExceptionWithoutAMessageIsNamed() {
        assertFails(
                SilentTestCases.class,
                "@AfterUpgrade serves failed after the upgrade postgres:17 · 1.8 → 2: java.lang.AssertionError");
    }

    @Test
    void anAssumptionAbortsTheTest() {
        EngineExecutionResults results = TestKit.run(AssumingTestCases.class);

        results.testEvents().assertStatistics(stats -> stats.aborted(1).failed(0));
    }

    @Nested
    class Misuse {

        private static final String RULE = ": it must not be private nor static, and returns nothing";

        private void assertMisuse(Class<?> testClass, String rule) {
            assertFails(testClass, "@AfterUpgrade on " + testClass.getName() + ".serves" + rule);
        }

        @Test
        void aMethodThatIsPrivateOrStaticOrReturnsSomething() {
            assertMisuse(PrivateTestCases.class, RULE);
            assertMisuse(StaticTestCases.class, RULE);
            assertMisuse(ReturningTestCases.class, RULE);
        }

        @Test
        void aParameterOfAnotherType() {
            assertMisuse(
                    ParameterTestCases.class,
                    ": it cannot take a String: a parameter is a MetadataDatabase, an Upgrade, a DataSource or a"
                            + " Connection");
        }

        @Test
        void anUpgradeInTheConstructor() {
            assertThat(TestKit.failure(TestKit.run(ConstructorTestCases.class)))
                    .hasStackTraceContaining(": it needs the test's instance, which is still being created");
        }
    }

    // The classes that are run

    @MetadataSnapshot(database = "postgres:17", version = "1.9", locations = "migrations/simple")
    static class EveryParameterTestCases {

        private Connection used;

        @AfterUpgrade
        void serves(Connection connection, DataSource dataSource, Upgrade upgrade, MetadataDatabase database)
                throws SQLException {
            RAN.add(upgrade.from() + " → " + upgrade.to());
            used = connection;
            try (Connection other = dataSource.getConnection()) {
                assertThat(databaseOf(connection)).isEqualTo(databaseOf(other));
            }
            assertThat(database.version()).contains(upgrade.to());
        }

        private static String databaseOf(Connection connection) throws SQLException {
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT current_database()")) {
                row.next();
                return row.getString(1);
            }
        }

        @Test
        void test(MetadataDatabase database, Connection own) throws SQLException {
            database.migrateTo("1.10");
            database.migrateToLatest();

            assertThat(used).isNotSameAs(own);
            assertThat(used.isClosed()).isTrue();
            assertThat(own.isClosed()).isFalse();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    abstract static class UpgradesToLatest {

        @Test
        void test(MetadataDatabase database) {
            assertThat(database.migrateToLatest().succeeded()).isTrue();
        }
    }

    static class SuperTestCases extends UpgradesToLatest {

        @AfterUpgrade
        void inherited() {
            RAN.add("superclass");
        }
    }

    static class InheritingTestCases extends SuperTestCases {

        @AfterUpgrade
        void own() {
            RAN.add("own");
        }

        @Nested
        class NestedTestCases {

            @AfterUpgrade
            void ofTheNested() {
                RAN.add("nested");
            }

            @Test
            void test(MetadataDatabase database) {
                database.migrateToLatest();
            }
        }
    }

    interface Smoke {

        @AfterUpgrade
        default void ofTheInterface() {
            RAN.add("interface");
        }

        @AfterUpgrade
        default void overridden() {
            RAN.add("overridden");
        }
    }

    static class OverridingTestCases extends UpgradesToLatest implements Smoke {

        @Override
        @AfterUpgrade
        public void overridden() {
            RAN.add("overriding");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", locations = "migrations/fails")
    static class FailedUpgradeTestCases {

        @AfterUpgrade
        void serves() {
            RAN.add("ran");
        }

        @Test
        void test(MetadataDatabase database) {
            assertThat(database.migrateToLatest().succeeded()).isFalse();
        }
    }

    static class FailingTestCases extends UpgradesToLatest {

        @AfterUpgrade
        void serves() {
            throw new IllegalStateException("no answer");
        }
    }

    static class SilentTestCases extends UpgradesToLatest {

        @AfterUpgrade
        void serves() {
            throw new AssertionError();
        }
    }

    static class AssumingTestCases extends UpgradesToLatest {

        @AfterUpgrade
        void serves() {
            Assumptions.abort("not here");
        }
    }

    static class PrivateTestCases extends UpgradesToLatest {

        @AfterUpgrade
        @SuppressWarnings("unused")
        private void serves() {}
    }

    static class StaticTestCases extends UpgradesToLatest {

        @AfterUpgrade
        static void serves() {}
    }

    static class ReturningTestCases extends UpgradesToLatest {

        @AfterUpgrade
        int serves() {
            return 0;
        }
    }

    static class ParameterTestCases extends UpgradesToLatest {

        @AfterUpgrade
        void serves(String url) {
            RAN.add(url);
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class ConstructorTestCases {

        ConstructorTestCases(MetadataDatabase database) {
            database.migrateToLatest();
        }

        @AfterUpgrade
        void serves() {
            RAN.add("ran");
        }

        @Test
        void test() {
            RAN.add("test");
        }
    }
}
