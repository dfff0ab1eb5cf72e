package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.AfterUpgrade;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Every released version, with the data that its users had, upgrades to the current release. */
@CatalogSnapshot
class UpgradeTest {

    private static void upgrade(MetadataDatabase database) {
        assertThat(database.migrateTo("2.0")).succeeded().matchesCleanInstall().isRepeatable();
    }

    @AfterUpgrade
    void theServerServesWhatWasWrittenBefore(MetadataDatabase database) throws Exception {
        try (CatalogServer server = CatalogServer.start(0, database.jdbcUrl(), database.user(), database.password())) {
            // In every backup, since 1.0.
            assertThat(get(server, "/assets")).contains("warehouse.dwh.orders of warehouse in ");
            assertThat(get(server, "/assets/warehouse.dwh.客户")).contains("\"Kunden 👩‍👩‍👧‍👦");
        }
    }

    private static String get(CatalogServer server, String path) throws Exception {
        URI uri = server.uri().resolve(new URI(null, null, path, null).toASCIIString());
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    @MetadataSnapshot(version = "1.0")
    void from1_0(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.1")
    void from1_1(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.2")
    void from1_2(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.3")
    void from1_3(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.4")
    void from1_4(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.8")
    void from1_8(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.9")
    void from1_9(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.10")
    void from1_10(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.11")
    void from1_11(MetadataDatabase database) {
        upgrade(database);
    }
}
