package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.utility.DockerImageName;

class ServerSpecTests {

    private static final String DIGEST = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "postgres:17, 17",
        "postgres:17.5-alpine3.21, 17.5",
        "library/mysql:8.4, 8.4",
        "docker.io/mariadb:11.8-noble, 11.8",
        "docker.io/library/postgres:18beta1, 18",
        "index.docker.io/library/postgres:18, 18",
        "public.ecr.aws/docker/library/mysql:9.7, 9.7",
        "mirror.example:5000/library/postgres:16, 16"
    })
    void theTagOfAnOfficialImageIsItsVersion(String image, String version) {
        assertThat(ServerSpec.parse(image).version()).hasValue(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timescale/timescaledb:2.26.0-pg17",
                "pgvector/pgvector:0.8.0-pg17",
                "pgvector/pgvector:pg17",
                "postgis/postgis:17-3.5",
                "registry.example/metadata:3 as postgres",
                "registry.example/base/mysql:5",
                "localhost:5000/postgres:2",
                "mysql/mysql-server:8.0",
                "percona:8.0",
                "bitnami/mariadb:11",
                "postgres",
                "postgres:latest",
                "postgres:alpine",
                "mysql:lts",
                "mariadb:lts-noble",
                "postgres" + DIGEST
            })
    void everyOtherImagesServerTellsItself(String image) {
        ServerSpec spec = ServerSpec.parse(image);

        assertThat(spec.version()).isEmpty();
        assertThat(spec.accepts("17.5")).isTrue();
    }

    @Test
    void aDigestStandsForTheImageAlsoBehindATag() {
        ServerSpec spec = ServerSpec.parse("postgres:17" + DIGEST);

        assertThat(spec.version()).hasValue("17");
        assertThat(spec.reference()).isEqualTo("postgres" + DIGEST);
        assertThat(DockerImageName.parse(spec.reference()).asCanonicalNameString())
                .isEqualTo("postgres" + DIGEST);
        assertThat(ServerSpec.parse("localhost:5000/postgres:17").reference()).isEqualTo("localhost:5000/postgres:17");
        assertThat(ServerSpec.parse("localhost:5000/metadata:3" + DIGEST + " as mysql")
                        .reference())
                .isEqualTo("localhost:5000/metadata" + DIGEST);
    }
}
