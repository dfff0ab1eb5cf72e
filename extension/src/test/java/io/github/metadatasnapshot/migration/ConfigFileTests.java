package io.github.metadatasnapshot.migration;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The product's configuration, read as Flyway or Spring Boot reads it. */
@TakesTurns(of = 2)
class ConfigFileTests {

    /** Set wherever tests run. */
    private static final String VARIABLE = "PATH";

    @TempDir
    private Path directory;

    private Product product;

    @BeforeEach
    void create() {
        product = new Product(directory);
    }

    private Map<String, String> read(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return FlywayConfigFile.read(file.toString(), getClass().getClassLoader());
    }

    private void assertUpgrades() {
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            FlywayMigrator migrator = product.migrator(Engine.POSTGRESQL);
            Upgrade.run(database, migrator, Optional.of("1"));
            Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
            assertThat(upgrade)
                    .succeeded()
                    .keptEveryRow()
                    .keptEveryValue()
                    .matchesCleanInstall()
                    .isRepeatable();
        }
    }

    @Nested
    class Conf {

        @Test
        void takesABackslashAsItStands() throws IOException {
            assertThat(read("flyway.conf", """
                flyway.placeholders.path=C:\\new\\table
                flyway.placeholders.last=ends with \\
                flyway.placeholders.next=1
                flyway.initSql=SET x = 1; \\
                  SET y = 2
                """))
                    .containsEntry("flyway.placeholders.path", "C:\\new\\table")
                    .containsEntry("flyway.placeholders.last", "ends with \\")
                    .containsEntry("flyway.placeholders.next", "1")
                    .containsEntry("flyway.initSql", "SET x = 1; SET y = 2");
        }

        @Test
        void expandsEnvironmentVariables() throws IOException {
            assertThat(read(
                            "flyway.conf",
                            "flyway.placeholders.a=<${" + VARIABLE + "}>\n"
                                    + "flyway.placeholders.b=<${METADATA_SNAPSHOT_NOT_SET}>\n"
                                    + "flyway.placeholderPrefix=${\n"))
                    .containsEntry("flyway.placeholders.a", "<" + System.getenv(VARIABLE) + ">")
                    .containsEntry("flyway.placeholders.b", "<>")
                    .containsEntry("flyway.placeholderPrefix", "${");
        }

        @Test
        void leavesOutWhatOnlyFlywaysCommandKnows() {
            product.sql("V1__item.sql", "CREATE TABLE item (id integer PRIMARY KEY);")
                    .sql("V2__note.sql", "ALTER TABLE item ADD COLUMN note text;")
                    .config("flyway.conf", """
                        flyway.url=jdbc:postgresql://db.example/catalog
                        flyway.locations=filesystem:DIR/sql
                        flyway.jarDirs=jars
                        flyway.encoding=UTF-8
                        flyway.connectRetries=5
                        flyway.batch=false
                        flyway.cleanDisabled=true
                        flyway.baselineOnMigrate=true
                        flyway.installedBy=deployer
                        flyway.licenseKey=FL01
                        flyway.undoSqlMigrationPrefix=U
                        flyway.configFiles=other.conf
                        flyway.workingDirectory=/srv
                        """);
            assertUpgrades();
        }

        @Test
        void keepsItsPlaceholdersBesideThoseOfTheAnnotation() {
            product.sql(
                            "V1__item.sql",
                            "CREATE TABLE ${prefix}_item (id integer PRIMARY KEY);\n"
                                    + "INSERT INTO ${prefix}_item VALUES (${first});")
                    .sql("V2__check.sql", "ALTER TABLE ${prefix}_item ADD CHECK (id = 7);")
                    .alsoConfig("flyway.conf", "flyway.placeholders.prefix=our\nflyway.placeholders.first=1\n")
                    .placeholders(Map.of("first", "7"));
            assertUpgrades();
        }

        @ParameterizedTest
        @CsvSource({
            "flyway.lokations=sql, flyway.lokations",
            "flyway.cleanOnValidationError=true, flyway.cleanOnValidationError",
            "flyway.ignoreMissingMigrations=true, flyway.ignoreMissingMigrations",
            "flyway.outOfOrder=perhaps, flyway.outOfOrder"
        })
        void namesItselfWithWhatFlywayDoesNotKnow(String line, String key) {
            product.alsoConfig("flyway.conf", line);

            assertThatThrownBy(() -> product.migrator(Engine.POSTGRESQL))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith(
                            "The Flyway configuration file '" + directory.resolve("flyway.conf") + "': ")
                    .hasMessageContaining(key);
        }

        @ParameterizedTest
        @CsvSource({
            "flyway.conf, locations=sql",
            "application.properties, spring.datasource.url=jdbc:x",
            "empty.conf, ''"
        })
        void thatSaysNothingOfFlywayIsAnError(String name, String text) {
            assertThatThrownBy(() -> read(name, text))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageEndingWith(
                            name + "' sets nothing of Flyway's: there is no flyway.*, nor spring.flyway.*, in it");
        }
    }

    @Nested
    class Toml {

        private static final String FILE = """
            id = "5b3a"
            name = "catalog"
            databaseType = "PostgreSql"

            [environments.development]
            url = "jdbc:postgresql://db.example:5432/catalog"
            user = "${env.DB_USER}"
            password = "${env.DB_PASSWORD}"
            schemas = ["app", "audit"]
            initSql = "SET TIME ZONE 'UTC'"

            [environments.development.flyway]
            outOfOrder = false

            [environments.other]
            schemas = ["nowhere"]

            [flyway]
            environment = "development"
            locations = ["filesystem:DIR/sql"]
            defaultSchema = "app"
            mixed = true
            outOfOrder = true

            [flyway.placeholders]
            owner = "catalog"

            [flyway.postgresql]
            transactional.lock = false

            [flyway.check]
            majorTolerance = 0

            [flywayDesktop]
            developmentEnvironment = "development"
            """;

        @Test
        void hasTheSchemasAndTheStatementsOfItsEnvironment() throws IOException {
            assertThat(read("flyway.toml", FILE))
                    .containsEntry("flyway.schemas", "app,audit")
                    .containsEntry("flyway.initSql", "SET TIME ZONE 'UTC'")
                    .containsEntry("flyway.outOfOrder", "false")
                    .containsEntry("flyway.postgresql.transactional.lock", "false")
                    .doesNotContainKeys(
                            "flyway.url", "flyway.user", "flyway.environment", "flyway.check.majorTolerance");

            product.sql("V1__item.sql", """
                CREATE TABLE item (id integer PRIMARY KEY);
                CREATE TABLE audit.entry (id integer PRIMARY KEY, zone text NOT NULL);
                INSERT INTO audit.entry VALUES (1, current_setting('TimeZone'));
                """)
                    .sql("V2__utc.sql", "ALTER TABLE audit.entry ADD CHECK (zone = 'UTC');")
                    .config("flyway.toml", FILE);
            assertUpgrades();
        }

        @Test
        void takesVariablesInThem() throws IOException {
            String text = "[environments.default]\nschemas = [\"%s\"]\n[flyway]\nmixed = true\n";

            assertThat(read("flyway.toml", text.formatted("${env." + VARIABLE + "}")))
                    .containsEntry("flyway.schemas", System.getenv(VARIABLE));
            assertThatThrownBy(() -> read("flyway.toml", text.formatted("${env.METADATA_SNAPSHOT_NOT_SET}")))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageEndingWith("flyway.toml' takes schemas from the environment variable"
                            + " METADATA_SNAPSHOT_NOT_SET, which is not set");
        }

        @Test
        void namesItselfWithWhatFlywayDoesNotKnow() {
            product.alsoConfig("flyway.toml", "[flyway]\nlokations = [\"sql\"]\n");

            assertThatThrownBy(() -> product.migrator(Engine.POSTGRESQL))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("flyway.toml': ")
                    .hasMessageContaining("flyway.lokations");
        }
    }

    @Nested
    class Spring {

        @Test
        void configuresFlyway() {
            product.sql("V1__item.sql", "CREATE TABLE ${item-prefix}_item (id integer PRIMARY KEY);")
                    .sql("V2__note.sql", "ALTER TABLE ${item-prefix}_item ADD COLUMN note varchar(20);")
                    .config("application.properties", """
                        server.port=8080
                        spring.flyway.enabled=true
                        spring.flyway.url=${DB_URL:jdbc:postgresql://db.example/catalog}
                        spring.flyway.locations=filesystem:DIR/sql
                        spring.flyway.placeholders.item-prefix=our
                        spring.flyway.table=schema_version
                        """);
            assertUpgrades();
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade.run(database, product.migrator(Engine.POSTGRESQL), Optional.of("1"));
                assertThat(Library.query(database, "SELECT count(*) FROM schema_version"))
                        .containsExactly("1");
            }
        }

        @Test
        void writesItsNamesInItsOwnWay() throws IOException {
            assertThat(read("application.properties", """
                app.schema=shop
                spring.flyway.default-schema=${app.schema}
                spring.flyway.schemas[0]=${app.schema}
                spring.flyway.schemas[1]=${METADATA_SNAPSHOT_NOT_SET:audit}
                spring.flyway.init-sqls[0]=SET a = 1;
                spring.flyway.init-sqls[1]=SET b = 2;
                spring.flyway.baselineOnMigrate=true
                spring.flyway.out-of-order=true
                spring.flyway.postgresql.transactional-lock=false
                spring.flyway.placeholders.my-name=x
                """))
                    .containsOnly(
                            Map.entry("flyway.defaultSchema", "shop"),
                            Map.entry("flyway.schemas", "shop,audit"),
                            Map.entry("flyway.initSql", "SET a = 1;\nSET b = 2;"),
                            Map.entry("flyway.baselineOnMigrate", "true"),
                            Map.entry("flyway.outOfOrder", "true"),
                            Map.entry("flyway.postgresql.transactional.lock", "false"),
                            Map.entry("flyway.placeholders.my-name", "x"));
        }

        @Test
        void namesTheVendorInItsLocations() {
            product.sql("postgresql/V1__item.sql", "CREATE TABLE item (id integer PRIMARY KEY);")
                    .sql("postgresql/V2__note.sql", "ALTER TABLE item ADD COLUMN note text;")
                    .config("application.properties", "spring.flyway.locations=filesystem:DIR/sql/{vendor}");
            assertUpgrades();
        }

        @Test
        void isAnErrorWhereAValueIsNotThere() {
            assertThatThrownBy(() -> read("application.properties", "spring.flyway.table=${NO_SUCH_TABLE}"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageEndingWith(
                            "takes spring.flyway.table from the property NO_SUCH_TABLE, which is not set");
        }

        @Test
        void leavesOutWhatIsForAProfile() throws IOException {
            assertThat(read("application.properties", """
                spring.flyway.table=history
                #---
                spring.config.activate.on-profile=dev
                spring.flyway.table=history_of_dev
                spring.flyway.out-of-order=true
                #---
                spring.flyway.mixed=true
                """))
                    .containsOnly(Map.entry("flyway.table", "history"), Map.entry("flyway.mixed", "true"));
        }

        @Test
        void isNotReadAsJson() {
            assertThatThrownBy(() -> read("application.json", "{}"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            "application.json' is no configuration file of Flyway's that can be read: it takes a .toml"
                                    + " or a .conf file, or Spring Boot's .properties or .yml with spring.flyway.* in it.");
        }
    }

    @Nested
    class SpringInYaml {

        @ParameterizedTest
        @ValueSource(strings = {"application.yml", "application.yaml"})
        void configuresFlyway(String name) {
            product.sql("V1__item.sql", "CREATE TABLE ${item-prefix}_item (id integer PRIMARY KEY);")
                    .sql("V2__note.sql", "ALTER TABLE ${item-prefix}_item ADD COLUMN note varchar(20);")
                    .config(name, """
                        server:
                          port: 8080
                        spring:
                          flyway:
                            enabled: true
                            url: ${DB_URL:jdbc:postgresql://db.example/catalog}
                            locations: filesystem:DIR/sql
                            placeholders:
                              item-prefix: our
                            table: schema_version
                        """);
            assertUpgrades();
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade.run(database, product.migrator(Engine.POSTGRESQL), Optional.of("1"));
                assertThat(Library.query(database, "SELECT count(*) FROM schema_version"))
                        .containsExactly("1");
            }
        }

        @Test
        void writesItsNamesAndValuesInItsOwnWay() throws IOException {
            assertThat(read("application.yml", """
                app: {schema: &schema shop}
                spring.flyway:
                  default-schema: *schema
                  schemas:
                    - ${app.schema}
                    - ${METADATA_SNAPSHOT_NOT_SET:audit}
                  init-sqls: ["SET a = 1;", "SET b = 2;"]
                  baselineOnMigrate: on
                  baseline-version: 2026-01-31
                  installed-by:
                  postgresql: {transactional-lock: false}
                  placeholders: {my-name: 007}
                """))
                    .containsOnly(
                            Map.entry("flyway.defaultSchema", "shop"),
                            Map.entry("flyway.schemas", "shop,audit"),
                            Map.entry("flyway.initSql", "SET a = 1;\nSET b = 2;"),
                            Map.entry("flyway.baselineOnMigrate", "true"),
                            Map.entry("flyway.baselineVersion", "2026-01-31"),
                            Map.entry("flyway.installedBy", ""),
                            Map.entry("flyway.postgresql.transactional.lock", "false"),
                            Map.entry("flyway.placeholders.my-name", "7"));
        }

        @Test
        void takesWhatALaterDocumentSetsButNotForAProfile() throws IOException {
            assertThat(read("application.yml", """
                spring:
                  flyway:
                    table: history
                    locations: [classpath:db/common, classpath:db/postgresql]
                ---
                spring:
                  config.activate.on-profile: dev
                  flyway:
                    table: history_of_dev
                    out-of-order: true
                ---
                spring:
                  flyway:
                    locations: [classpath:db/all]
                """))
                    .containsOnly(
                            Map.entry("flyway.table", "history"), Map.entry("flyway.locations", "classpath:db/all"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            server: {port: 8080}             | ' sets nothing of Flyway's: there is no flyway.*, nor spring.flyway.*, in it
            ``                               | ' sets nothing of Flyway's: there is no flyway.*, nor spring.flyway.*, in it
            spring: {flyway: {table: ${X_Y}} | ' cannot be read: while parsing a flow mapping
            spring: !!java.io.File x         | ' cannot be read: Global tag is not allowed: tag:yaml.org,2002:java.io.File
            spring.flyway.table: ${NO_SUCH}  | ' takes spring.flyway.table from the property NO_SUCH, which is not set
            """)
        void isAnErrorWhereItCannotBeRead(String text, String message) {
            assertThatThrownBy(() -> read("application.yml", text))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith(
                            "The Flyway configuration file '" + directory.resolve("application.yml") + message);
        }

        @Test
        void isAnErrorWithTheWayOutWhereNothingReadsIt() throws Exception {
            Path file = Files.writeString(directory.resolve("application.yml"), "spring.flyway.table: x\n");
            try (var withoutYaml = new WithoutYaml()) {
                var read = withoutYaml
                        .loadClass(FlywayConfigFile.class.getName())
                        .getDeclaredMethod("read", String.class, ClassLoader.class);
                read.setAccessible(true);
                assertThatThrownBy(() -> read.invoke(null, file.toString(), withoutYaml))
                        .cause()
                        .hasMessage(
                                "The Flyway configuration file '" + file + "' is YAML, which SnakeYAML reads, as Spring"
                                        + " Boot brings it along: add org.yaml:snakeyaml to the tests");
            }
        }
    }

    /** Loads this room's classes anew, and finds no SnakeYAML. */
    private static final class WithoutYaml extends URLClassLoader {

        WithoutYaml() {
            super(
                    new URL[] {
                        FlywayConfigFile.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    ConfigFileTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.yaml.")) {
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null
                    ? loaded
                    : name.startsWith(FlywayConfigFile.class.getPackageName() + ".")
                            ? findClass(name)
                            : super.loadClass(name, resolve);
        }
    }
}
