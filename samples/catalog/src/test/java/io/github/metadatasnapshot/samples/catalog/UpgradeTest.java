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

/**
 * Every released version, with the data that its users had, upgrades to the current release: every value is kept, but for
 * what a release meant to change, and the server runs on it. The rest is proven by {@link CatalogCompatibilityTest}.
 */
@CatalogSnapshot
class UpgradeTest {

    private static void upgrade(MetadataDatabase database) {
        assertThat(database.migrateTo("2.0"))
                .succeeded()
                .renamed("user_account.fullname", "user_account.display_name")
                .renamed("user_account.bio", "user_profile.bio")
                .renamed("user_account.time_zone", "user_profile.time_zone")
                .renamed("user_account.born_on", "user_profile.born_on")
                .renamed("user_account.avatar", "user_profile.avatar")
                .renamed("lineage_edge.note", "lineage_edge.description")
                .except("tag.description", "1.1 writes one where there was none")
                .except("tag.name", "1.4 calls personal data PII")
                .except("tag.fqn", "1.4 calls personal data PII")
                .except("user_account.email", "1.4 spells addresses as sign-on does")
                .except("data_asset.document", "1.4 has one word for each tier")
                .except("data_asset.version", "counts the changes of a document")
                .except("asset_tag.label_type", "1.4 has a word of its own for what was derived")
                .except("data_service.connection_config", "1.11 writes host and port apart")
                .except("policy.rules", "1.11 splits the operation View")
                .except("setting.content", "1.11 takes the theme of the system")
                .except("lineage_edge.note", "1.11 has no empty notes")
                .except("data_asset.owner_email", "2.0 has owners with accounts only")
                .keptEveryRow()
                .keptEveryValue();
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
