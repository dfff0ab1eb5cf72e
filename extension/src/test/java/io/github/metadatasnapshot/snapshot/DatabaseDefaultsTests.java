package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.JdbcLoad;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.Shape;
import io.github.metadatasnapshot.testsupport.Dumps;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults that a product's database has, where they are not the server's. */
@TakesTurns(of = 4)
class DatabaseDefaultsTests {

    @TempDir
    private Path directory;

    private Scripts scripts() {
        return new Scripts(directory)
                .with(
                        "V1__item.sql",
                        "CREATE TABLE item (code varchar(50) PRIMARY KEY);",
                        "INSERT INTO item VALUES ('one');")
                .with(
                        "V2__use.sql",
                        "CREATE TABLE item_use (id integer PRIMARY KEY, code varchar(50),"
                                + " CONSTRAINT fk_code FOREIGN KEY (code) REFERENCES item (code));");
    }

    private static Shape shape(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return Shape.read(connection, database.engine());
        }
    }

    private Backup capture(TestDatabase database) {
        Path file = directory.resolve("full.sql");
        SnapshotCapture.from(database).to(file);
        return backup(file);
    }

    private static Backup backup(Path file) {
        return Backup.locate("file:" + file, DatabaseDefaultsTests.class.getClassLoader());
    }

    @Nested
    @RequiresDocker
    class OnMySqlAndMariaDb {

        private static final String COLLATION = "SELECT @@collation_database";

        @ParameterizedTest
        @CsvSource({
            "mysql:9.7, utf8mb4_unicode_ci",
            "mysql:9.7, latin1_german2_ci",
            "mariadb:11.8, utf8mb4_unicode_ci",
            "mariadb:11.8, latin1_swedish_ci"
        })
        void areThoseOfTheBackupsHistoryTable(String image, String collation) {
            DatabaseServer server = TestServers.container(image);
            Migrator migrator = scripts().migrator(server.engine());
            Backup backup;
            try (TestDatabase product = server.with(
                            DatabaseDefaults.parse(server.engine(), List.of("COLLATE " + collation)))
                    .createDatabase()) {
                Upgrade.run(product, migrator, Optional.of("1"));
                backup = capture(product);
            }

            try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server)) {
                assertThat(Library.query(database, COLLATION)).containsExactly(collation);
                try (TestDatabase copy = database.copy()) {
                    assertThat(Library.query(copy, COLLATION)).containsExactly(collation);
                    assertThat(copy.server()).isSameAs(database.server());
                }
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
                MetadataSnapshotAssertions.assertThat(upgrade)
                        .succeeded()
                        .matchesCleanInstall()
                        .isRepeatable();
                assertThat(upgrade.shape().definition("table", "item_use").orElseThrow())
                        .contains("COLLATE " + collation);
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void areTheServersWhereTheBackupSaysTheSameOrACollationThatTheServerLacks(String image) throws IOException {
            DatabaseServer server = TestServers.container(image);

            assertThat(server.with(new DatabaseDefaults.CharacterSet("utf8mb4", Optional.empty())))
                    .isSameAs(server);
            assertThat(server.with(new DatabaseDefaults.CharacterSet("utf8mb4", Optional.of("utf8mb4_no_such"))))
                    .isSameAs(server);
            assertThat(server.with(new DatabaseDefaults.CharacterSet("no_such_set", Optional.empty())))
                    .isSameAs(server);
            assertThat(server.with(new DatabaseDefaults.CharacterSet("latin1", Optional.of("utf8mb4_bin"))))
                    .isSameAs(server);
            DatabaseServer other = server.with(new DatabaseDefaults.CharacterSet("latin1", Optional.empty()));
            assertThat(other.defaults().options()).isEqualTo("CHARACTER SET latin1 COLLATE latin1_swedish_ci");
            assertThat(server.with(new DatabaseDefaults.CharacterSet("latin1", Optional.of("latin1_swedish_ci"))))
                    .isSameAs(other);
            assertThat(other.with(new DatabaseDefaults.CharacterSet("utf16", Optional.empty())))
                    .as("what was written down comes before what a backup says")
                    .isSameAs(other);
        }

        @ParameterizedTest
        @CsvSource({"mysql:9.7, utf8mb4_0900_ai_ci, are incompatible", "mariadb:11.8, utf8mb4_uca1400_ai_ci, errno: 150"
        })
        void areNamedWhereTablesHaveAnotherCollation(String image, String own, String error) {
            DatabaseServer server = TestServers.container(image);
            Scripts scripts = scripts().with("V3__late.sql", "CREATE TABLE late (name varchar(20));");
            Migrator migrator = scripts.migrator(server.engine());
            try (TestDatabase database = server.createDatabase()) {
                Upgrade.run(database, migrator, Optional.of("1"));
                Library.execute(
                        database, "ALTER TABLE item CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
                String hint = "likely cause: the database's default collation is " + own
                        + ", and 1 of its %d tables have utf8mb4_unicode_ci: a table that a migration creates has the"
                        + " default. If the product's database has another one, set databaseDefaults = \"COLLATE"
                        + " utf8mb4_unicode_ci\"";

                assertThatThrownBy(() -> MetadataSnapshotAssertions.assertThat(
                                        Upgrade.run(database, migrator, Optional.of("2")))
                                .succeeded())
                        .hasMessageContaining(error)
                        .hasMessageContaining(hint.formatted(2));

                scripts.with("V2__use.sql", "CREATE TABLE item_use (id integer PRIMARY KEY);");
                Library.execute(database, "DELETE FROM flyway_schema_history WHERE success = 0");
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("3"));
                assertThatThrownBy(() ->
                                MetadataSnapshotAssertions.assertThat(upgrade).matchesCleanInstall())
                        .hasMessageContaining("table item differs")
                        .hasMessageEndingWith(hint.formatted(4));
            }
        }

        /** The condition of the hint is looked up: nothing is said of collations where all tables have the database's. */
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void areNotNamedWhereAnotherTypeIsTheCause(String image) {
            DatabaseServer server = TestServers.container(image);
            Migrator migrator = scripts()
                    .with(
                            "V2__use.sql",
                            "CREATE TABLE item_use (id integer PRIMARY KEY, code integer,"
                                    + " CONSTRAINT fk_code FOREIGN KEY (code) REFERENCES item (code));")
                    .migrator(server.engine());
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

                assertThat(upgrade.failure().orElseThrow().describe()).doesNotContain("collation");
            }
        }

        /** A server in production may have another mode by default; in a test, Flyway's sessions have it. */
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void maySayAnotherModeBySessionsOfFlyway(String image) {
            DatabaseServer server = TestServers.container(image);
            Migrator migrator = new Scripts(directory)
                    .with(
                            "V1__item.sql",
                            "CREATE TABLE item (id integer PRIMARY KEY, born date NOT NULL DEFAULT '0000-00-00');",
                            "INSERT INTO item (id) VALUES (1);")
                    .with("V2__note.sql", "ALTER TABLE item ADD COLUMN note varchar(20);")
                    .migrator(server.engine(), flyway -> flyway.initSql("SET sql_mode = ''"));
            try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server)) {
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

                MetadataSnapshotAssertions.assertThat(upgrade)
                        .succeeded()
                        .keptEveryRow()
                        .keptEveryValue()
                        .matchesCleanInstall()
                        .isRepeatable();
            }
        }

        /** What mysqldump writes around a routine that was created while the database had another collation. */
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void mayChangeAroundARoutine(String image) throws Exception {
            DatabaseServer server = TestServers.container(image);
            Migrator migrator = scripts().migrator(server.engine());
            try (TestDatabase product = server.createDatabase()) {
                Upgrade.run(product, migrator, Optional.of("1"));
                Library.execute(
                        product,
                        "CREATE FUNCTION one(a varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN a",
                        "CREATE TRIGGER stamp BEFORE INSERT ON item FOR EACH ROW SET NEW.code = UPPER(NEW.code)",
                        "ALTER DATABASE " + product.name() + " CHARACTER SET latin1 COLLATE latin1_german1_ci");
                Backup backup = capture(product);
                assertThat(Files.readString(directory.resolve("full.sql")))
                        .contains(
                                "\nALTER DATABASE `" + product.name() + "` CHARACTER SET utf8mb4 COLLATE ",
                                "\nALTER DATABASE `" + product.name()
                                        + "` CHARACTER SET latin1 COLLATE latin1_german1_ci");
                Shape expected = shape(product);
                for (RestoreProcedure procedure : List.of(new DocumentedClient(), new StrictClient(), new JdbcLoad())) {
                    try (TestDatabase target = server.createDatabase()) {
                        Restore restore = Restore.run(target, backup, procedure, migrator.historyTable());

                        assertThat(restore.describeErrors()).as("%s", procedure).isEmpty();
                        assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                        assertThat(shape(target).differences(expected))
                                .as("%s", procedure)
                                .isEmpty();
                        assertThat(Library.query(target, COLLATION)).containsExactly("latin1_german1_ci");
                        assertThat(Library.query(
                                        target,
                                        "SELECT database_collation FROM information_schema.routines"
                                                + " WHERE routine_schema = DATABASE()"))
                                .containsExactlyElementsOf(Library.query(
                                        product,
                                        "SELECT database_collation FROM information_schema.routines"
                                                + " WHERE routine_schema = DATABASE()"));
                    }
                }
                assertThat(Library.query(product, COLLATION)).containsExactly("latin1_german1_ci");
                try (TestDatabase database =
                        new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server)) {
                    assertThat(database.server().defaults().options())
                            .isEqualTo("CHARACTER SET latin1 COLLATE latin1_german1_ci");
                }
            }
        }
    }

    @Nested
    class OnPostgreSql {

        private final DatabaseServer server = TestServers.embedded();

        @Test
        void holdForTheDatabaseItsCopiesAndCleanInstalls() {
            DatabaseServer german = server.with(DatabaseDefaults.parse(
                    Engine.POSTGRESQL,
                    List.of(
                            "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
                            "SET intervalstyle = 'iso_8601'",
                            "postgresql: SET default_text_search_config = 'german'",
                            "mysql: COLLATE utf8mb4_bin")));
            String query = "SELECT pg_encoding_to_char(encoding), datcollate, current_setting('intervalstyle'),"
                    + " current_setting('default_text_search_config')"
                    + " FROM pg_database WHERE datname = current_database()";
            String expected = "LATIN1|C|iso_8601|pg_catalog.german";
            Migrator migrator = scripts()
                    .with(
                            "V2__use.sql",
                            "CREATE TABLE day (d text DEFAULT '1 day'::interval::text, t tsvector DEFAULT to_tsvector('Hauses'));",
                            "INSERT INTO day DEFAULT VALUES;")
                    .migrator(Engine.POSTGRESQL);
            try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(german)) {
                assertThat(Library.query(database, query)).containsExactly(expected);
                try (TestDatabase copy = database.copy();
                        TestDatabase beside = copy.server().createDatabase()) {
                    assertThat(Library.query(copy, query)).containsExactly(expected);
                    assertThat(Library.query(beside, query)).containsExactly(expected);
                }
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
                MetadataSnapshotAssertions.assertThat(upgrade)
                        .succeeded()
                        .matchesCleanInstall()
                        .keptEveryRow()
                        .isRepeatable();
                assertThat(Library.query(database, "SELECT d, t FROM day")).containsExactly("P1D|'haus':1");
            }
        }

        @Test
        void mayBeOfAnotherLocaleProvider() {
            DatabaseServer icu = server.with(DatabaseDefaults.parse(
                    Engine.POSTGRESQL, List.of("LOCALE_PROVIDER icu ICU_LOCALE 'sv' LOCALE 'C'")));
            String query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()";
            try (TestDatabase database = icu.createDatabase();
                    TestDatabase copy = database.copy()) {
                assertThat(Library.query(copy, query)).containsExactly("i|sv");
                assertThat(Library.query(copy, "SELECT 'z' < 'å'")).containsExactly("t");
            }
        }

        @Test
        void areRefusedWithTheServersWords() {
            assertThatThrownBy(() -> server.with(DatabaseDefaults.parse(
                                    Engine.POSTGRESQL, List.of("ENCODING 'NO_SUCH'", "SET timezone = 'UTC'")))
                            .createDatabase())
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith("A database could not be created on " + server.description()
                            + " (ENCODING 'NO_SUCH', SET timezone = 'UTC'): ")
                    .hasMessageContaining("NO_SUCH is not a valid encoding name");
            List<String> before = Library.databases(server);
            assertThatThrownBy(
                            () -> server.with(DatabaseDefaults.parse(Engine.POSTGRESQL, List.of("SET no_such = 'UTC'")))
                                    .createDatabase())
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("unrecognized configuration parameter \"no_such\"");
            assertThat(Library.databases(server)).isEqualTo(before);
        }

        /** As pg_dump writes it of a database that initdb created in the locale C. */
        @Test
        void ofABackupInSqlAsciiAreThoseOfItsBytes() throws IOException {
            Path file = directory.resolve("ascii.sql");
            String dump = """
                    SET client_encoding = 'SQL_ASCII';
                    SET standard_conforming_strings = on;
                    CREATE TABLE public.thing (id integer NOT NULL, name character varying(40) DEFAULT 'größe');
                    COPY public.thing (id, name) FROM stdin;
                    1\tgröße
                    \\.
                    """;
            Files.writeString(file, dump);
            try (TestDatabase database = server.createDatabase()) {
                Restore restore = restore(database, file);

                assertThat(restore.describeErrors()).isEmpty();
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(Library.query(database, "SELECT name, length(name) FROM thing"))
                        .containsExactly("größe|5");
            }
            Files.write(file, dump.getBytes(StandardCharsets.ISO_8859_1));
            try (TestDatabase database = server.createDatabase()) {
                assertThat(restore(database, file).describeErrors())
                        .first(STRING)
                        .startsWith(
                                "line 3: The statement holds bytes that are not UTF-8, which a JDBC driver cannot send: dump"
                                        + " with --encoding=UTF8, or use the client in a container");
            }
        }

        private Restore restore(TestDatabase database, Path file) {
            return Restore.run(
                    database,
                    backup(file),
                    new DocumentedClient(),
                    scripts().migrator(Engine.POSTGRESQL).historyTable());
        }
    }

    @Nested
    class OfABackupOfPostgreSql {

        private static final String DEFAULTS = "SELECT pg_encoding_to_char(encoding), datcollate,"
                + " current_setting('intervalstyle'), current_setting('search_path')"
                + " FROM pg_database WHERE datname = current_database()";

        @ParameterizedTest
        @RequiresDocker
        @ValueSource(
                strings = {"--create", "--create --clean --if-exists", "--format=custom", "--format=custom --data-only"
                })
        void areThoseOfItsDatabase(String options) {
            DatabaseServer server = TestServers.container("postgres:17");
            Migrator migrator = scripts()
                    .with(
                            "V1__item.sql",
                            "CREATE SCHEMA IF NOT EXISTS app;",
                            "CREATE TABLE public.item (code varchar(50) PRIMARY KEY);",
                            "INSERT INTO public.item VALUES ('one');")
                    .with("V2__use.sql", "CREATE TABLE day (d text DEFAULT '1 day'::interval::text);")
                    .migrator(server.engine());
            Backup backup;
            List<String> defaults;
            DatabaseServer german = server.with(DatabaseDefaults.parse(
                    Engine.POSTGRESQL,
                    List.of(
                            "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
                            "SET intervalstyle = 'iso_8601'",
                            "SET search_path = 'public', 'app'")));
            try (TestDatabase product = german.createDatabase()) {
                Upgrade.run(product, migrator, Optional.of("1"));
                Library.execute(product, "INSERT INTO item VALUES ('größe')");
                defaults = Library.query(product, DEFAULTS);
                backup = Dumps.of(product, directory, options.split(" "));
            }
            assertThat(defaults).containsExactly("LATIN1|C|iso_8601|public, app");

            try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server)) {
                assertThat(Library.query(database, DEFAULTS)).isEqualTo(defaults);
                assertThat(Library.query(database, "SELECT code FROM item ORDER BY 1"))
                        .containsExactly("größe", "one");
                Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
                MetadataSnapshotAssertions.assertThat(upgrade)
                        .succeeded()
                        .keptEveryRow()
                        .matchesCleanInstall()
                        .isRepeatable();
            }
            DatabaseServer french = server.with(
                    DatabaseDefaults.parse(Engine.POSTGRESQL, List.of("SET intervalstyle = 'sql_standard'")));
            try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(french)) {
                assertThat(Library.query(database, DEFAULTS))
                        .as("what the annotation says comes first")
                        .singleElement()
                        .asString()
                        .startsWith("UTF8|")
                        .contains("|sql_standard|");
            }
        }

        /** As pg_dump --create writes what ALTER ROLE … IN DATABASE sets. */
        @Test
        @RequiresDocker
        void ofARoleAreThoseInTheCopiesAndNowhereElse() throws IOException {
            String settings =
                    "SELECT s FROM pg_db_role_setting r JOIN pg_roles o ON o.oid = setrole, unnest(setconfig) AS s"
                            + " WHERE rolname = 'role_settings_app' AND setdatabase ";
            String here = settings + "= (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1";
            DatabaseServer server = TestServers.container("postgres:17");
            Backup backup;
            try (TestDatabase product = server.createDatabase()) {
                Library.execute(
                        product,
                        "CREATE ROLE role_settings_app",
                        "CREATE TABLE item (code varchar(50) PRIMARY KEY)",
                        "ALTER ROLE role_settings_app IN DATABASE \"" + product.name()
                                + "\" SET search_path = app, public",
                        "ALTER ROLE role_settings_app IN DATABASE \"" + product.name() + "\" SET work_mem = '99MB'");
                backup = Dumps.of(product, directory, "--create");
            }
            try (TestDatabase other = server.createDatabase()) {
                Library.execute(other, "DROP ROLE role_settings_app");
                try (TestDatabase database = server.createDatabase()) {
                    Restore restore = Restore.run(
                            database,
                            backup,
                            new DocumentedClient(),
                            scripts().migrator(Engine.POSTGRESQL).historyTable());

                    assertThat(restore.describeErrors()).isEmpty();
                    assertThat(Library.query(database, here)).containsExactly("search_path=app, public");
                    assertThat(restore.notes())
                            .as("what is not taken over is told")
                            .anySatisfy(note -> assertThat(note)
                                    .contains("ALTER ROLE role_settings_app IN DATABASE ")
                                    .contains("SET work_mem TO '99MB'"));
                    try (TestDatabase copy = server.copyOf(database)) {
                        assertThat(Library.query(copy, here)).containsExactly("search_path=app, public");
                        assertThat(Library.query(other, settings + "<> 0")).hasSize(2);
                    }
                    assertThat(Library.query(other, settings + "= 0")).isEmpty();
                }
                assertThat(Library.query(other, "SELECT 1 FROM pg_roles WHERE rolname = 'role_settings_app'"))
                        .isEmpty();
            }
        }

        @Test
        void areTheServersWhereTheyAreTheSameOrItDoesNotTakeThem() {
            DatabaseServer server = TestServers.embedded();
            List<String> databases = Library.databases(server);
            String same;
            try (TestDatabase database = server.createDatabase()) {
                same = Library.query(
                                database,
                                "SELECT format('ENCODING = %L LC_COLLATE = %L LC_CTYPE = %L', pg_encoding_to_char(encoding),"
                                        + " datcollate, datctype) FROM pg_database WHERE datname = current_database()")
                        .get(0);
            }
            assertThat(server.withThoseSaid(new DatabaseDefaults(same, List.of())))
                    .isSameAs(server);
            assertThat(server.withThoseSaid(new DatabaseDefaults("LOCALE = 'xx_XX.nowhere'", List.of())))
                    .isSameAs(server);
            assertThat(server.withThoseSaid(new DatabaseDefaults(
                                    "ENCODING = 'NONE'",
                                    List.of("lc_monetary TO 'xx_XX.nowhere'", "intervalstyle TO 'iso_8601'")))
                            .defaults())
                    .isEqualTo(new DatabaseDefaults("", List.of("intervalstyle TO 'iso_8601'")));
            assertThat(Library.databases(server)).isSubsetOf(databases);
        }

        @Test
        void aDumpThatCreatesItsDatabaseGoesInOverJdbcAndSaysWhatWasNotRun() throws IOException {
            Path file = Files.writeString(directory.resolve("create.sql"), """
                    CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE = 'C';
                    ALTER DATABASE shop SET intervalstyle TO 'iso_8601';
                    \\connect shop
                    CREATE TABLE public.thing (id integer NOT NULL);
                    INSERT INTO public.thing VALUES (1);
                    """);
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = Restore.run(
                        database,
                        backup(file),
                        new DocumentedClient(),
                        scripts().migrator(Engine.POSTGRESQL).historyTable());

                assertThat(restore.describeErrors()).isEmpty();
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.notes())
                        .containsExactly(
                                "not run, as about the database as a whole and not about what is in it: line 1:"
                                        + " CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE = 'C'; line 2:"
                                        + " ALTER DATABASE shop SET intervalstyle TO 'iso_8601'; line 3: \\connect shop");
            }
        }
    }

    @Nested
    class AsWritten {

        @Test
        void areReadForOneEngine() {
            List<String> entries = List.of(
                    "postgresql: LOCALE 'C'", "mysql:COLLATE utf8mb4_bin", " postgresql : SET timezone = 'UTC' ");

            assertThat(DatabaseDefaults.parse(Engine.POSTGRESQL, entries))
                    .isEqualTo(new DatabaseDefaults("LOCALE 'C'", List.of("timezone = 'UTC'")));
            assertThat(DatabaseDefaults.parse(Engine.MYSQL, entries))
                    .isEqualTo(new DatabaseDefaults("COLLATE utf8mb4_bin", List.of()));
            assertThat(DatabaseDefaults.parse(Engine.MARIADB, entries).isNone()).isTrue();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        ''                      | neither what CREATE DATABASE takes
                        COLLATE x; DROP TABLE y | neither what CREATE DATABASE takes
                        mssql: COLLATE x        | names the engine 'mssql': the engines are postgresql, mysql and mariadb
                        SET sql_mode = ''''     | is for PostgreSQL alone: of MySQL, a database has a character set
                        """)
        void areRefusedWhereTheyMakeNoSense(String entry, String message) {
            assertThatThrownBy(() -> DatabaseDefaults.parse(Engine.MYSQL, List.of(entry)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("'" + entry)
                    .hasMessageContaining(message);
        }
    }
}
