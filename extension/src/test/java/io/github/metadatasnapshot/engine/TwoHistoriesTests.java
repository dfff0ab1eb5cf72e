package io.github.metadatasnapshot.engine;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library keeps its own Flyway's history in the product's database, in another schema and under the same name. */
class TwoHistoriesTests {

    private static final HistoryTable PRODUCTS = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    private static final String HEAD = """
        --
        -- PostgreSQL database dump
        --
        SET client_encoding = 'UTF8';
        SELECT pg_catalog.set_config('search_path', '', false);
        """;

    private static final String END = """
        --
        -- PostgreSQL database dump complete
        --
        """;

    private static String history(String schema, String version) {
        return """
            CREATE TABLE %1$s.flyway_schema_history (installed_rank integer NOT NULL);
            COPY %1$s.flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, \
            installed_on, execution_time, success) FROM stdin;
            1\t%2$s\titem\tSQL\tV%2$s__item.sql\t1\tx\t2026-01-01 00:00:00\t1\tt
            \\.
            """.formatted(schema, version);
    }

    private static Backup dump(Path directory, String... parts) throws IOException {
        return Backup.of(Files.writeString(directory.resolve("dump.sql"), HEAD + String.join("", parts) + END));
    }

    private static Optional<String> version(Backup dump, HistoryTable history) {
        return dump.inspect(Engine.POSTGRESQL, history, Optional.empty())
                .history()
                .flatMap(SchemaHistory::version)
                .map(Version::toString);
    }

    @Test
    void ofADumpTheProductsIsReadWhereverItStands(@TempDir Path directory) throws IOException {
        String library = history("library", "9");
        String own = history("public", "1");

        assertThat(version(dump(directory, library, own), PRODUCTS)).hasValue("1");
        assertThat(version(dump(directory, own, library), PRODUCTS)).hasValue("1");
        assertThat(version(dump(directory, own, library), new HistoryTable("library", HistoryTable.DEFAULT_NAME)))
                .hasValue("9");
        assertThat(version(dump(directory, library), PRODUCTS))
                .as("the only one is the product's, where its connections have another schema")
                .hasValue("9");
        assertThat(version(dump(directory, library), new HistoryTable("app", HistoryTable.DEFAULT_NAME)))
                .isEmpty();
    }

    @Test
    void ofADumpTheOtherMayBeNoHistoryAtAll(@TempDir Path directory) throws IOException {
        String other = """
                CREATE TABLE %1$s.flyway_schema_history (id integer);
                COPY %1$s.flyway_schema_history (id) FROM stdin;
                7
                \\.
                """;

        assertThat(version(dump(directory, other.formatted("library"), history("public", "1")), PRODUCTS))
                .hasValue("1");
        Backup broken = dump(directory, other.formatted("public"), history("library", "1"));
        assertThatThrownBy(() -> version(broken, PRODUCTS))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("the rows of flyway_schema_history are not those of Flyway's history table");
    }

    @Test
    void aGuardAsksTheProducts(@TempDir Path directory) throws IOException {
        dump(directory, history("library", "9"), history("public", "1"));
        Path guarded = directory.resolve("guarded.sql");

        SnapshotGuard.add(directory.resolve("dump.sql"), guarded);

        assertThat(SnapshotGuard.versionOf(guarded)).hasValue("1");
        assertThat(Files.readString(guarded)).contains("\"public\".\"flyway_schema_history\"");
    }

    @Test
    void ofADatabaseTheOthersRowsAreProvenLikeAnyOthers(@TempDir Path directory) {
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            Product product = new Product(directory)
                    .sql("V1__item.sql", "CREATE TABLE item (id integer PRIMARY KEY);")
                    .sql("V2__gone.sql", "DELETE FROM library.flyway_schema_history WHERE version = '2';");
            Upgrade.run(database, product.migrator(Engine.POSTGRESQL), Optional.of("1"));
            Library.execute(
                    database,
                    "CREATE SCHEMA library",
                    "CREATE TABLE library.flyway_schema_history AS SELECT * FROM public.flyway_schema_history",
                    "UPDATE library.flyway_schema_history SET version = '2'",
                    "ALTER TABLE library.flyway_schema_history ADD PRIMARY KEY (installed_rank)");

            Upgrade upgrade = Upgrade.run(database, product.migrator(Engine.POSTGRESQL), Optional.of("2"));

            assertThat(upgrade.from()).isEqualTo("1");
            assertThatThrownBy(() -> assertThat(upgrade).succeeded().keptEveryRow())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("library.flyway_schema_history");
            assertThat(upgrade.after().withoutHistory(PRODUCTS).digests())
                    .containsKey(new TableName("library", "flyway_schema_history"))
                    .doesNotContainKey(new TableName("public", "flyway_schema_history"));
        }
    }

    @Test
    void ofSeveralSchemasThatOfThePublicOneCountsWhereNoneIsConfigured() {
        TableName own = new TableName("public", HistoryTable.DEFAULT_NAME);
        TableName library = new TableName("library", HistoryTable.DEFAULT_NAME);
        TableName mySql = new TableName("", HistoryTable.DEFAULT_NAME);

        assertThat(PRODUCTS.among(Set.of(own, library))).containsExactly(own);
        assertThat(PRODUCTS.among(Set.of(library))).containsExactly(library);
        assertThat(PRODUCTS.among(Set.of(mySql))).containsExactly(mySql);
        assertThat(new HistoryTable("library", HistoryTable.DEFAULT_NAME).among(Set.of(own, library)))
                .containsExactly(library);
    }
}
