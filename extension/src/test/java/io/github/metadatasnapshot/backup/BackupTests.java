package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTests {

    private static final ClassLoader LOADER = BackupTests.class.getClassLoader();
    private static final String HISTORY = "flyway_schema_history";

    @TempDir
    private Path directory;

    private static Backup resource(String name) {
        return Backup.locate("classpath:backups/" + name, LOADER);
    }

    private static byte[] content(String name) throws IOException {
        try (InputStream in = resource(name).openRaw()) {
            return in.readAllBytes();
        }
    }

    private Backup file(byte[] content) throws IOException {
        Path file = Files.createTempFile(directory, "backup", ".sql");
        Files.write(file, content);
        return Backup.locate("file:" + file, LOADER);
    }

    private Backup file(String content) throws IOException {
        return file(content.getBytes(UTF_8));
    }

    private static BackupInfo inspect(Backup backup, Engine target) {
        return backup.inspect(target, HISTORY, Optional.empty());
    }

    private static AbstractThrowableAssert<?, ?> assertThatInspecting(Backup backup, Engine target) {
        return assertThatThrownBy(() -> inspect(backup, target)).isInstanceOf(BackupException.class);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zstd(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
            out.setChecksum(true);
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static TableName table(String name) {
        return new TableName("", name);
    }

    private static TableName table(String schema, String name) {
        return new TableName(schema, name);
    }

    @Nested
    class Locating {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "backups/mysql-9.7-full.sql",
                    "/backups/mysql-9.7-full.sql",
                    "classpath:backups/mysql-9.7-full.sql"
                })
        void findsAResource(String location) throws IOException {
            Backup backup = Backup.locate(location, LOADER);

            assertThat(backup.name()).isEqualTo(location.replace("classpath:", ""));
            assertThat(backup).hasToString(backup.name());
            try (InputStream in = backup.open()) {
                assertThat(new String(in.readNBytes(14), UTF_8)).isEqualTo("-- MySQL dump ");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "backups/1.sql, resources/backups/1.sql",
            "classpath:backups/1.sql, resources/backups/1.sql",
            "classpath:/backups/1.sql, resources/backups/1.sql",
            "/backups/1.sql, /backups/1.sql",
            "file:backups/1.sql, backups/1.sql",
            "file:/a b/1.sql, /a b/1.sql",
            "file:///a%20b/1.sql, /a b/1.sql"
        })
        void namesTheFileToWrite(String location, Path file) {
            assertThat(Backup.target(location, Path.of("resources"))).isEqualTo(file);
        }

        @Test
        void findsAFile() throws IOException {
            Path file = Files.writeString(directory.resolve("a b.sql"), "SELECT 1;");

            for (String location :
                    List.of(file.toString(), "file:" + file, file.toUri().toString())) {
                try (InputStream in = Backup.locate(location, LOADER).openRaw()) {
                    assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("SELECT 1;");
                }
            }
        }

        @Test
        void saysWhereItLooked() throws IOException {
            Files.writeString(directory.resolve("1.0.sql"), "");
            Files.writeString(directory.resolve("1.1.sql"), "");

            assertThatThrownBy(() -> Backup.locate(directory + "/1.2.sql", LOADER))
                    .isInstanceOf(BackupException.class)
                    .hasMessage("""
                            There is no backup %s/1.2.sql. Looked for
                              the resource %s/1.2.sql on the class path, whose directory is not there either
                              the file %s/1.2.sql, beside which lie 1.0.sql, 1.1.sql""", directory, directory.toString().substring(1), directory);
        }

        @Test
        void saysWhatElseLiesOnTheClassPath() {
            assertThatThrownBy(() -> Backup.locate("classpath:backups/source/oracle.sql", LOADER))
                    .isInstanceOf(BackupException.class)
                    .hasMessage("""
                            There is no backup backups/source/oracle.sql. Looked for
                              the resource backups/source/oracle.sql on the class path, beside which lie README.md, \
                            mysql.sql, postgresql-14.sql, postgresql.sql""");
        }

        @Test
        void aLongListIsCut() throws IOException {
            for (int i = 10; i < 35; i++) {
                Files.writeString(directory.resolve(i + ".sql"), "");
            }

            assertThatThrownBy(() -> Backup.locate("file:" + directory + "/1.2.sql", LOADER))
                    .hasMessageEndingWith(" 28.sql, 29.sql and 5 more")
                    .hasMessageNotContaining("class path");
        }

        @Test
        void anEmptyDirectoryIsCalledEmpty() {
            assertThatThrownBy(() -> Backup.locate("file:" + directory + "/1.2.sql", LOADER))
                    .hasMessageEndingWith("1.2.sql, whose directory is empty");
        }

        @Test
        void aDirectoryIsNoBackup() throws IOException {
            Files.writeString(directory.resolve("toc.dat"), "");

            assertThatThrownBy(() -> Backup.locate(directory.toString(), LOADER))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            directory + " is a directory, as pg_dump -Fd writes it. A backup is one file: dump plain"
                                    + " (pg_dump -Fp, mysqldump, mariadb-dump) or with pg_dump -Fc");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        thing.sql thing.txt       | , as mysqldump --tab writes it
                        metadata app.thing.sql    | , as mydumper writes it
                        @.json app@thing.sql      | , as MySQL Shell (util.dumpInstance, util.dumpSchemas) writes it
                        PG_VERSION base           | , and holds the files of a PostgreSQL server, not statements
                        base.tar.gz pg_wal.tar.gz | , as pg_basebackup writes it, and holds the files of a server, not statements
                        ibdata1 undo_001          | , and holds the files of a MySQL or MariaDB server, not statements
                        a.sql b.sql               | ''
                        """)
        void aDirectoryIsCalledByTheToolThatWritesIt(String files, String what) throws IOException {
            Path dumped = Files.createTempDirectory(directory, "dumped");
            for (String file : files.split(" ", -1)) {
                Files.writeString(dumped.resolve(file), "");
            }

            assertThatThrownBy(() -> Backup.locate(dumped.toString(), LOADER))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith(dumped + " is a directory" + what + ". A backup is one file: ");
        }

        @Test
        void aFileThatHasGoneIsNamed() throws IOException {
            Path file = Files.writeString(directory.resolve("gone.sql"), "");
            Backup backup = Backup.locate("file:" + file, LOADER);
            Files.delete(file);

            assertThatThrownBy(backup::open)
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith(file + " is gone, or may not be read: ");
        }
    }

    @Nested
    class Opening {

        private final byte[] plain = "SELECT 1;\n".repeat(50_000).getBytes(UTF_8);

        private void assertThatOpened(byte[] raw, byte[] content) throws IOException {
            Backup backup = file(raw);
            try (InputStream in = backup.open()) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            try (InputStream in = backup.openRaw()) {
                assertThat(in.readAllBytes()).isEqualTo(raw);
            }
            assertThat(backup.format()).isEqualTo(Backup.Format.PLAIN);
        }

        @Test
        void whateverItsNameAFileIsDecompressed() throws IOException {
            assertThatOpened(plain, plain);
            assertThatOpened(gzip(plain), plain);
            assertThatOpened(zstd(plain), plain);
        }

        @Test
        void partsThatWereJoinedAreOne() throws IOException {
            assertThatOpened(concat(gzip(plain), gzip(plain)), concat(plain, plain));
            assertThatOpened(concat(zstd(plain), zstd(plain)), concat(plain, plain));
        }

        @Test
        void whatWasCompressedTwiceIsDecompressedTwice() throws IOException {
            assertThatOpened(gzip(gzip(plain)), plain);
            assertThatOpened(gzip(zstd(plain)), plain);
            assertThatOpened(zstd(gzip(gzip(plain))), plain);
        }

        /** As pzstd writes it, and as zstd allows it: frames without content before, between and behind. */
        @Test
        void framesWithoutContentAreSkipped() throws IOException {
            byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
            byte[] other = {0x5f, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};

            assertThatOpened(concat(skippable, zstd(plain)), plain);
            assertThatOpened(concat(concat(skippable, other), zstd(plain)), plain);
            assertThatOpened(concat(concat(zstd(plain), skippable), concat(zstd(plain), other)), concat(plain, plain));
        }

        /** As zstd --long=31 writes it: a window of 2 GB, of which a small file needs nothing. */
        @Test
        void aLargeWindowIsRead() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
                out.setLong(31);
                out.write(plain);
            }

            assertThatOpened(bytes.toByteArray(), plain);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "garbage behind it"})
        void whatStandsBehindGzipIsLeftOutAsGzipDoes(String tail) throws IOException {
            assertThatOpened(concat(gzip(plain), tail.getBytes(UTF_8)), plain);
        }

        @Test
        void aFileOfAFewBytesIsPlain() throws IOException {
            assertThatOpened(new byte[0], new byte[0]);
            assertThatOpened(new byte[] {0x1f}, new byte[] {0x1f});
        }

        @Test
        void anArchiveIsKnownThroughItsCompression() throws IOException {
            assertThat(resource("postgresql-17-full.dump").format()).isEqualTo(Backup.Format.POSTGRESQL_CUSTOM);
            assertThat(file(gzip(content("postgresql-17-full.dump"))).format())
                    .isEqualTo(Backup.Format.POSTGRESQL_CUSTOM);
        }

        @Test
        void aHeadThatIsCutOffIsDamage() throws IOException {
            Backup backup = file(Arrays.copyOf(gzip(plain), 5));

            assertThatThrownBy(backup::open)
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            backup.name() + " is damaged, or was not copied to its end: EOFException. Copy it again,"
                                    + " or dump again");
        }
    }

    @Nested
    class Archives {

        private final Backup archive = resource("postgresql-17-full.dump");

        @Test
        void pgRestoreMakesStatementsOfIt() throws IOException {
            byte[] script = content("postgresql-17-full.sql");
            byte[] bytes = content("postgresql-17-full.dump");
            ClientHost host = (command, environment, input, output, errors) -> {
                assertThat(command).containsExactly("pg_restore", "--create", "-f", "-");
                assertThat(input.readAllBytes()).isEqualTo(bytes);
                output.write(script);
                return 0;
            };

            try (InputStream in = archive.openScript(Optional.of(host))) {
                assertThat(in.readAllBytes()).isEqualTo(script);
            }
            assertThat(archive.inspect(Engine.POSTGRESQL, HISTORY, Optional.of(host))
                            .rows())
                    .containsEntry(table("public", "person"), 8L);
        }

        @Test
        void aPlainBackupNeedsNoHost() throws IOException {
            try (InputStream in = resource("postgresql-17-full.sql").openScript(Optional.empty())) {
                assertThat(in.readAllBytes()).isEqualTo(content("postgresql-17-full.sql"));
            }
        }

        @Test
        void withoutAHostTheWayOutIsNamed() {
            assertThatInspecting(archive, Engine.POSTGRESQL)
                    .hasMessage(
                            "backups/postgresql-17-full.dump is in PostgreSQL's custom format (pg_dump -Fc), which only"
                                    + " pg_restore reads, and only a container has that. Dump plain (pg_dump -Fp), or run the"
                                    + " server in a container");
        }

        @Test
        void whatPgRestoreSaysIsPassedOn() {
            ClientHost host = (command, environment, input, output, errors) -> {
                output.write("SELECT 1;".getBytes(UTF_8));
                errors.write("pg_restore: error: unsupported version (1.16) in file header\n".getBytes(UTF_8));
                return 1;
            };

            assertThatThrownBy(() -> archive.inspect(Engine.POSTGRESQL, HISTORY, Optional.of(host)))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            "backups/postgresql-17-full.dump cannot be read by pg_restore. pg_restore ended with status"
                                    + " 1: pg_restore: error: unsupported version (1.16) in file header. Likely cause: the dump"
                                    + " was written by a pg_dump newer than the pg_restore that reads it.");
        }

        @Test
        void aHostThatBreaksLetsNobodyWait() {
            ClientHost host = (command, environment, input, output, errors) -> {
                throw new IOException("the container is gone");
            };

            assertThatThrownBy(() -> archive.openScript(Optional.of(host)).readAllBytes())
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            "backups/postgresql-17-full.dump cannot be read by pg_restore. the container is gone. The"
                                    + " archive is damaged, or was not copied to its end: copy it again, or dump again.");
        }

        @Test
        void aReaderThatLeavesEndsTheTool() {
            Thread[] tool = new Thread[1];
            ClientHost host = (command, environment, input, output, errors) -> {
                tool[0] = Thread.currentThread();
                while (true) {
                    output.write(new byte[1 << 16]);
                }
            };

            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                try (InputStream in = archive.openScript(Optional.of(host))) {
                    assertThat(in.read()).isZero();
                }
                tool[0].join();
            });
        }
    }

    @Nested
    class Inspecting {

        @ParameterizedTest
        @CsvSource(textBlock = """
                        postgresql-13-full.sql,           POSTGRESQL, 13.16,  13.16,  FULL
                        postgresql-17-full.sql,           POSTGRESQL, 17.11,  17.11,  FULL
                        postgresql-18-full.sql,           POSTGRESQL, 18.6,   18.6,   FULL
                        postgresql-17-data.sql,           POSTGRESQL, 17.11,  17.11,  DATA_ONLY
                        postgresql-17-inserts.sql,        POSTGRESQL, 17.11,  17.11,  FULL
                        postgresql-17-column-inserts.sql, POSTGRESQL, 17.11,  17.11,  DATA_ONLY
                        mysql-9.7-full.sql,               MYSQL,      9.7.4,  9.7.4,  FULL
                        mysql-9.7-data.sql,               MYSQL,      9.7.4,  9.7.4,  DATA_ONLY
                        mysql-9.7-hex-rows.sql,           MYSQL,      9.7.4,  9.7.4,  DATA_ONLY
                        mysql-9.7-compact.sql,            MYSQL,      '',     '',     FULL
                        mariadb-11.8-full.sql,            MARIADB,    11.8.6, 11.8.6, FULL
                        mariadb-11.8-data.sql,            MARIADB,    11.8.6, 11.8.6, DATA_ONLY
                        """)
        void everyDumpToolIsRead(String name, String engine, String tool, String server, BackupInfo.Kind kind)
                throws IOException {
            Engine writer = Engine.ALL.stream()
                    .filter(candidate -> candidate.id().equalsIgnoreCase(engine))
                    .findFirst()
                    .orElseThrow();

            BackupInfo info = inspect(resource(name), writer);

            assertThat(info.writer()).isEqualTo(writer);
            assertThat(info.toolVersion().orElse("")).isEqualTo(tool);
            assertThat(info.serverVersion().orElse("")).isEqualTo(server);
            assertThat(info.kind()).isEqualTo(kind);
            assertThat(info.bytes()).isEqualTo(content(name).length);
            boolean postgresql = writer == Engine.POSTGRESQL;
            String schema = postgresql ? "public" : "";
            assertThat(info.rows())
                    .containsEntry(table(schema, "person"), postgresql ? 8L : 7L)
                    .containsEntry(table(schema, postgresql ? "Odd \"Name\".tbl" : "Odd `Name.tbl"), 2L)
                    .containsEntry(postgresql ? table("audit", "entry") : table("entry"), postgresql ? 8L : 7L)
                    .containsEntry(table(schema, HISTORY), 4L);
            if (kind == BackupInfo.Kind.FULL) {
                assertThat(info.createdTables())
                        .contains(
                                table(schema, "person"),
                                table(schema, "empty_one"),
                                postgresql ? table("audit", "entry") : table("entry"))
                        .hasSize(postgresql ? 6 : 5);
            } else {
                assertThat(info.createdTables()).isEmpty();
            }
            SchemaHistory history = info.history().orElseThrow();
            assertThat(history.version()).contains(Version.of("1.1"));
            assertThat(history.rows())
                    .containsExactly(
                            new SchemaHistory.Row(1, "1.0", "tables", "SQL", "V1.0__tables.sql", -1274563210, true),
                            new SchemaHistory.Row(
                                    2, "1.1", "it's a \\ \"column\"; really", "SQL", "V1.1__column.sql", 99, true),
                            new SchemaHistory.Row(3, null, "views", "SQL", "R__views.sql", 7, true),
                            new SchemaHistory.Row(4, "1.2", "failed", "SQL", "V1.2__failed.sql", null, false));
        }

        @Test
        void tablesWithoutRowsAreCounted() {
            assertThat(inspect(resource("mysql-9.7-full.sql"), Engine.MYSQL).rows())
                    .containsEntry(table("empty_one"), 0L);
            assertThat(inspect(resource("postgresql-17-full.sql"), Engine.POSTGRESQL)
                            .rows())
                    .containsEntry(table("public", "empty_one"), 0L)
                    .containsEntry(table("public", "no_columns"), 1L);
            assertThat(inspect(resource("postgresql-17-inserts.sql"), Engine.POSTGRESQL)
                            .rows())
                    .containsEntry(table("public", "no_columns"), 1L);
        }

        @Test
        void aDumpOfTheSchemaIsFull() {
            BackupInfo info = inspect(resource("postgresql-17-schema.sql"), Engine.POSTGRESQL);

            assertThat(info.kind()).isEqualTo(BackupInfo.Kind.FULL);
            assertThat(info.rows()).isEmpty();
            assertThat(info.history()).contains(SchemaHistory.EMPTY);
        }

        @Test
        void aBackupOfTheOtherMySqlIsRead() {
            assertThat(inspect(resource("mysql-9.7-full.sql"), Engine.MARIADB).writer())
                    .isEqualTo(Engine.MYSQL);
            assertThat(inspect(resource("mariadb-11.8-full.sql"), Engine.MYSQL).writer())
                    .isEqualTo(Engine.MARIADB);
        }

        @Test
        void rolesAreFound() {
            assertThat(inspect(resource("postgresql-17-full.sql"), Engine.POSTGRESQL)
                            .roles())
                    .containsExactly("Reader-1", "catalog_owner");
            assertThat(inspect(resource("mysql-9.7-full.sql"), Engine.MYSQL).roles())
                    .containsExactly("catalog_owner@10.%", "root@localhost");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        ALTER TABLE a OWNER TO x                                                  | x
                        ALTER FUNCTION a(text, "owner to") OWNER TO "X ""y"                       | X "y
                        GRANT SELECT(a),INSERT(b) ON TABLE a TO x, "Y" WITH GRANT OPTION          | Y x
                        REVOKE ALL ON SCHEMA public FROM PUBLIC, z GRANTED BY x                   | x z
                        CREATE USER MAPPING IF NOT EXISTS FOR x SERVER s OPTIONS ("user" 'r')     | x
                        CREATE USER MAPPING FOR PUBLIC SERVER s                                   | ''
                        CREATE USER MAPPING FOR USER SERVER s                                     | ''
                        ALTER USER MAPPING FOR "X" SERVER s OPTIONS (SET "user" 'r')              | X
                        DROP USER MAPPING IF EXISTS FOR x SERVER s                                | x
                        ALTER POLICY p ON a TO x, PUBLIC                                          | x
                        SET ROLE x                                                                | x
                        SET LOCAL ROLE 'x'                                                        | x
                        SET ROLE TO x                                                             | x
                        SET ROLE NONE                                                             | ''
                        ALTER DEFAULT PRIVILEGES FOR ROLE x IN SCHEMA a GRANT SELECT ON TABLES TO y | x y
                        ALTER DEFAULT PRIVILEGES FOR ROLE x REVOKE ALL ON FUNCTIONS FROM PUBLIC   | x
                        SET SESSION AUTHORIZATION 'x'                                             | x
                        SET SESSION AUTHORIZATION DEFAULT                                         | ''
                        CREATE SCHEMA a AUTHORIZATION x                                           | x
                        CREATE POLICY p ON a FOR SELECT TO x, CURRENT_USER USING (true)           | x
                        ALTER TABLE a ADD COLUMN owner text                                       | ''
                        """)
        void rolesOfPostgreSql(String statement, String roles) throws IOException {
            assertThat(String.join(
                            " ",
                            inspect(file(statement + ";"), Engine.POSTGRESQL).roles()))
                    .isEqualTo(roles);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                        CREATE DEFINER=`a`@`b` PROCEDURE p() SELECT 1                             | a@b
                        /*!50003 CREATE*/ /*!50017 DEFINER='a'@'%'*/ /*!50003 TRIGGER t SET x=1 */ | a@%
                        CREATE ALGORITHM=UNDEFINED DEFINER=a@localhost SQL SECURITY DEFINER VIEW v | a@localhost
                        CREATE DEFINER=CURRENT_USER EVENT e                                       | ^^
                        CREATE TABLE t (definer INT)                                              | ^^
                        """)
        void rolesOfMySql(String statement, String roles) throws IOException {
            assertThat(String.join(
                            " ", inspect(file(statement + ";"), Engine.MYSQL).roles()))
                    .isEqualTo(roles);
        }

        /** As mysqldump 9.7 writes it by default of a server that has GTIDs, which those of 9.7 have by default. */
        @Test
        void whatIsAboutTheBinaryLogIsLeftOut() throws IOException {
            String script = """
                    SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
                    SET @@SESSION.SQL_LOG_BIN= 0;
                    SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,
                    4e11fa47-71ca-11e1-9e33-c80aa9429562:1-7';
                    CREATE TABLE t (a INT);
                    SET SESSION sql_log_bin = 1, sql_mode = '';
                    SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;
                    """;
            Backup backup = file(script);
            BackupInfo info = inspect(backup, Engine.MYSQL);

            assertThat(info.leftOut())
                    .extracting(LeftOut::toString)
                    .containsExactly(
                            "line 2: SET @@SESSION.SQL_LOG_BIN= 0",
                            "line 3: SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,"
                                    + " 4e11fa47-71ca-11…",
                            "line 7: SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN");
            try (InputStream rest = backup.openScript(Optional.empty(), info.leftOut())) {
                assertThat(new String(rest.readAllBytes(), UTF_8).lines().map(String::strip))
                        .containsExactly(
                                "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;",
                                "",
                                "",
                                "",
                                "CREATE TABLE t (a INT);",
                                "SET SESSION sql_log_bin = 1, sql_mode = '';",
                                "");
            }
            // MariaDB knows no such variable: what its client says is the dump's fault.
            assertThat(inspect(file(script), Engine.MARIADB).leftOut()).isEmpty();
            assertThat(inspect(resource("mysql-9.7-compact.sql"), Engine.MYSQL).leftOut())
                    .extracting(LeftOut::line)
                    .contains(3L);
        }

        /** Wherever the buffers end that the script is read by. */
        @Test
        void whatIsLeftOutKeepsEveryOtherByte() throws IOException {
            String filler = "x".repeat(70_000);
            String script = "SELECT '" + filler + "';\nSET @@SESSION.SQL_LOG_BIN= 0;\nSELECT '" + filler + "';\n";
            Backup backup = file(script);
            try (InputStream rest = backup.openScript(
                    Optional.empty(), inspect(backup, Engine.MYSQL).leftOut())) {
                StringBuilder read = new StringBuilder();
                byte[] part = new byte[7];
                for (int length = rest.read(part); length >= 0; length = rest.read(part)) {
                    read.append(new String(part, 0, length, UTF_8));
                }

                assertThat(read.toString()).isEqualTo(script.replace("SET @@SESSION.SQL_LOG_BIN= 0;", " ".repeat(29)));
            }
        }

        @Test
        void aTableThatStandsInForAViewIsNone() throws IOException {
            String script = """
                    /*!50001 CREATE TABLE `v` (`a` INT) */;
                    /*!50001 DROP TABLE IF EXISTS `v`*/;
                    DROP TABLE IF EXISTS `t`;
                    CREATE TABLE `t` (a INT);
                    CREATE TEMPORARY TABLE `x` (a INT);
                    """;

            assertThat(inspect(file(script), Engine.MYSQL).createdTables()).containsExactly(table("t"));
        }

        @Test
        void namesAreReadAsTheCatalogueSpellsThem() throws IOException {
            String script = """
                    SET search_path = "My Schema", pg_catalog;
                    INSERT INTO T (a) VALUES (1), (2);
                    INSERT INTO T (a) VALUES ('(');
                    INSERT INTO "T" VALUES (1);
                    INSERT INTO a.b VALUES (1);
                    """;

            assertThat(inspect(file(script), Engine.POSTGRESQL).rows())
                    .hasToString("{My Schema.T=1, My Schema.t=3, a.b=1}");
        }

        /** Names and values in the character set that the script sets, not in UTF-8. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                        POSTGRESQL | ISO-8859-1   | SET client_encoding = 'LATIN1'; COPY public."größe" FROM stdin;\\n1\\n\\.\\n | größe=1
                        POSTGRESQL | ISO-8859-2   | SET NAMES 'ISO_8859_2'; INSERT INTO public."šíř" VALUES (1); | šíř=1
                        POSTGRESQL | windows-1251 | SET client_encoding TO WIN1251; INSERT INTO public."имя" VALUES (1); | имя=1
                        POSTGRESQL | UTF-8        | SET client_encoding = 'UTF8'; INSERT INTO public."größe" VALUES (1); | größe=1
                        MYSQL      | windows-1252 | /*!50503 SET NAMES latin1 */;\\n-- Dumping data for table `größe€`\\nLOCK TABLES `größe€` WRITE; | größe€=0
                        MYSQL      | windows-1251 | SET @@character_set_client = cp1251; INSERT INTO `имя` VALUES (1); | имя=1
                        MARIADB    | ISO-8859-2   | SET CHARACTER SET latin2; INSERT INTO `šíř` VALUES (1); | šíř=1
                        """)
        void namesAreInTheCharacterSetOfTheScript(String engine, String charset, String script, String rows)
                throws IOException {
            byte[] content = script.replace("\\n", "\n").getBytes(Charset.forName(charset));
            Engine target = Map.of("POSTGRESQL", Engine.POSTGRESQL, "MYSQL", Engine.MYSQL, "MARIADB", Engine.MARIADB)
                    .get(engine);

            assertThat(inspect(file(content), target).rows()).hasToString("{" + rows + "}");
        }

        /** As mysqldump writes definitions in UTF-8 between rows in latin1. */
        @Test
        void theCharacterSetOfTheScriptMayChange() throws IOException {
            byte[] name = "größe".getBytes(ISO_8859_1);
            ByteArrayOutputStream script = new ByteArrayOutputStream();
            script.write("/*!50503 SET NAMES latin1 */;\nDROP TABLE IF EXISTS `".getBytes(UTF_8));
            script.write(name);
            script.write("""
                    `;
                    SET @saved_cs_client     = @@character_set_client;
                    /*!50503 SET character_set_client = utf8mb4 */;
                    CREATE TABLE `größe` (`maß` int);
                    /*!40101 SET character_set_client = @saved_cs_client */;
                    INSERT INTO `""".getBytes(UTF_8));
            script.write(name);
            script.write("` VALUES (1);\n".getBytes(UTF_8));
            BackupInfo info = inspect(file(script.toByteArray()), Engine.MYSQL);

            assertThat(info.createdTables()).containsExactly(table("größe"));
            assertThat(info.rows()).containsOnly(Map.entry(table("größe"), 1L));
        }

        /** As mysqldump --compatible=ansi writes them. */
        @Test
        void namesInDoubleQuotesAreNamesWhereTheSessionSaysSo() throws IOException {
            BackupInfo info = inspect(file("""
                    /*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ANSI' */;
                    CREATE TABLE "thing" ("id" int);
                    -- Dumping data for table "thing"
                    INSERT INTO "thing" VALUES (1),(2);
                    -- Dumping data for table "empty""one"
                    CREATE DEFINER="a"@"b" TRIGGER "t" BEFORE INSERT ON "thing" FOR EACH ROW SET NEW."id" = 1;
                    """), Engine.MYSQL);

            assertThat(info.createdTables()).containsExactly(table("thing"));
            assertThat(info.rows()).containsOnly(Map.entry(table("thing"), 2L), Map.entry(table("empty\"one"), 0L));
            assertThat(info.roles()).containsExactly("a@b");
        }

        /** MariaDB 10.5.25 to 11.4.2 wrote the mark so, which its clients obey wherever it stands. */
        @Test
        void theFirstSandboxMarkIsNoCommand() throws IOException {
            assertThat(inspect(
                                    file(
                                            "-- framed\n/*!999999\\- enable the sandbox mode */ \nCREATE TABLE `t` (a INT);\n"),
                                    Engine.MARIADB)
                            .createdTables())
                    .containsExactly(table("t"));
        }

        @Test
        void aHistoryOfAnotherNameIsFound() throws IOException {
            String script = "COPY app.versions (version, installed_rank, description, type, script, checksum, success)"
                    + " FROM stdin;\n2.0\t1\ta\\tb\\\\\tSQL\tV2.sql\t\\N\tt\n\\.\n";

            assertThat(file(script)
                            .inspect(Engine.POSTGRESQL, "versions", Optional.empty())
                            .history())
                    .contains(new SchemaHistory(
                            List.of(new SchemaHistory.Row(1, "2.0", "a\tb\\", "SQL", "V2.sql", null, true))));
            assertThat(inspect(file(script), Engine.POSTGRESQL).history()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        (id) VALUES (1) | there is no column installed_rank
                        SELECT * FROM old_history | the INSERT has no VALUES
                        VALUES (1, '1', 'init') | a row has 3 values for 10 columns
                        VALUES ('first','1','init','SQL','V1__init.sql',7,'me','2026-01-01',1,1) | installed_rank is first and checksum 7, which are no numbers
                        VALUES (1,'1','init','SQL','V1__init.sql','a7','me','2026-01-01',1,1) | installed_rank is 1 and checksum a7, which are no numbers
                        """)
        void aHistoryThatIsNoneIsAnError(String values, String message) throws IOException {
            Backup backup = file("\nINSERT INTO flyway_schema_history " + values + ";");

            assertThatInspecting(backup, Engine.MYSQL)
                    .hasMessage(backup.name() + ", line 2: the rows of flyway_schema_history are not those of Flyway's"
                            + " history table: " + message + ". Set the history table's name, if it is another");
        }

        @Test
        void rowsOfACopyThatAreNoHistoryAreAnError() throws IOException {
            Backup backup = file("COPY flyway_schema_history (installed_rank, version) FROM stdin;\n1\t1\t\\N\n\\.\n");

            assertThatInspecting(backup, Engine.POSTGRESQL)
                    .hasMessageContaining(
                            ", line 1: the rows of flyway_schema_history are not those of Flyway's history"
                                    + " table: a row has 3 values for 2 columns. ");
        }

        @Test
        void theResultIsRemembered() {
            Backup backup = resource("postgresql-17-full.sql");
            assertThat(inspect(backup, Engine.POSTGRESQL)).isSameAs(inspect(backup, Engine.POSTGRESQL));

            assertThatInspecting(backup, Engine.MYSQL);
            assertThatInspecting(backup, Engine.MYSQL).cause().isInstanceOf(BackupException.class);
        }

        @Test
        void aCompressedBackupIsTheSame() throws IOException {
            BackupInfo plain = inspect(resource("mysql-9.7-full.sql"), Engine.MYSQL);

            assertThat(inspect(file(gzip(content("mysql-9.7-full.sql"))), Engine.MYSQL))
                    .isEqualTo(plain);
            assertThat(inspect(file(zstd(content("mysql-9.7-full.sql"))), Engine.MYSQL))
                    .isEqualTo(plain);
        }
    }

    @Nested
    class NoDump {

        @Test
        void ofTheOtherEngine() {
            assertThatInspecting(resource("postgresql-17-data.sql"), Engine.MARIADB)
                    .hasMessage(
                            "backups/postgresql-17-data.sql is a backup of PostgreSQL, the database is MariaDB. Name a"
                                    + " backup of MariaDB, or a database of PostgreSQL");
            assertThatInspecting(resource("mysql-9.7-compact.sql"), Engine.POSTGRESQL)
                    .hasMessageContaining(" is a backup of MySQL, the database is PostgreSQL");
            assertThatInspecting(resource("postgresql-17-full.dump"), Engine.MYSQL)
                    .hasMessageContaining(" is a backup of PostgreSQL, the database is MySQL");
        }

        private void assertThatContent(String content, Charset charset, String message) throws IOException {
            Backup backup = file(content.getBytes(charset));
            assertThatInspecting(backup, Engine.POSTGRESQL).hasMessage(backup.name() + " " + message);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        'PK\u0003\u0004' | a ZIP archive: unpack it
                        'BZh91AY'   | compressed by bzip2, which is not read: compress it by gzip or zstd
                        '-----BEGIN PGP MESSAGE-----' | 'encrypted by gpg, and no password is asked for: decrypt it first (gpg --decrypt)'
                        'age-encryption.org/v1' | 'encrypted by age, and no password is asked for: decrypt it first (age --decrypt)'
                        '-----BEGIN AGE ENCRYPTED FILE-----' | 'encrypted by age, and no password is asked for: decrypt it first (age --decrypt)'
                        'Salted__x' | 'encrypted by openssl enc, and no password is asked for: decrypt it first (openssl enc -d)'
                        '<?xml version="1.0"?> <mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' | 'XML, as mysqldump --xml writes it, which no client loads: dump without --xml'
                        'SQLite format 3' | 'an SQLite database. A backup is a plain dump, or one of pg_dump -Fc, compressed by gzip, zstd or not at all'
                        'version https://git-lfs.github.com/spec/v1' | 'a pointer of Git LFS, not the file itself: run git lfs pull'
                        'LZIP\u0001' | compressed by lzip, which is not read: compress it by gzip or zstd
                        'Rar!\u001a' | a RAR archive: unpack it
                        'XBSTCK01P' | 'a copy of files that xtrabackup or mariadb-backup streamed, not statements. A backup is a plain dump, or one of pg_dump -Fc, compressed by gzip, zstd or not at all'
                        """)
        void otherFormats(String content, String what) throws IOException {
            assertThatContent(content, ISO_8859_1, "is no dump of pg_dump, mysqldump or mariadb-dump: it is " + what);
        }

        @Test
        void otherBinaryFormats() throws IOException {
            String decrypt = "encrypted by gpg, and no password is asked for: decrypt it first (gpg --decrypt)";
            otherFormats("\u00fd7zXZ\0", "compressed by xz, which is not read: compress it by gzip or zstd");
            otherFormats("\u0004\"M\u0018d", "compressed by LZ4, which is not read: compress it by gzip or zstd");
            otherFormats(
                    "\u001f\u009d\u0090S", "compressed by compress, which is not read: compress it by gzip or zstd");
            otherFormats("\u0089LZO\0\r\n", "compressed by lzop, which is not read: compress it by gzip or zstd");
            otherFormats(
                    "\u00ff\u0006\0\0sNaPpY\0", "compressed by Snappy, which is not read: compress it by gzip or zstd");
            otherFormats("7z\u00bc\u00af'\u001c", "a 7-Zip archive: unpack it");
            otherFormats("backup.sql" + "\0".repeat(247) + "ustar\00000", "a tar archive: unpack it");
            otherFormats("\u008c\r\u0004x\u0003", decrypt);
            otherFormats("\u0085\u0001\u008c\u0003", decrypt);
        }

        @Test
        void realArchives() {
            assertThatInspecting(resource("postgresql-17.tar"), Engine.POSTGRESQL)
                    .hasMessageEndingWith(
                            "it is an archive that pg_dump -Ft wrote, which is not read: dump plain (pg_dump"
                                    + " -Fp) or with -Fc");
        }

        @Test
        void lz4BehindAFrameWithoutContent() throws IOException {
            assertThatContent(
                    "P*M\u0018\2\0\0\0ab\u0004\"M\u0018d",
                    ISO_8859_1,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it is compressed by LZ4, which is not read: compress it"
                            + " by gzip or zstd");
        }

        @Test
        void endsInZeros() throws IOException {
            assertThatContent(
                    "SELECT 1;\n\0\0\0\0",
                    UTF_8,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it ends in zero bytes, as a file does that was not"
                            + " copied to its end: copy it again");
        }

        @Test
        void binary() throws IOException {
            assertThatContent(
                    "\u0007\0\0",
                    ISO_8859_1,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it is a binary file. A backup is a plain dump, or"
                            + " one of pg_dump -Fc, compressed by gzip, zstd or not at all");
        }

        @Test
        void fromPowerShell() throws IOException {
            assertThatContent(
                    "\uFEFF-- MySQL dump",
                    StandardCharsets.UTF_16LE,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it is written in UTF-16, as PowerShell's > does:"
                            + " dump with --file (pg_dump) or --result-file (mysqldump, mariadb-dump) instead");
        }

        @Test
        void inUtf16OfTheOtherOrder() throws IOException {
            assertThatContent(
                    "\uFEFF-- MySQL dump",
                    StandardCharsets.UTF_16BE,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it is written in UTF-16: convert it to UTF-8");
        }

        @Test
        void aWebPage() throws IOException {
            assertThatContent(
                    "<!DOCTYPE html>\n<html><title>Not found</title>",
                    UTF_8,
                    "is no dump of pg_dump, mysqldump or mariadb-dump: it begins with '<!DOCTYPE html> <html><title>Not"
                            + " found</title>'. A backup is a plain dump, or one of pg_dump -Fc, compressed by gzip, zstd"
                            + " or not at all");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "  \n\n"})
        void empty(String content) throws IOException {
            assertThatContent(content, UTF_8, "is empty. Dump again, and look at the exit status of the dump tool");
        }

        @Test
        void aToolsError() throws IOException {
            assertThatContent(
                    "pg_dump: error: connection to server failed\n",
                    UTF_8,
                    "holds an error message instead of a dump, 'pg_dump: error: connection to server failed'. Dump again,"
                            + " and look at the exit status of the dump tool");
        }

        @Test
        void aToolsWarningBeforeTheDump() {
            assertThatInspecting(resource("mysql-9.7-with-warning.sql"), Engine.MYSQL)
                    .hasMessage("backups/mysql-9.7-with-warning.sql begins with a message of the dump tool, 'mysqldump:"
                            + " [Warning] Using a password on the command line interface can be insecure.'. It was"
                            + " written into the file by 2>&1, or by a container's terminal (docker run -t): dump"
                            + " without");
        }

        @Test
        void aToolsErrorInTheMiddle() throws IOException {
            Backup backup = file("SET NAMES utf8mb4;\nmysqldump: Got error: 2013: Lost connection;\n");

            assertThatInspecting(backup, Engine.MYSQL)
                    .hasMessage(backup.name() + ", line 2: this is a message of the dump tool, not a statement. It was"
                            + " written into the file by 2>&1, or by a container's terminal (docker run -t): dump"
                            + " without, and look at the exit status\n  mysqldump: Got error: 2013: Lost connection");
        }
    }

    @Nested
    class Damage {

        private static final String DUMP_AGAIN =
                ". Copy the file again, or dump again and look at the exit status of the dump tool";

        private Backup cut(String name, String where) throws IOException {
            String content = new String(content(name), ISO_8859_1);
            return file(content.substring(0, content.indexOf(where) + where.length())
                    .getBytes(ISO_8859_1));
        }

        @Test
        void cutInsideTheRowsOfACopy() throws IOException {
            Backup backup = cut(
                    "postgresql-17-full.sql",
                    "COPY public.person (id, name, picture, details, feeling) FROM" + " stdin;\n1\tplain");

            assertThatInspecting(backup, Engine.POSTGRESQL)
                    .hasMessageMatching("\\Q" + backup.name() + "\\E is cut off: the script ends inside the rows of the"
                            + " COPY that begins in line \\d+\\Q" + DUMP_AGAIN + "\\E");
        }

        @Test
        void cutInsideAString() throws IOException {
            Backup backup = cut("mysql-9.7-data.sql", "emoji");

            assertThatInspecting(backup, Engine.MYSQL)
                    .hasMessageMatching("\\Q" + backup.name() + "\\E is cut off: the script ends inside the string that"
                            + " begins in line \\d+\\Q" + DUMP_AGAIN + "\\E");
        }

        @Test
        void cutInsideAStatement() throws IOException {
            Backup backup = cut("mysql-9.7-full.sql", "CREATE TABLE `empty_one` (\n  `id` int");

            assertThatInspecting(backup, Engine.MYSQL)
                    .hasMessageMatching(
                            "\\Q" + backup.name() + "\\E, line \\d+: the file ends inside the statement that"
                                    + " begins here\\Q" + DUMP_AGAIN + "\n  CREATE TABLE `empty_one` ( `id` int\\E");
        }

        @ParameterizedTest
        @CsvSource({
            "postgresql-17-full.sql, POSTGRESQL, -- PostgreSQL database dump complete",
            "mysql-9.7-full.sql, MYSQL, -- Dump completed",
            "mariadb-11.8-data.sql, MARIADB, -- Dump completed"
        })
        void withoutTheLastLine(String name, String engine, String lastLine) throws IOException {
            String content = new String(content(name), ISO_8859_1);
            Backup backup =
                    file(content.substring(0, content.lastIndexOf(lastLine)).getBytes(ISO_8859_1));
            Engine target =
                    Engine.ofImage(engine.toLowerCase(java.util.Locale.ROOT)).orElseThrow();

            assertThatInspecting(backup, target)
                    .hasMessageMatching("\\Q" + backup.name() + "\\E is cut off after line \\d+: the line '" + lastLine
                            + "', which the dump tool writes last, is missing\\Q" + DUMP_AGAIN + "\\E");
        }

        @Test
        void aDumpWithoutCommentsHasNoLastLine() {
            assertThat(inspect(resource("mysql-9.7-compact.sql"), Engine.MYSQL).toolVersion())
                    .isEmpty();
        }

        @Test
        void compressedDataThatEndsTooEarly() throws IOException {
            byte[] script = content("postgresql-17-full.sql");
            byte[] gzip = gzip(script);
            byte[] zstd = zstd(script);
            for (byte[] damaged : List.of(
                    Arrays.copyOf(gzip, gzip.length / 2),
                    Arrays.copyOf(gzip, gzip.length - 4),
                    Arrays.copyOf(zstd, zstd.length / 2),
                    Arrays.copyOf(zstd, zstd.length - 2))) {
                Backup backup = file(damaged);

                assertThatInspecting(backup, Engine.POSTGRESQL)
                        .hasMessageMatching("\\Q" + backup.name() + "\\E is damaged, or was not copied to its end: .+"
                                + "( \\(after line \\d+\\))?\\. Copy it again, or dump again");
            }
        }

        @Test
        void compressedDataWithABitFlipped() throws IOException {
            byte[] script = content("postgresql-17-full.sql");
            for (byte[] damaged : List.of(gzip(script), zstd(script))) {
                damaged[damaged.length / 2] ^= 1;
                Backup backup = file(damaged);

                assertThatInspecting(backup, Engine.POSTGRESQL).hasMessageStartingWith(backup.name() + " is ");
            }
            byte[] wrongChecksum = gzip(script);
            wrongChecksum[wrongChecksum.length - 8] ^= 1;
            Backup backup = file(wrongChecksum);
            assertThatInspecting(backup, Engine.POSTGRESQL)
                    .hasMessageStartingWith(
                            backup.name() + " is damaged, or was not copied to its end: Corrupt GZIP trailer");
        }
    }

    @Nested
    class Escapes {

        private static final String WITHOUT_DATABASE =
                "Dump one database without --databases, --all-databases or --create (pg_dump: without -C, and not with"
                        + " pg_dumpall), or take the statement out";
        private static final String TAKE_OUT = "Take it out of the file: a dump tool writes no such command";

        private void assertThatStatement(Engine engine, String statement, String why, String wayOut)
                throws IOException {
            Backup backup = file("SET x = 1;\n" + statement + "\n;\n");

            assertThatInspecting(backup, engine)
                    .hasMessageStartingWith(backup.name() + ", line 2: this must not run in a test's database: " + why
                            + ". " + wayOut + "\n  " + statement);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        USE `prod`                                      | it changes to another database
                        use prod                                        | it changes to another database
                        CREATE DATABASE /*!32312 IF NOT EXISTS*/ `prod` | it creates a database
                        CREATE SCHEMA prod                              | it creates a database
                        /*!40000 DROP DATABASE IF EXISTS `prod`*/       | it drops a database
                        CREATE TABLE `prod`.`t` (a INT)                 | it names something of a certain database
                        CREATE TABLE IF NOT EXISTS prod . t (a INT)     | it names something of a certain database
                        INSERT INTO `prod`.`t` VALUES (1)               | it names something of a certain database
                        INSERT IGNORE INTO `prod`.`t` VALUES (1)        | it names something of a certain database
                        REPLACE INTO `prod`.`t` VALUES (1)              | it names something of a certain database
                        DROP TABLE IF EXISTS `prod`.`t`                 | it names something of a certain database
                        /*!40000 ALTER TABLE `prod`.`t` DISABLE KEYS */ | it names something of a certain database
                        LOCK TABLES `a` WRITE, `prod`.`t` WRITE         | it names something of a certain database
                        TRUNCATE TABLE prod.t                           | it names something of a certain database
                        DELETE FROM prod.t                              | it names something of a certain database
                        """)
        void ofMySql(String statement, String why) throws IOException {
            assertThatStatement(Engine.MYSQL, statement, why, WITHOUT_DATABASE);
            assertThatStatement(Engine.MARIADB, statement, why, WITHOUT_DATABASE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CREATE VIEW prod.v AS SELECT 1",
                    "CREATE TRIGGER prod.t BEFORE INSERT ON a FOR EACH ROW SET @x = 1",
                    "CREATE TRIGGER t BEFORE INSERT ON prod.a FOR EACH ROW SET @x = 1",
                    "/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 PROCEDURE `prod`.`p`() SELECT 1 */",
                    "DROP VIEW IF EXISTS a, prod.v",
                    "DROP TABLE a, prod.t",
                    "RENAME TABLE a TO prod.a",
                    "DELETE x FROM prod.t x",
                    "CREATE INDEX i ON prod.t (a)",
                })
        void namesOfAnotherDatabase(String statement) throws IOException {
            assertThatStatement(Engine.MYSQL, statement, "it names something of a certain database", WITHOUT_DATABASE);
        }

        private static final String SERVER_WIDE = "it changes the whole server, not one database";
        private static final String TAKE_OUT_OF_SERVER = "Take it out of the file. The roles that a backup names are"
                + " created for it; of options that write such statements, leave --source-data, --master-data and"
                + " --system out";

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "SET GLOBAL max_connections = 7",
                    "SET @a = IF(1, 2, 3), GLOBAL max_connections = 7",
                    "SET @@GLOBAL.max_connections = 7",
                    "/*!50000 SET PERSIST max_connections = 7 */",
                    "SET PASSWORD FOR a = 'b'",
                    "CREATE USER a",
                    "CREATE OR REPLACE ROLE a",
                    "RENAME USER a TO b",
                    "GRANT ALL ON *.* TO a",
                    "CHANGE MASTER TO MASTER_LOG_POS = 4",
                    "FLUSH PRIVILEGES",
                    "SELECT 1 INTO OUTFILE '/a'",
                    "START REPLICA",
                })
        void serverWideOfMySql(String statement) throws IOException {
            assertThatStatement(Engine.MYSQL, statement, SERVER_WIDE, TAKE_OUT_OF_SERVER);
            assertThatStatement(Engine.MARIADB, statement, SERVER_WIDE, TAKE_OUT_OF_SERVER);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ALTER SYSTEM SET work_mem = '7MB'",
                    "CREATE ROLE a",
                    "DROP USER a",
                    "GRANT a TO b",
                    "REVOKE ALL ON DATABASE a FROM b",
                    "COMMENT ON DATABASE a IS 'b'",
                    "CREATE TABLESPACE a LOCATION '/b'",
                })
        void serverWideOfPostgreSql(String statement) throws IOException {
            assertThatStatement(Engine.POSTGRESQL, statement, SERVER_WIDE, TAKE_OUT_OF_SERVER);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "SET @old = @@GLOBAL.max_connections, SQL_MODE = (SELECT GLOBAL FROM t)",
                    "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ''",
                    "START TRANSACTION",
                    "INSERT INTO t SELECT global FROM u",
                })
        void butNotWhatDumpToolsOfMySqlWrite(String statement) throws IOException {
            assertThat(inspect(file(statement + ";"), Engine.MYSQL).writer()).isEqualTo(Engine.MYSQL);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CREATE USER MAPPING FOR a SERVER b",
                    "GRANT SELECT ON TABLE a TO b",
                    "COMMENT ON TABLE a IS 'b'",
                    "ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO y",
                })
        void butNotWhatPgDumpWrites(String statement) throws IOException {
            assertThat(inspect(file(statement + ";"), Engine.POSTGRESQL).writer())
                    .isEqualTo(Engine.POSTGRESQL);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\! ls", "\\. other.sql", "\\u prod", "SELECT 1 \\! ls"})
        void commandsOfMySqlsClientByLetter(String statement) throws IOException {
            String name = statement.substring(statement.indexOf('\\'), statement.indexOf('\\') + 2);
            assertThatStatement(Engine.MYSQL, statement, "the client would run the command " + name, TAKE_OUT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"source other.sql", "system ls", "SYSTEM ls", "tee log", "connect prod"})
        void commandsOfMySqlsClientByWord(String statement) throws IOException {
            assertThatStatement(Engine.MYSQL, statement, "it is a command of the client, not a statement", TAKE_OUT);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ALTER DATABASE `prod` ENCRYPTION 'Y'",
                    "ALTER DATABASE `prod` READ ONLY = 1",
                    "ALTER DATABASE CHARACTER SET latin1"
                })
        void aDatabaseThatIsChangedByItsName(String statement) throws IOException {
            assertThatStatement(Engine.MYSQL, statement, "it changes a database by its name", WITHOUT_DATABASE);
        }

        @Test
        void twoDatabasesThatAreChangedByTheirNames() throws IOException {
            String statement = "ALTER DATABASE `%s` CHARACTER SET latin1";
            Backup backup = file(statement.formatted("a") + ";\n" + statement.formatted("b") + ";\n");

            assertThatInspecting(backup, Engine.MYSQL)
                    .hasMessageStartingWith(
                            backup.name() + ", line 2: this must not run in a test's database: it changes"
                                    + " a database by its name. " + WITHOUT_DATABASE);
        }

        /** Advice for mysqldump helps nobody whose file is another tool's. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                        MYSQL      | -- phpMyAdmin SQL Dump\\n-- version 5.2.1\\nUSE `app`; | phpMyAdmin | In phpMyAdmin export the one database by the custom method
                        MYSQL      | -- Dump created by MySQL pump utility, version: 8.0.36, Linux\\nCREATE TABLE `app`.`t` (a INT); | mysqlpump | dump the database with mysqldump, without --databases
                        MARIADB    | -- Adminer 5.3.0 MariaDB 11.8.2 dump\\nUSE `app`; | Adminer | In Adminer's form for exports leave the field Database empty
                        POSTGRESQL | -- Adminer 4.8.1 PostgreSQL 17.5 dump\\n\\connect "app"; | Adminer | In Adminer's form for exports leave the field Database empty
                        MYSQL      | -- ---\\n-- Host: localhost\\n-- HeidiSQL Version: 12.6.0.6765\\nUSE `app`; | HeidiSQL | In HeidiSQL export without Drop and Create
                        MYSQL      | -- mysqldump-php https://github.com/ifsnop/mysqldump-php\\nUSE `app`; | mysqldump-php | Dump with its settings databases
                        MYSQL      | # Sequel Ace SQL dump\\nUSE `app`; | Sequel Ace | Dump with mysqldump or mariadb-dump instead
                        MYSQL      | /*\\n Navicat Premium Data Transfer\\n*/\\nUSE `app`; | Navicat | Dump with the engine's own tool instead
                        MYSQL      | -- MySQL dump 10.13  Distrib 9.7.4\\nUSE `app`; | mysqldump | Dump one database without --databases
                        MARIADB    | -- MariaDB dump 10.19\\nUSE `app`; | mariadb-dump | Dump one database without --databases
                        POSTGRESQL | -- PostgreSQL database cluster dump\\n\\connect app | pg_dumpall | pg_dumpall dumps the whole server: dump the one database with pg_dump
                        POSTGRESQL | -- PostgreSQL database dump\\n\\connect app | pg_dump | Dump one database without -C (--create)
                        """)
        void theAdviceIsForTheToolThatWroteTheFile(String engine, String script, String tool, String advice)
                throws IOException {
            Engine target = Map.of("POSTGRESQL", Engine.POSTGRESQL, "MYSQL", Engine.MYSQL, "MARIADB", Engine.MARIADB)
                    .get(engine);

            assertThatInspecting(file(script.replace("\\n", "\n")), target)
                    .hasMessageContainingAll(" (the file is from " + tool + "). ", advice);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        CREATE DATABASE prod               | it creates a database
                        DROP DATABASE prod                 | it drops a database
                        ALTER DATABASE prod OWNER TO x     | it changes a database by its name
                        \\connect prod                      | it connects to another database
                        \\c prod                            | it connects to another database
                        """)
        void ofPostgreSql(String statement, String why) throws IOException {
            assertThatStatement(Engine.POSTGRESQL, statement, why, WITHOUT_DATABASE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\\! ls",
                    "\\copy t from 'x'",
                    "\\i x",
                    "\\ir x",
                    "\\o x",
                    "\\w x",
                    "\\g |cat",
                    "\\gexec",
                    "\\cd /",
                    "\\setenv A b",
                    "\\lo_import x",
                    "SELECT 1 \\g |cat",
                    "SELECT 1 \\gexec"
                })
        void commandsOfPsql(String statement) throws IOException {
            String name = statement.substring(statement.indexOf('\\')).replaceFirst(" .*", "");
            assertThatStatement(Engine.POSTGRESQL, statement, "the client would run the command " + name, TAKE_OUT);
        }

        @Test
        void aProgramInAVariable() throws IOException {
            assertThatStatement(
                    Engine.POSTGRESQL,
                    "\\set x `ls`",
                    "the client would run the command \\set and a program",
                    TAKE_OUT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"COPY t FROM PROGRAM 'curl'", "COPY t FROM '/etc/passwd'", "COPY t TO '/tmp/x'"})
        void filesOfTheServer(String statement) throws IOException {
            assertThatStatement(
                    Engine.POSTGRESQL,
                    statement,
                    "it reads or writes a file of the server, or runs a program there",
                    "Take it out of the file: pg_dump writes COPY … FROM stdin only");
        }

        @Test
        void whatIsHarmlessPasses() throws IOException {
            String script = "\\restrict aB1\n\\set ON_ERROR_STOP on\n\\echo loading\nCREATE SCHEMA prod;\nCREATE TABLE"
                    + " prod.t (a text);\nINSERT INTO prod.t VALUES ('\\! ls; DROP DATABASE x');\n\\unrestrict aB1\n";

            assertThat(inspect(file(script), Engine.POSTGRESQL).rows()).containsEntry(table("prod", "t"), 1L);
        }

        @Test
        void aDumpThatCreatesItsDatabaseSaysWhatThatHasByDefault() {
            BackupInfo info = inspect(resource("postgresql-17-create.sql"), Engine.POSTGRESQL);
            BackupInfo without = inspect(resource("postgresql-17-full.sql"), Engine.POSTGRESQL);

            assertThat(info.database())
                    .isEqualTo(new DatabaseDefaults(
                            "ENCODING = 'UTF8' LOCALE_PROVIDER = 'libc' LOCALE = 'en_US.utf8'", List.of()));
            assertThat(info.leftOut())
                    .extracting(LeftOut::statement)
                    .containsExactly(
                            "CREATE DATABASE catalog WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc"
                                    + " LOCALE =…",
                            "ALTER DATABASE catalog OWNER TO test",
                            "\\connect catalog",
                            "REVOKE CONNECT,TEMPORARY ON DATABASE catalog FROM PUBLIC",
                            "GRANT ALL ON DATABASE catalog TO PUBLIC");
            assertThat(info.rows()).isEqualTo(without.rows());
            assertThat(without.database().isNone()).isTrue();
            assertThat(without.leftOut()).isEmpty();
        }

        private static final String CREATES = """
                DROP DATABASE IF EXISTS "Our Shop";
                CREATE DATABASE "Our Shop" WITH TEMPLATE = evil ENCODING = 'LATIN1' LC_COLLATE = 'it''s' TABLESPACE = fast;
                ALTER DATABASE "Our Shop" OWNER TO shop;
                COMMENT ON DATABASE "Our Shop" IS 'sells; things';
                ALTER DATABASE "Our Shop" SET search_path TO 'app', 'public';
                ALTER DATABASE "Our Shop" SET "TimeZone" TO 'UTC';
                ALTER DATABASE "Our Shop" SET session_preload_libraries TO '/tmp/evil.so';
                REVOKE CONNECT,TEMPORARY ON DATABASE "Our Shop" FROM PUBLIC;
                GRANT CONNECT ON DATABASE "Our Shop" TO reader;
                \\connect -reuse-previous=on "dbname='Our Shop'"
                CREATE TABLE public.t (a integer);
                """;

        @Test
        void ofItsSettingsThoseCountThatRunNothing() throws IOException {
            Backup backup = file(CREATES);
            BackupInfo info = inspect(backup, Engine.POSTGRESQL);

            assertThat(info.database())
                    .isEqualTo(new DatabaseDefaults(
                            "ENCODING = 'LATIN1' LC_COLLATE = 'it''s'",
                            List.of("search_path TO 'app', 'public'", "timezone TO 'UTC'")));
            assertThat(info.roles()).isEmpty();
            assertThat(info.leftOut()).hasSize(10);
            assertThat(new String(
                                    backup.openScript(Optional.empty(), info.leftOut())
                                            .readAllBytes(),
                                    UTF_8)
                            .strip())
                    .isEqualTo("CREATE TABLE public.t (a integer);");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        \\connect other                         | , line 12: this must not run in a test's database: it connects to another database
                        \\connect -reuse-previous=on "host='x'"  | , line 12: this must not run in a test's database: it connects to another database
                        CREATE DATABASE other;                  | , line 12: this must not run in a test's database: it creates a database
                        ALTER DATABASE other SET timezone = 'X'; | , line 12: this must not run in a test's database: it changes a database by its name
                        ALTER ROLE app IN DATABASE other SET timezone = 'X'; | , line 12: this must not run in a test's database: it changes the whole server
                        ALTER ROLE app SET timezone = 'X';       | , line 12: this must not run in a test's database: it changes the whole server
                        DROP DATABASE "Our Shop";               | , line 12: this must not run in a test's database: it drops a database
                        GRANT ALL ON DATABASE "Our Shop", other TO x; | , line 12: this must not run in a test's database: it changes the whole server
                        """)
        void anotherDatabaseIsRefused(String statement, String message) throws IOException {
            Backup backup = file(CREATES + statement + "\n");

            assertThatInspecting(backup, Engine.POSTGRESQL).hasMessageStartingWith(backup.name() + message);
        }

        @Test
        void aDatabaseThatIsDroppedAloneIsRefused() throws IOException {
            Backup backup = file("DROP DATABASE shop;\nCREATE TABLE public.t (a integer);\n");

            assertThatInspecting(backup, Engine.POSTGRESQL)
                    .hasMessageStartingWith(
                            backup.name() + ", line 1: this must not run in a test's database: it drops a database. ");
        }

        @Test
        void realDumpsOfWholeDatabases() {
            assertThatInspecting(resource("mysql-9.7-databases.sql"), Engine.MYSQL)
                    .hasMessageContaining("it creates a database");
            assertThatInspecting(resource("postgresql-17-all.sql"), Engine.POSTGRESQL)
                    .hasMessageContaining("this must not run in a test's database: it ");
        }
    }
}
