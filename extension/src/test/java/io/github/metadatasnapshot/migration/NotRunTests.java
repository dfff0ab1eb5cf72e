package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flyway would not run, without a word: nothing of it is proven. */
@TakesTurns(of = 3)
class NotRunTests {

    private TestDatabase database;
    private Product product;

    @BeforeEach
    void create(@TempDir Path directory) {
        database = TestServers.embedded().createDatabase();
        product = new Product(directory)
                .sql("V1__item.sql", "CREATE TABLE item (id integer PRIMARY KEY);")
                .sql("V2__note.sql", "ALTER TABLE item ADD COLUMN note text;");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private FlywayMigrator migrator() {
        return product.migrator(Engine.POSTGRESQL);
    }

    private Upgrade upgrade(FlywayMigrator migrator, String version) {
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    @Nested
    class Settings {

        @Test
        void thatSkipAllMigrationsAreRefusedWithTheFileThatSetsThem(@TempDir Path elsewhere) {
            product.sql("V2__note.sql", "ALTER TABLE itm ADD COLUMN note text;")
                    .alsoConfig("conf/flyway.conf", "flyway.skipExecutingMigrations=true");

            assertThatThrownBy(NotRunTests.this::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("The Flyway configuration file '")
                    .hasMessageContaining(
                            "conf/flyway.conf' sets skipExecutingMigrations, by which Flyway does not run the"
                                    + " migrations, or not all of them: nothing would be proven. Leave it out, or undo it"
                                    + " for the tests by a FlywayCustomizer");

            product.customizer(flyway -> flyway.skipExecutingMigrations(false));
            assertThat(upgrade(migrator(), "2").failure())
                    .map(MigrationFailure::message)
                    .hasValueSatisfying(message -> assertThat(message).contains("relation \"itm\" does not exist"));
        }

        @Test
        void thatACustomizerMakesAreRefusedWithItsName() {
            product.customizer(new Skipping());

            assertThatThrownBy(NotRunTests.this::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("The configuration of Flyway by " + Skipping.class.getName()
                            + " sets skipExecutingMigrations, ");
        }

        static final class Skipping implements FlywayCustomizer {
            @Override
            public void customize(org.flywaydb.core.api.configuration.FluentConfiguration flyway) {
                flyway.skipExecutingMigrations(true);
            }
        }

        /** Of Flyway's commercial editions: the others refuse them themselves. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "cherryPick=1 | Unknown configuration property: flyway.cherryPick",
                    "dryRunOutput=out.sql | dryRunOutput is not supported by OSS"
                })
        void thatRunAPartOrNothingAreRefusedByFlyway(String setting, String answer) {
            product.alsoConfig("conf/flyway.conf", "flyway." + setting);

            assertThatThrownBy(NotRunTests.this::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("The Flyway configuration file '")
                    .hasMessageContaining("conf/flyway.conf': ")
                    .hasMessageContaining(answer);
        }

        @Test
        void thatFlywayRefusesOfACustomizerAreToldWithItsName() {
            product.customizer(new DryRun());

            assertThatThrownBy(NotRunTests.this::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith(DryRun.class.getName() + ": ")
                    .hasMessageContaining("dryRunOutput is not supported by OSS");
        }

        static final class DryRun implements FlywayCustomizer {
            @Override
            public void customize(org.flywaydb.core.api.configuration.FluentConfiguration flyway) {
                flyway.dryRunOutput("out.sql");
            }
        }

        @Test
        void thatDoWithoutTheResolversOfFlywayLeaveNoVersion() {
            product.alsoConfig("flyway.conf", "flyway.skipDefaultResolvers=true");

            assertThatThrownBy(() -> upgrade(migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("There is no versioned migration to migrate ");
        }

        @Test
        void ofAScriptThatIsNotToRunAreAnError() {
            product.sql("V2__note.sql.conf", "shouldExecute=false");

            assertThatThrownBy(() -> upgrade(migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("The migrations cannot be read: ")
                    .hasMessageContaining("pgrade required: shouldExecute is not supported by OSS.");
        }
    }

    @Nested
    class MigrationsInJava {

        private static final String SOURCE = """
            package java_steps;

            import org.flywaydb.core.api.migration.BaseJavaMigration;
            import org.flywaydb.core.api.migration.Context;

            public class V3__Bean extends BaseJavaMigration {

                private final String text;

                public V3__Bean(PARAMETERS) {
                    this.text = TEXT;
                }

                @Override
                public void migrate(Context context) throws Exception {
                    try (var statement = context.getConnection().createStatement()) {
                        statement.execute("COMMENT ON TABLE item IS '" + text + "'");
                    }
                }
            }
            """;

        private URLClassLoader compiled(Path classPath, String parameters, String text) throws Exception {
            FlywayMigratorTests.compile(
                    Files.createDirectories(classPath.resolve("java_steps")),
                    "V3__Bean",
                    SOURCE.replace("PARAMETERS", parameters).replace("TEXT", text));
            return new URLClassLoader(
                    new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader());
        }

        private void addLocation(URLClassLoader loader) {
            product.config("flyway.conf", "flyway.locations=filesystem:DIR/sql,classpath:java_steps")
                    .classLoader(loader);
        }

        @Test
        void thatFlywayCannotCreateAreAnErrorUntilTheyAreGivenToIt(@TempDir Path classPath) throws Exception {
            try (URLClassLoader loader = compiled(classPath, "String text", "text")) {
                addLocation(loader);
                assertThatThrownBy(() -> upgrade(migrator(), "2"))
                        .isInstanceOf(MigrationException.class)
                        .hasMessage("Flyway leaves out migrations in Java: java_steps.V3__Bean (it has no constructor"
                                + " without parameters). Where the product gives them to Flyway, as Spring"
                                + " does with beans, do the same by a FlywayCustomizer:"
                                + " flyway.javaMigrations(new V3__Example(...))");

                JavaMigration bean = (JavaMigration) loader.loadClass("java_steps.V3__Bean")
                        .getConstructor(String.class)
                        .newInstance("by a bean");
                product.customizer(flyway -> flyway.javaMigrations(bean));
                Upgrade upgrade = Upgrade.run(database, migrator(), Optional.empty());

                assertThat(upgrade.to()).isEqualTo("3");
                assertThat(Library.query(database, "SELECT obj_description('item'::regclass)"))
                        .containsExactly("by a bean");
            }
        }

        @Test
        void whoseConstructorFailsAreAnError(@TempDir Path classPath) throws Exception {
            try (URLClassLoader loader = compiled(classPath, "", "java.util.List.of(\"no\").get(1)")) {
                addLocation(loader);

                assertThatThrownBy(() -> upgrade(migrator(), "2"))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("java_steps.V3__Bean (its constructor fails: "
                                + "java.lang.IndexOutOfBoundsException: ");
            }
        }

        @Test
        void thatCannotBeLoadedAreAnError(@TempDir Path classPath) throws Exception {
            Path folder = Files.createDirectories(classPath.resolve("java_steps"));
            Files.write(folder.resolve("V3__Broken.class"), new byte[] {1, 2, 3, 4});
            try (URLClassLoader loader = new URLClassLoader(
                    new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader())) {
                addLocation(loader);

                assertThatThrownBy(() -> upgrade(migrator(), "2"))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining(
                                "java_steps.V3__Broken (it cannot be loaded: java.lang.ClassFormatError: ");
            }
        }

        @Test
        void beneathSqlInADirectoryAreAnError() {
            product.sql("V3__Pets.java", "public class V3__Pets {}");

            assertThatThrownBy(() -> upgrade(migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            "sql/V3__Pets.java (Flyway reads SQL only from a directory of the file system:"
                                    + " name the package of the class path beside it)");
        }
    }

    @Nested
    class Locations {

        @Test
        void ofTheProductsFileThatAreNotThereAreAnErrorBesideOthers() {
            product.config("flyway.conf", "flyway.locations=filesystem:DIR/sql,filesystem:/flyway/sql,db/dev");

            assertThatThrownBy(NotRunTests.this::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("flyway.conf' names locations of migrations where there is nothing:"
                            + " 'classpath:db/dev', 'filesystem:/flyway/sql'. Flyway would pass over them.");
        }

        @Test
        void thatNeedNotBeThereAreNamed() {
            product.config(
                    "flyway.conf",
                    "flyway.locations=filesystem:DIR/sql,filesystem:/flyway/sql\nflyway.failOnMissingLocations=false");
            FlywayMigrator migrator = migrator();

            assertThat(upgrade(migrator, "2").succeeded()).isTrue();
            assertThat(migrator.leftOut())
                    .containsExactly(
                            "filesystem:/flyway/sql: there is nothing, neither on the class path nor as a path, and"
                                    + " failOnMissingLocations is false");
        }
    }

    @Nested
    class Names {

        @Test
        void thatUndoAreNamed() {
            product.sql("U2__note.sql", "ALTER TABLE item DROP COLUMN note;");
            FlywayMigrator migrator = migrator();

            assertThat(upgrade(migrator, "2").succeeded()).isTrue();
            assertThat(migrator.leftOut()).containsExactly("U2__note.sql: undo migrations are not run");
        }

        @Test
        void ofWrongNamesAreAnErrorBesideThoseThatUndo() {
            product.sql("U2__note.sql", "").sql("V366_forgotten.sql", "");

            assertThatThrownBy(() -> upgrade(migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("V366_forgotten.sql");
        }

        @Test
        void thatAreNoMigrationsAreNamed() {
            product.sql("data/seed.sql", "INSERT INTO item VALUES (2);")
                    .sql("rollback_note.sql", "ALTER TABLE item DROP COLUMN note;")
                    .sql("README.md", "no SQL");
            FlywayMigrator migrator = migrator();

            assertThat(upgrade(migrator, "2").succeeded()).isTrue();
            assertThat(migrator.leftOut())
                    .containsExactly(
                            "rollback_note.sql: by its name no migration, and Flyway passes over it",
                            "seed.sql: by its name no migration, and Flyway passes over it");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "v3__lower.sql",
                    "3__none.sql",
                    "R_view.sql",
                    "r__view.sql",
                    "B3_base.sql",
                    "after_migrate.sql",
                    "beforeMigrat.sql"
                })
        void thatAreNearlyThoseOfMigrationsAreAnError(String name) {
            product.sql("seed.sql", "").sql("sub/" + name, "");

            assertThatThrownBy(() -> upgrade(migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(name);
        }

        @Test
        void ofWrongNamesAreNamedWhereTheProductAllowsThem() {
            product.sql("V366_forgotten.sql", "").alsoConfig("flyway.conf", "flyway.validateMigrationNaming=false");
            FlywayMigrator migrator = migrator();

            assertThat(upgrade(migrator, "2").succeeded()).isTrue();
            assertThat(migrator.leftOut())
                    .containsExactly("V366_forgotten.sql: Flyway does not understand the name, and"
                            + " validateMigrationNaming is false");
        }
    }

    /** A hotfix that came below the version of a database, with each setting by which Flyway passes over it. */
    @ParameterizedTest
    @ValueSource(strings = {"flyway.ignoreMigrationPatterns=*:ignored", "flyway.validateOnMigrate=false"})
    void whatLiesBelowTheDatabasesVersionIsNamed(String setting) {
        upgrade(migrator(), "2");
        product.sql("V1.5__hotfix.sql", "CREATE TABLE hotfix (id integer);")
                .sql("V3__three.sql", "ALTER TABLE item ADD COLUMN three text;");
        assertThat(upgrade(migrator(), "3").failure())
                .as("Flyway complains by default")
                .isPresent();
        Upgrade upgrade = upgrade(product.alsoConfig("flyway.conf", setting).migrator(Engine.POSTGRESQL), "3");

        assertThat(upgrade.succeeded()).isTrue();
        assertThat(upgrade.passedOver()).isEqualTo(List.of(Version.of("1.5")));
    }

    @Test
    void whatRanInAnyOrderOrLiesBelowABaselineIsNotNamed() {
        upgrade(migrator(), "2");
        product.sql("V1.5__hotfix.sql", "CREATE TABLE hotfix (id integer);")
                .alsoConfig("flyway.conf", "flyway.outOfOrder=true");
        assertThat(upgrade(migrator(), "2").passedOver()).isEmpty();

        Library.execute(
                database,
                "DELETE FROM flyway_schema_history",
                "INSERT INTO flyway_schema_history VALUES (1, '2', 'x', 'BASELINE', 'x', NULL, 'x', now(), 0, true)");
        product.sql("V3__three.sql", "ALTER TABLE item ADD COLUMN three text;");
        assertThat(upgrade(migrator(), "3").passedOver()).isEmpty();
    }
}
