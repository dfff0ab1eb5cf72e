package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.testsupport.Exhaustive;
import io.github.metadatasnapshot.testsupport.MadeUpProduct;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Sound products raise no alarm: all of what an engine's manual has, in products that are made up, and some by hand. */
@RequiresDocker
@Execution(ExecutionMode.SAME_THREAD)
class ProductsTests {

    private static final Path DIRECTORY = Path.of("target", "products");

    private static final List<String> IMAGES =
            List.of("postgres:17", "mysql:9.7", "mariadb:11.8", "postgres:18", "postgres:13");

    /** The place of the migrations and backups of one product after the other. */
    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7", "mariadb:11.8"},
            backups = "target/products/{version}.sql",
            locations = "filesystem:target/products/sql")
    static class ProductTestCases implements UpgradeContract, RestoreContract {}

    /** One product on one server a day, with some of those by hand in it. */
    static Stream<Arguments> products() {
        int pieces = Sample.exhaustive() ? 60 : 12;
        return Sample.of(IMAGES, 0, 1)
                .flatMap(image -> Sample.seeds(0, 1, 10).mapToObj(seed -> Arguments.of(image, seed, pieces)));
    }

    @ParameterizedTest
    @MethodSource("products")
    void ofPiecesAreProven(String image, long seed, int pieces) throws Exception {
        DatabaseServer server = TestServers.container(image);

        assertProven(server, MadeUpProduct.of(server, seed, pieces), seed % 2 == 0);
    }

    @ParameterizedTest
    @Exhaustive
    @ValueSource(strings = {"postgres:17", "mysql:9.7"})
    void byHandAreProven(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);

        assertProven(server, new MadeUpProduct(MadeUpProduct.byHand(server)), false);
    }

    private static void assertProven(DatabaseServer server, MadeUpProduct product, boolean dataOnly)
            throws IOException {
        Path migrations = DIRECTORY.resolve("sql");
        product.writeTo(migrations, server.engine());
        Migrator migrator = new Scripts(migrations).migrator(server.engine());
        for (int version = 1; version <= MadeUpProduct.VERSIONS; version++) {
            Path file = DIRECTORY.resolve(version + ".sql");
            try (TestDatabase database =
                    new Snapshot(migrator, Optional.of("" + version), Optional.empty()).create(server)) {
                product.use(database, version);
                SnapshotCapture capture = SnapshotCapture.from(database);
                (dataOnly ? capture.dataOnly() : capture).to(file);
            }
        }
        EngineExecutionResults results = TestKit.run(
                ProductTestCases.class,
                Map.of(
                        Settings.DATABASES,
                        server.spec().toString(),
                        Settings.PROVIDER,
                        "container",
                        Settings.STORAGE,
                        System.getProperty(Settings.STORAGE, "disk"),
                        Settings.REQUIRE,
                        "true"));

        List<String> failures = results.allEvents().failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName() + ": "
                        + event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .map(Throwable::getMessage)
                                .orElse(""))
                .toList();
        assertThat(String.join("\n\n", failures))
                .as(
                        "%s, a %s backup of a sound product of\n%s",
                        server.spec(), dataOnly ? "data-only" : "full", product.describe())
                .isEmpty();
        assertThat(results.testEvents().succeeded().count()).isGreaterThanOrEqualTo(MadeUpProduct.VERSIONS * 3);
    }
}
