package io.github.metadatasnapshot.migration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TakesTurns(of = 3)
class FlywayMigratorTests {

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestServers.embedded().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private static final class Config {
        private List<String> files = List.of();
        private List<String> locations = List.of();
        private String table = "";
        private List<String> schemas = List.of();
        private Map<String, String> placeholders = Map.of();
        private Optional<FlywayCustomizer> customizer = Optional.empty();
        private boolean versionedOnly;

        static Config at(String... locations) {
            Config config = new Config();
            config.locations = List.of(locations);
            return config;
        }

        FlywayMigrator migrator() {
            return migrator(Engine.POSTGRESQL);
        }

        FlywayMigrator migrator(Engine engine) {
            return migrator(engine, FlywayMigratorTests.class.getClassLoader());
        }

        FlywayMigrator migrator(Engine engine, ClassLoader classLoader) {
            return new FlywayMigrator(
                    new FlywaySettings(files, locations, table, schemas, placeholders, customizer, versionedOnly),
                    engine,
                    classLoader);
        }
    }

    private Upgrade upgrade(FlywayMigrator migrator, String version) {
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    private List<String> query(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.open();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    static void compile(Path directory, String name, String source) throws Exception {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        String flyway = Path.of(Callback.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", flyway, file.toString()))
                .isZero();
    }

    /** Flyway takes each for a number, and orders it. */
    @ParameterizedTest
    @CsvSource({"V-3__x.sql, -3", "V+3__x.sql, +3", "V\u0663__x.sql, \u0663"})
    void aNameWithoutAVersionIsNamed(String name, String version, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("V1__a.sql"), "SELECT 1;");
        Files.writeString(directory.resolve(name), "SELECT 1;");

        assertThatThrownBy(() -> Config.at("filesystem:" + directory).migrator().versions(database))
                .isInstanceOf(MigrationException.class)
                .hasMessage(
                        "These migrations have no version: " + name + " (version '" + version + "'). A version is made"
                                + " of the digits 0 to 9, with dots or underscores between, as in V1.10__name.sql: rename them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "V__x.sql",
                "V3-1__x.sql",
                "V3..1__x.sql",
                "V.3__x.sql",
                "V3a__x.sql",
                "V3_x.sql",
                "R1__x.sql",
                "B__x.sql"
            })
    void aNameThatFlywayRefusesIsNamed(String name, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve(name), "SELECT 1;");

        assertThatThrownBy(() -> Config.at("filesystem:" + directory).migrator().versions(database))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("The migrations cannot be read: ", "name format: " + name + " (");
    }

    @Nested
    class Versions {

        @Test
        void areOrderedAsFlywayOrdersThem() {
            assertThat(Config.at("migrations/simple").migrator().versions(database))
                    .map(Version::toString)
                    .containsExactly("1.8", "1.9", "1.10", "2");
        }

        @Test
        void migratesToTheVersionAndNoFurther() throws Exception {
            Upgrade upgrade = upgrade(Config.at("migrations/simple").migrator(), "1.10");

            assertThat(upgrade.succeeded()).isTrue();
            assertThat(upgrade.from()).isEqualTo("no version");
            assertThat(upgrade.reached()).isEqualTo("1.10");
            assertThat(upgrade.migrations())
                    .extracting(AppliedMigration::version, AppliedMigration::script)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("1.8", "V1.8__people.sql"),
                            org.assertj.core.groups.Tuple.tuple("1.9", "V1.9__pets.sql"),
                            org.assertj.core.groups.Tuple.tuple("1.10", "V1.10__email.sql"));
            assertThat(query("SELECT count(*) FROM pet")).containsExactly("0");
        }

        @Test
        void goesOnToTheLatest() {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.8");

            Upgrade upgrade = Upgrade.run(database, migrator, Optional.empty());

            assertThat(upgrade).hasToString("postgres:17 · 1.8 → 2");
            assertThat(upgrade.succeeded()).isTrue();
        }

        @Test
        void anUnknownTargetListsThoseThatThereAre() {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();

            assertThatThrownBy(() -> upgrade(migrator, "1.11"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage("There is no migration to version 1.11. There are migrations to 1.8, 1.9, 1.10, 2");
            assertThatThrownBy(() -> upgrade(migrator, "newest"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("There is no migration to version newest.");
        }

        @Test
        void repeatableMigrationsAloneLeadToNone(@TempDir Path directory) throws IOException {
            Files.writeString(directory.resolve("R__item.sql"), "CREATE TABLE IF NOT EXISTS item (id INT);");
            FlywayMigrator migrator = Config.at("filesystem:" + directory).migrator();

            assertThatThrownBy(() -> Upgrade.known("1", migrator.versions(database)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage(
                            "There is no migration to version 1. There is no versioned migration at all where Flyway"
                                    + " looks for them: only such lead to a version, repeatable ones do not");
        }

        @Test
        void goingBackIsAnError() {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.10");

            assertThatThrownBy(() -> upgrade(migrator, "1.9"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("to 1.9: it is at 1.10, which is later, and migrations only go forward");
        }
    }

    @Nested
    class Failures {

        @Test
        void nameFileLineStatementAndTheEnginesWords() {
            Upgrade upgrade = upgrade(Config.at("migrations/fails").migrator(), "2");

            assertThat(upgrade.succeeded()).isFalse();
            assertThat(upgrade.reached()).isEqualTo("1");
            MigrationFailure failure = upgrade.failure().orElseThrow();
            assertThat(failure.script()).isEqualTo("V2__half.sql");
            assertThat(failure.line()).isEqualTo(4);
            assertThat(failure.statement()).isEqualTo("INSERT INTO nowhere\nVALUES (1);");
            assertThat(failure.sqlState()).isEqualTo("42P01");
            assertThat(failure.message()).startsWith("ERROR: relation \"nowhere\" does not exist");
        }

        @Test
        void nameAFileOfAnotherSuffixAndEncoding(@TempDir Path directory) throws IOException {
            Files.write(
                    directory.resolve("V1__item.pgsql"),
                    "CREATE TABLE item (name text);\nINSERT INTO item VALUES ('caf\u00e9');\n".getBytes(ISO_8859_1));
            Files.write(
                    directory.resolve("V2__bad.pgsql"),
                    "-- caf\u00e9\nALTER TABLE item ADD COLUMN note text;\nALTER TABLE itm ADD COLUMN caf\u00e9 text;\n"
                            .getBytes(ISO_8859_1));
            Config config = Config.at("filesystem:" + directory);
            config.customizer =
                    Optional.of(flyway -> flyway.sqlMigrationSuffixes(".pgsql").encoding(ISO_8859_1));

            MigrationFailure failure = upgrade(config.migrator(), "2").failure().orElseThrow();

            assertThat(failure.script()).isEqualTo("V2__bad.pgsql");
            assertThat(failure.line()).isEqualTo(3);
            assertThat(failure.statement()).isEqualTo("ALTER TABLE itm ADD COLUMN caf\u00e9 text;");
        }

        @Test
        void aFileThatFlywayWouldIgnoreIsAnError() {
            FlywayMigrator migrator = Config.at("migrations/misnamed").migrator();

            assertThatThrownBy(() -> upgrade(migrator, "1"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("V366_forgotten.sql");
        }

        @Test
        void aLocationThatDoesNotExistIsAnError() {
            Config config = Config.at("migrations/nowhere/{engine}");

            assertThatThrownBy(() -> config.migrator(Engine.MARIADB))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            "There are no migrations at 'migrations/nowhere/mariadb' or 'migrations/nowhere/mysql'");
        }

        @Test
        void aSchemaOnMySqlIsAnError() {
            Config config = Config.at("migrations/simple");
            config.schemas = List.of("other");

            assertThatThrownBy(() -> config.migrator(Engine.MYSQL))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("schema other, which on MySQL is a database");
        }
    }

    @Nested
    class Validation {

        @Test
        void findsNothingWhereHistoryAndMigrationsAgree() {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.9");

            assertThat(migrator.validate(database, Version.of("1.9"))).isEmpty();
        }

        @Test
        void findsWhatIsPendingUpToTheTarget() {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.9");

            assertThat(migrator.validate(database, Version.of("1.10")))
                    .singleElement()
                    .asString()
                    .startsWith("Detected resolved migration not applied to database: 1.10.");
        }

        @Test
        void findsAnotherChecksumInOneLine() throws Exception {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.9");
            query("UPDATE flyway_schema_history SET checksum = 5 WHERE version = '1.8' RETURNING 1");

            assertThat(migrator.validate(database, Version.of("1.9")))
                    .singleElement()
                    .asString()
                    .matches("Migration checksum mismatch for migration version 1\\.8 -> Applied to database : 5"
                            + " -> Resolved locally : -?\\d+\\. Either revert the changes to the migration, .*");
        }

        @Test
        void findsAMigrationThatIsGone() throws Exception {
            FlywayMigrator migrator = Config.at("migrations/simple").migrator();
            upgrade(migrator, "1.10");
            query("UPDATE flyway_schema_history SET version = '1.9.5' WHERE version = '1.9' RETURNING 1");

            assertThat(migrator.validate(database, Version.of("1.10")))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("Detected applied migration not resolved locally: 1.9.5."));
        }
    }

    @Nested
    class Texts {

        @Test
        void ofMigrationsOnTheClassPath() {
            assertThat(Config.at("migrations/baseline").migrator().scripts(database))
                    .contains(
                            new MigrationScript(
                                    Optional.of(Version.of("4")),
                                    false,
                                    "V4__email.sql",
                                    "ALTER TABLE person ADD email VARCHAR(100);\n"),
                            new MigrationScript(
                                    Optional.of(Version.of("2")),
                                    false,
                                    "V2__pets.sql",
                                    "CREATE TABLE pet (id INT PRIMARY KEY, owner_id INT NOT NULL REFERENCES person"
                                            + " (id));\n"))
                    .filteredOn(MigrationScript::baseline)
                    .extracting(MigrationScript::name)
                    .containsExactly("B3__all_at_once.sql");
        }

        @Test
        void ofMigrationsInAJar(@TempDir Path directory) throws Exception {
            Path jar = directory.resolve("product.jar");
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                for (String entry : List.of("packed/", "packed/deep/", "packed/deep/V1__people.sql")) {
                    out.putNextEntry(new JarEntry(entry));
                    if (entry.endsWith(".sql")) {
                        out.write("CREATE TABLE person (id INT);".getBytes(UTF_8));
                    }
                    out.closeEntry();
                }
            }
            try (URLClassLoader loader = new URLClassLoader(
                    new URL[] {jar.toUri().toURL()}, getClass().getClassLoader())) {
                FlywaySettings settings = new FlywaySettings(
                        List.of(), List.of("classpath:packed"), "", List.of(), Map.of(), Optional.empty(), false);

                assertThat(new FlywayMigrator(settings, Engine.POSTGRESQL, loader).scripts(database))
                        .containsExactly(new MigrationScript(
                                Optional.of(Version.of("1")),
                                false,
                                "V1__people.sql",
                                "CREATE TABLE person (id INT);"));
            }
        }
    }

    @Nested
    class Locations {

        @Test
        void areLookedThroughOnce() throws Exception {
            AtomicInteger searches = new AtomicInteger();
            ClassLoader counting = new ClassLoader(getClass().getClassLoader()) {
                @Override
                public Enumeration<URL> getResources(String name) throws IOException {
                    if (name.equals("migrations/simple")) {
                        searches.incrementAndGet();
                    }
                    return super.getResources(name);
                }
            };
            FlywayMigrator migrator = Config.at("migrations/simple").migrator(Engine.POSTGRESQL, counting);
            migrator.migrations(database);
            int once = searches.get();

            migrator.migrate(database, Version.of("1.8"), Migrator.Purpose.PREPARE);
            assertThat(migrator.validate(database, Version.of("1.8"))).isEmpty();
            assertThat(migrator.scripts(database)).hasSize(4);
            assertThat(upgrade(migrator, "2").reached()).isEqualTo("2");

            assertThat(once).isPositive();
            assertThat(searches).hasValue(once);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "shop/orders/migration",
                    "/shop/orders/migration/",
                    "classpath:/shop/orders/migration/",
                    "classpath:shop/*/migration",
                    "classpath:shop/**/migration",
                    "classpath:shop/orders/migratio?",
                    "filesystem:DIR/shop/orders/migration/",
                    "filesystem:DIR/shop/*/migration"
                })
        void areReadAsFlywayReadsThem(String location, @TempDir Path classPath) throws Exception {
            Path migrations = Files.createDirectories(classPath.resolve("shop/orders/migration"));
            Files.writeString(migrations.resolve("V1__people.sql"), "CREATE TABLE person (id INT);");
            Files.writeString(migrations.resolve("V2__name.sql"), "ALTER TABLE person ADD name TEXT;");
            try (URLClassLoader loader = new URLClassLoader(
                    new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader())) {
                FlywayMigrator migrator =
                        Config.at(location.replace("DIR", classPath.toString())).migrator(Engine.POSTGRESQL, loader);

                assertThat(upgrade(migrator, "2").migrations()).hasSize(2);
                assertThat(migrator.leftOut()).isEmpty();
            }
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        classpath*:migrations/simple          | "Flyway does not take the locations 'classpath*:migrations/simple': "
                        s4:bucket/migrations                  | "Flyway does not take the locations 's4:bucket/migrations': "
                        src/test/resources/migrations/simple  | "There are no migrations at 'src/test/resources/migrations/simple'. A folder of the class path is named as it lies there, such as db/migration; any other begins with filesystem:"
                        migrations/simple,migrations/pets     | "There are no migrations at 'migrations/simple,migrations/pets': each location is a string of its own. A folder"
                        classpath:migrations/nowhere/**/x     | "There is no versioned migration to migrate "
                        """, quoteCharacter = '"')
        void areAnErrorWhereFlywayKnowsNone(String location, String message) {
            Config config = Config.at(location);

            assertThatThrownBy(() -> upgrade(config.migrator(), "2"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith(message);
        }

        @Test
        void mayHoldMigrationsInJava(@TempDir Path classPath) throws Exception {
            Path migrations = Files.createDirectories(classPath.resolve("db/migration"));
            Files.writeString(migrations.resolve("V1__people.sql"), "CREATE TABLE person (id INT);");
            compile(migrations, "V2__Pets", """
                package db.migration;

                import org.flywaydb.core.api.migration.BaseJavaMigration;
                import org.flywaydb.core.api.migration.Context;

                public final class V2__Pets extends BaseJavaMigration {

                    @Override
                    public void migrate(Context context) throws Exception {
                        try (var statement = context.getConnection().createStatement()) {
                            statement.execute("CREATE TABLE pet (id INT)");
                        }
                    }
                }
                """);

            try (URLClassLoader loader = new URLClassLoader(
                    new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader())) {
                FlywayMigrator migrator = Config.at("db/migration").migrator(Engine.POSTGRESQL, loader);
                migrator.migrations(database);

                assertThat(upgrade(migrator, "2").migrations())
                        .extracting(AppliedMigration::description)
                        .containsExactly("people", "Pets");
            }
            assertThat(query("SELECT to_regclass('pet')")).doesNotContainNull();
        }

        @Test
        void mayBeLookedThroughByTheUser() {
            Config config = Config.at("migrations/simple");
            List<String> asked = new ArrayList<>();
            config.customizer = Optional.of(configuration -> configuration.resourceProvider(new ResourceProvider() {
                @Override
                public @Nullable LoadableResource getResource(String name) {
                    return null;
                }

                @Override
                public List<LoadableResource> getResources(String prefix, String[] suffixes) {
                    asked.add(prefix);
                    return List.of();
                }
            }));
            FlywayMigrator migrator = config.migrator();
            assertThat(migrator.migrations(database)).isEmpty();
            asked.clear();

            assertThat(migrator.scripts(database)).isEmpty();
            assertThat(asked).contains("V");
        }
    }

    @Nested
    class Traps {

        @Test
        @Timeout(30)
        void anIndexThatWaitsForFlywaysOwnLockIsCancelled() {
            Upgrade upgrade = upgrade(Config.at("migrations/concurrently").migrator(), "2");

            MigrationFailure failure = upgrade.failure().orElseThrow();
            assertThat(failure.statement()).startsWith("CREATE INDEX CONCURRENTLY person_name");
            assertThat(failure.message()).contains("would have waited for ever");
            assertThat(failure.hint()).contains("flyway.postgresql.transactional.lock=false");
        }

        @Test
        void theSettingThatTheMessageNamesHelps() {
            Config config = Config.at("migrations/concurrently");
            config.customizer = Optional.of(
                    flyway -> flyway.configuration(Map.of("flyway.postgresql.transactional.lock", "false")));

            assertThat(upgrade(config.migrator(), "2").succeeded()).isTrue();
        }

        @Test
        void aRepeatableMigrationThatAssumesALaterVersionIsLeftOutAndNamed() {
            FlywayMigrator migrator = Config.at("migrations/repeatable").migrator();

            assertThat(migrator.migrate(database, Version.of("1"), Migrator.Purpose.PREPARE)
                            .failure())
                    .isEmpty();
            assertThat(migrator.leftOut())
                    .anyMatch(line ->
                            line.startsWith("R__addresses.sql at 1: it fails there, so it is a later release's"));
        }

        /** No version is later, and what was looked up is told. */
        @Test
        void aRepeatableMigrationThatFailsAtTheLatestVersionIsExplainedByTheRows(@TempDir Path directory) {
            FlywayMigrator migrator = new Product(directory)
                    .sql("V1__pet.sql", "CREATE TABLE pet (id INT, name TEXT); INSERT INTO pet VALUES (7, NULL);")
                    .sql("R__names.sql", "ALTER TABLE pet ALTER COLUMN name SET NOT NULL;")
                    .migrator(Engine.POSTGRESQL);
            assertThat(migrator.migrate(database, Version.of("1"), Migrator.Purpose.PREPARE)
                            .failure())
                    .hasValueSatisfying(failure -> {
                        assertThat(failure.script()).isEqualTo("R__names.sql");
                        assertThat(failure.hint())
                                .startsWith("1 row of table pet holds NULL in name. Give them a value");
                    });

            FlywayMigrator wrong = new Product(directory)
                    .sql("R__names.sql", "SELECT gone FROM pet;")
                    .migrator(Engine.POSTGRESQL);
            assertThat(wrong.migrate(database, Version.of("1"), Migrator.Purpose.PREPARE)
                            .failure())
                    .hasValueSatisfying(failure -> {
                        assertThat(failure.message()).contains("column \"gone\" does not exist");
                        assertThat(failure.hint()).isEmpty();
                    });
        }

        @Test
        void repeatableMigrationsAndCallbacksAreLeftOutForPreparingAndRunInTheUpgrade() throws Exception {
            Config config = Config.at("migrations/repeatable");
            config.versionedOnly = true;
            FlywayMigrator migrator = config.migrator();

            assertThat(migrator.migrate(database, Version.of("1"), Migrator.Purpose.PREPARE)
                            .failure())
                    .isEmpty();
            Upgrade upgrade = upgrade(migrator, "2");

            assertThat(upgrade.succeeded()).isTrue();
            assertThat(query("SELECT email FROM addresses")).containsExactly("none");
        }

        @Test
        void callbacksWhereFlywayLooksForThemRunOnceAndHideNothing(@TempDir Path classPath) throws Exception {
            Path migrations = Files.createDirectories(classPath.resolve("db/migration"));
            Files.writeString(migrations.resolve("V1__called.sql"), "CREATE TABLE called (version TEXT, who TEXT);");
            Files.writeString(migrations.resolve("V2__two.sql"), "CREATE TABLE two (id INT);");
            Files.writeString(
                    migrations.resolve("V3__three.sql"), "ALTER TABLE two ALTER id TYPE BIGINT; INSERT INTO called;");
            compileJavaCallback(Files.createDirectories(classPath.resolve("db/callback")));
            Files.writeString(
                    classPath.resolve("db/callback/afterEachMigrate.sql"),
                    "INSERT INTO called VALUES (" + LAST_VERSION + ", 'SQL');");

            try (URLClassLoader loader = new URLClassLoader(
                    new URL[] {classPath.toUri().toURL()}, getClass().getClassLoader())) {
                FlywayMigrator migrator =
                        Config.at("filesystem:" + classPath.resolve("db")).migrator(Engine.POSTGRESQL, loader);
                migrator.migrate(database, Version.of("1"), Migrator.Purpose.PREPARE);
                MigrationRun run = migrator.migrate(database, Version.of("3"), Migrator.Purpose.UPGRADE);

                assertThat(run.failure()).map(MigrationFailure::script).hasValue("V3__three.sql");
                assertThat(run.applied()).singleElement().satisfies(migration -> {
                    assertThat(migration.name()).isEqualTo("V2__two.sql");
                    assertThat(migration.effects()).isNotEqualTo(MigrationEffects.UNKNOWN);
                });
            }
            assertThat(query("SELECT version || ' ' || who FROM called ORDER BY 1"))
                    .containsExactly("1 Java", "1 SQL", "2 Java", "2 SQL");
        }

        private static final String LAST_VERSION =
                "(SELECT coalesce(max(installed_rank), 0) + 1 FROM flyway_schema_history WHERE success)";

        /** Not among the classes of the tests, where every Flyway of every test would find it. */
        private static void compileJavaCallback(Path directory) throws Exception {
            compile(directory, "Recording", """
                package db.callback;

                import org.flywaydb.core.api.callback.Callback;
                import org.flywaydb.core.api.callback.Context;
                import org.flywaydb.core.api.callback.Event;

                public final class Recording implements Callback {

                    @Override
                    public boolean supports(Event event, Context context) {
                        return event == Event.AFTER_EACH_MIGRATE;
                    }

                    @Override
                    public boolean canHandleInTransaction(Event event, Context context) {
                        return true;
                    }

                    @Override
                    public String getCallbackName() {
                        return "recording";
                    }

                    @Override
                    public void handle(Event event, Context context) {
                        try (var statement = context.getConnection().createStatement()) {
                            statement.execute("INSERT INTO called VALUES ('"
                                    + context.getMigrationInfo().getVersion() + "', 'Java')");
                        } catch (java.sql.SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
                """);
        }

        @Test
        void aBaselineMigrationStartsAnEmptyDatabase() throws Exception {
            Upgrade upgrade = upgrade(Config.at("migrations/baseline").migrator(), "4");

            assertThat(upgrade.succeeded()).isTrue();
            assertThat(upgrade.reached()).isEqualTo("4");
            assertThat(upgrade.migrations())
                    .extracting(AppliedMigration::script)
                    .containsExactly("B3__all_at_once.sql", "V4__email.sql");
        }

        @Test
        void aVersionBelowTheBaselineIsReachedByTheVersionedMigrations() throws Exception {
            Upgrade upgrade = upgrade(Config.at("migrations/baseline").migrator(), "2");

            assertThat(upgrade.reached()).isEqualTo("2");
            assertThat(query("SELECT to_regclass('only_by_baseline')")).containsOnlyNulls();
        }
    }

    @Nested
    class Configuration {

        @Test
        void theHistoryTableMayHaveAnotherNameAndSchema() throws Exception {
            Config config = Config.at("migrations/simple");
            config.table = "DATABASE_CHANGE_LOG";
            config.schemas = List.of("catalog");

            Upgrade upgrade = upgrade(config.migrator(), "1.9");

            assertThat(upgrade.reached()).isEqualTo("1.9");
            assertThat(query("SELECT count(*) FROM catalog.\"DATABASE_CHANGE_LOG\" WHERE version IS NOT NULL"))
                    .containsExactly("2");
        }

        @Test
        void placeholdersAreReplaced() throws Exception {
            Config config = Config.at("migrations/placeholder");
            config.placeholders = Map.of("prefix", "our");

            assertThat(upgrade(config.migrator(), "1").succeeded()).isTrue();
            assertThat(query("SELECT count(*) FROM our_person")).containsExactly("0");
        }

        @Test
        void theProductsTomlFileIsRead(@TempDir Path folder) throws Exception {
            Path file = Files.writeString(folder.resolve("flyway.toml"), """
                [environments.production]
                url = "jdbc:postgresql://production/db"

                [flyway]
                environment = "production"
                locations = ["classpath:migrations/placeholder"]
                table = "toml_history"

                [flyway.placeholders]
                prefix = "toml"
                """);
            Config config = new Config();
            config.files = List.of(file.toString());
            FlywayMigrator migrator = config.migrator();

            assertThat(migrator.historyTable().name()).isEqualTo("toml_history");
            assertThat(upgrade(migrator, "1").succeeded()).isTrue();
            assertThat(query("SELECT count(*) FROM toml_person")).containsExactly("0");
        }

        @Test
        void theProductsConfFileIsReadAndTheAnnotationWins(@TempDir Path folder) throws Exception {
            Path file = Files.writeString(folder.resolve("flyway.conf"), """
                flyway.url=jdbc:postgresql://production/db
                flyway.locations=classpath:migrations/simple
                flyway.table=conf_history
                """);
            Config config = new Config();
            config.files = List.of(file.toString());
            config.table = "annotated_history";
            FlywayMigrator migrator = config.migrator();

            assertThat(migrator.historyTable().name()).isEqualTo("annotated_history");
            assertThat(upgrade(migrator, "1.9").succeeded()).isTrue();
        }

        @Test
        void aFileThatIsMissingOrOfAnotherKindIsAnError(@TempDir Path folder) throws IOException {
            Config missing = new Config();
            missing.files = List.of("no/flyway.toml");
            assertThatThrownBy(missing::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("There is no Flyway configuration file 'no/flyway.toml'");

            Path xml = Files.writeString(folder.resolve("flyway.xml"), "<flyway/>");
            Config otherKind = new Config();
            otherKind.files = List.of(xml.toString());
            assertThatThrownBy(otherKind::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("it takes a .toml or a .conf file");

            Path broken = Files.writeString(folder.resolve("flyway.toml"), "[flyway\n");
            Config malformed = new Config();
            malformed.files = List.of(broken.toString());
            assertThatThrownBy(malformed::migrator)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("flyway.toml' cannot be read");
        }
    }
}
