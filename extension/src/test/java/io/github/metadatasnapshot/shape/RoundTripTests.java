package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database looks the same whether it was migrated or dumped and restored. */
@RequiresDocker
class RoundTripTests {

    @ParameterizedTest
    @ValueSource(strings = {"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
    void aDumpRestoresToTheSameShapeAndDigests(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase migrated = RichSchema.create(server);
                TestDatabase restored = RichSchema.dumpedAndRestored(migrated);
                TestDatabase again = RichSchema.dumpedAndRestored(restored)) {
            Shape shape = shape(migrated);

            assertThat(shape.differences(shape(restored))).isEmpty();
            assertThat(shape(restored)).isEqualTo(shape);
            assertThat(shape(again)).isEqualTo(shape);
            assertThat(digests(restored)).isNotEmpty().isEqualTo(digests(migrated));
        }
    }

    private static Shape shape(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return Shape.read(connection, database.engine());
        }
    }

    private static SortedMap<TableName, TableDigest> digests(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return database.engine().digests(connection, database.engine().tables(connection));
        }
    }
}
