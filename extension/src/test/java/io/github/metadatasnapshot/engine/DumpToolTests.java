package io.github.metadatasnapshot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DumpToolTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgresql | pg_dump (PostgreSQL) 17.5 (Debian 17.5-1.pgdg120+1)                        | 17.5
                    postgresql | pg_dump (PostgreSQL) 9.6.24                                                | 9.6.24
                    postgresql | pg_dump (PostgreSQL) 18beta1                                               | 18
                    mysql      | mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))                      | 9.7.4
                    mysql      | mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)   | 8.0.36
                    mysql      | mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)                    | 5.7.44
                    mysql      | mysqldump  Ver 10.19 Distrib 10.6.12-MariaDB, for debian-linux-gnu (x86_64)|
                    mysql      | mysqldump from 11.8.6-MariaDB, client 10.19 for debian-linux-gnu (x86_64)  |
                    mariadb    | mariadb-dump from 11.8.6-MariaDB, client 10.19 for debian-linux-gnu        | 11.8.6
                    mariadb    | mariadb-dump  Ver 10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu      | 10.11.6
                    mariadb    | sh: mariadb-dump: not found                                                |
                    """)
    void readsItsVersion(String engine, String printed, String version) {
        assertThat(tool(engine).version(printed)).isEqualTo(Optional.ofNullable(version));
    }

    private static DumpTool tool(String engine) {
        return Engine.ofImage(engine.replace("postgresql", "postgres"))
                .orElseThrow()
                .dumpTool();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql, 18.0, 17.12, true",
        "postgresql, 17.12, 17.5, false",
        "mysql, 9.7.4, 8.4.9, true",
        "mysql, 8.4.9, 8.4.1, false",
        "mariadb, 11.8.1, 10.11.8, true",
        "mariadb, 10.11.1, 11.8.6, false"
    })
    void isNewerByRelease(String engine, String version, String serverVersion, boolean newer) {
        assertThat(tool(engine).isNewer(version, serverVersion)).isEqualTo(newer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mysql | mysqldump: Error: 'SELECT command denied to user 'u'@'h' for table 'column_masking_policy'' when trying to dump masking policies | true
            mysql | mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s) for this operation' when trying to dump tablespaces | false
            mysql | mysqldump: Error: 'SELECT command denied to user 'u'@'h' for table 'team'' when trying to dump masking policies | false
            mysql | mysqldump: Couldn't execute 'SHOW FUNCTION STATUS WHERE Db = 'c'': execute command denied (1370) | false
            postgresql | pg_dump: error: permission denied for table column_masking_policy | false
            """, quoteCharacter = '"')
    void anErrorIsAboutTheServerOrNot(String engine, String line, boolean aboutServer) {
        assertThat(tool(engine).isError(line)).isTrue();
        assertThat(tool(engine).isAboutServer(line)).isEqualTo(aboutServer);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql, 13.3, 13.20, ",
        "postgresql, 17.1, 17.5, ",
        "postgresql, 18.0, 13.1, ",
        "postgresql, 13.2, 13.2, 'pg_dump 13.2 is too old: capture with 13.3 or later (with postgres:17, for instance)'",
        "postgresql, 16.9, 17.0, 'pg_dump 16.9 is older than the server, 17.0: capture with that of 17 or later'",
        "mysql, 8.3.0, 8.0.36, ",
        "mysql, 8.4.1, 8.4.9, ",
        "mysql, 8.0.36, 8.0.36, 'mysqldump 8.0.36 is too old: capture with 8.3 or later (with mysql:8.4, for instance; "
                + "earlier ones mishandle generated columns)'",
        "mysql, 8.4.0, 9.7.0, 'mysqldump 8.4.0 is older than the server, 9.7.0: capture with that of 9.7 or later'",
        "mariadb, 11.8.1, 11.8.6, ",
        "mariadb, 10.11.1, 11.8.6, 'mariadb-dump 10.11.1 is older than the server, 11.8.6: capture with that of 11.8 or"
                + " later'"
    })
    void isTooOldOrNot(String engine, String version, String serverVersion, String reason) {
        assertThat(tool(engine).whyUnfit(version, serverVersion)).isEqualTo(Optional.ofNullable(reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysqldump: Error: 'Access denied; you need PROCESS' when trying to dump tablespaces",
                "mysqldump: Couldn't execute 'SHOW EVENTS': Access denied (1044)",
                "mysqldump: Got error: 1045: Access denied when trying to connect",
                "/usr/bin/mysqldump: unknown option '--x'"
            })
    void toldFromWarnings(String line) {
        assertThat(DumpTool.MYSQLDUMP.isError(line)).isTrue();
        assertThat(DumpTool.MARIADB_DUMP.isError(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysqldump: [Warning] Using a password on the command line interface can be insecure.",
                "Warning: A partial dump from a server that has GTIDs will by default include the GTIDs",
                "mysqldump: Deprecated program name. It will be removed in a future release, use 'mariadb-dump' instead"
            })
    void warningsAreNoErrors(String line) {
        assertThat(DumpTool.MYSQLDUMP.isError(line)).isFalse();
        assertThat(DumpTool.MARIADB_DUMP.isError(line)).isFalse();
    }

    @Test
    void ofPgDumpToo() {
        assertThat(DumpTool.PG_DUMP.isError("pg_dump: error: query failed")).isTrue();
        assertThat(DumpTool.PG_DUMP.isError("pg_dump: warning: there are circular foreign-key constraints"))
                .isFalse();
        assertThat(DumpTool.PG_DUMP.isError("pg_dump: Consider using a full dump instead"))
                .isFalse();
    }

    @Test
    void namesNoPassword() {
        assertThat(DumpTool.PG_DUMP.command("h", 1, "u", "d", true, List.of("--x")))
                .startsWith("pg_dump", "--host=h", "--port=1", "--username=u")
                .endsWith("--data-only", "--x", "d");
        assertThat(Engine.MYSQL.toolImage("9.7.1")).isEqualTo("mysql:9.7");
        assertThat(Engine.POSTGRESQL.toolImage("17.5")).isEqualTo("postgres:17");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jdbc:postgresql://localhost:1/db            | localhost | 1
                    jdbc:postgresql://db.example/x?ssl=true     | db.example| 5432
                    jdbc:postgresql://[::1]:7/db                | ::1       | 7
                    jdbc:postgresql:db                          | localhost | 5432
                    jdbc:mysql://u:p@h:3/db                     | h         | 3
                    jdbc:mysql://one:1,two:2/db                 | one       | 1
                    jdbc:mariadb://h                            | h         | 3306
                    jdbc:postgresql:///db                       | localhost | 5432
                    """)
    void readsAnAddress(String url, String host, int port) {
        assertThat(Engine.ofJdbcUrl(url).orElseThrow().address(url))
                .isEqualTo(InetSocketAddress.createUnresolved(host, port));
    }

    @Test
    void refusesOtherUrls() {
        assertThatThrownBy(() -> Engine.MYSQL.address("jdbc:mysql://address=(host=x)(port=1)/db"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:mysql://host:port/database");
    }
}
