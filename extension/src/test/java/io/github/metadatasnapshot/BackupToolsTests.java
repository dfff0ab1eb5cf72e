package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.testsupport.Console.text;
import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupToolsTests {

    private static final Path DUMPS = Path.of("target", "backup-tools");
    private static final String OLD = "file:target/backup-tools/old.sql";
    private static final String TOO_OLD =
            "target/backup-tools/old.sql: written by pg_dump 13.2; the product asks for pg_dump 13.3 or later";

    @BeforeAll
    static void write() throws IOException {
        Files.createDirectories(DUMPS);
        try (InputStream dump = Library.dump("postgresql/1-full.sql").open()) {
            String text = new String(dump.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    DUMPS.resolve("old.sql"),
                    text.replaceFirst("by pg_dump version [\\d.]+", "by pg_dump version 13.2"));
            Files.writeString(DUMPS.resolve("1.sql"), text.replaceAll("(?m)^--.*$", ""));
        }
    }

    private static DatabaseServer server() {
        return TestKit.externalServer();
    }

    /** Asks for the tool of a file: {@code /} ends a line. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -- PostgreSQL database dump/-- Dumped by pg_dump version 17.1          |                              |
            -- PostgreSQL database dump/-- Dumped by pg_dump version 18.6          | pg_dump 13.3                 | written by pg_dump 18.6, which is newer than the server and its client, 17.
            -- PostgreSQL database dump/-- Dumped by pg_dump version 18.6          |                              | written by pg_dump 18.6, which is newer than the server and its client, 17.
            -- PostgreSQL database dump/-- Dumped by pg_dump version 13.10         | pg_dump 13.3                 |
            -- PostgreSQL database dump/-- Dumped by pg_dump version 13.2          | pg_dump 13.3                 | written by pg_dump 13.2; the product asks for pg_dump 13.3 or later
            -- PostgreSQL database dump/-- Dumped by pg_dump version 13.2          | mysqldump 8.3                |
            -- PostgreSQL database dump                                            | pg_dump 13.3                 | written by pg_dump, and it does not say of which version; the product asks for pg_dump 13.3 or later
            -- MySQL dump 10.13  Distrib 8.0.32, for Linux (x86_64)                | mysqldump 8.3, pg_dump 13.3  | written by mysqldump 8.0.32; the product asks for mysqldump 8.3 or later
            -- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)                 | mysqldump 8.3                |
            -- MySQL dump 10.19  Distrib 10.5.8-MariaDB, for Linux (x86_64)        | mysqldump 11                 |
            -- MariaDB dump 10.19  Distrib 10.5.8-MariaDB, for Linux (x86_64)      | mariadb-dump 10.11           | written by mariadb-dump 10.5.8; the product asks for mariadb-dump 10.11 or later
            --                                                                     | pg_dump 13.3                 | the tool that wrote it is not known, since the file has no header of one; the product asks for pg_dump 13.3 or later
            --                                                                     |                              |
            """)
    void areFoundByTheHeaderOfTheFile(String head, String asked, String problem, @TempDir Path directory)
            throws IOException {
        boolean postgres = !head.contains("Distrib");
        String end = head.equals("--") ? "" : postgres ? "-- PostgreSQL database dump complete" : "-- Dump completed";
        Path file = Files.writeString(
                directory.resolve("a.sql"), head.replace('/', '\n') + "\n\nCREATE TABLE t (id int);\n\n" + end + "\n");
        SortedMap<String, Version> least = BackupTools.least(asked == null ? List.of() : List.of(asked.split(", ")));
        var info = Backup.of(file)
                .inspect(postgres ? Engine.POSTGRESQL : Engine.MYSQL, "flyway_schema_history", Optional.empty());
        BackupTools reporting = new BackupTools(false);
        BackupTools refusing = new BackupTools(true);

        reporting.check("a.sql", info, least, server());
        if (problem == null) {
            refusing.check("a.sql", info, least, server());
            assertThat(reporting.findings()).isEmpty();
        } else {
            assertThat(reporting.findings()).singleElement().asString().startsWith("a.sql: " + problem);
            assertThatThrownBy(() -> refusing.check("a.sql", info, least, server()))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith(
                            "Backup a.sql is refused (metadatasnapshot.backup.tools = refuse): " + problem);
        }
        assertThat(reporting.all())
                .isEqualTo(
                        problem == null && head.equals("--")
                                ? List.of(
                                        "a.sql: the tool that wrote it is not known, since the file has no header of one")
                                : reporting.findings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysqldump", "8.3", "mysql 8.3", "pg_dump latest", "pg_dump 13.3 or later", ""})
    void anEntryThatIsNoToolWithAVersionIsAnError(String entry) {
        assertThatThrownBy(() -> BackupTools.least(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + entry + "' is not one of pg_dump, mysqldump, mariadb-dump and a version, such as"
                        + " \"mysqldump 8.3\"");
    }

    @Test
    void anAttributeThatContradictsItselfIsAnError() {
        assertThat(TestKit.failure(TestKit.run(TwiceTestCases.class)))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageEndingWith("TwiceTestCases: dumpTools: pg_dump is named twice");
    }

    @Test
    void areNamedBeforeTheBackupIsUsedAndAtTheEnd() {
        List<String> logged = new ArrayList<>();
        String console = text(() ->
                logged.addAll(Logs.of(Level.WARNING, () -> assertAllSucceeded(TestKit.run(OldTestCases.class), 2))));

        assertThat(logged).containsOnlyOnce("Backup " + TOO_OLD);
        assertThat(console).isEqualTo("\nMetadata Snapshot\n  The tools that wrote the backups\n    " + TOO_OLD + "\n");
    }

    @Test
    void areRefusedByTheSetting() {
        List<String> before = Library.databases(server());
        var results = TestKit.run(OldTestCases.class, "metadatasnapshot.backup.tools", "refuse");

        results.testEvents().assertStatistics(stats -> stats.failed(2));
        assertThat(TestKit.failure(results))
                .hasMessageStartingWith(
                        "Backup target/backup-tools/old.sql is refused (metadatasnapshot.backup.tools = refuse):"
                                + " written by pg_dump 13.2; the product asks for pg_dump 13.3 or later");
        assertThat(Library.databases(server())).isEqualTo(before);
    }

    @Test
    void whereTheProductAsksForNoneAFileWithoutAHeaderIsUnknownInTheReport(@TempDir Path directory) throws IOException {
        Map<String, String> settings = new HashMap<>(TestKit.external());
        settings.put("metadatasnapshot.report.directory", directory.toString());
        TestKit.run(BareTestCases.class, settings).testEvents().assertStatistics(stats -> stats.failed(0));

        assertThat(Files.readString(directory.resolve("report.md")))
                .contains("The tools that wrote the backups")
                .contains("/1.sql: the tool that wrote it is not known, since the file has no header of one");
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backup = OLD,
            locations = "migrations/library/postgresql",
            dumpTools = {"mysqldump 8.3", "pg_dump 13.3"})
    static class OldTestCases {

        @Test
        void one(MetadataDatabase database) throws Exception {
            assertThat(database.version()).contains("1");
        }

        @Test
        void two(MetadataDatabase database) throws Exception {
            assertThat(database.version()).contains("1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backups = "file:target/backup-tools/{version}.sql",
            locations = "migrations/library/postgresql")
    static class BareTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            backup = OLD,
            locations = "migrations/library/postgresql",
            dumpTools = {"pg_dump 13.3", "pg_dump 14"})
    static class TwiceTestCases {

        @Test
        void test(MetadataDatabase database) {}
    }
}
