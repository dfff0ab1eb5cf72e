package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class FrozenShapeTests {

    private static final String TEXT = """
            # Shape of version 1.2 on PostgreSQL 17
            # Written by Metadata Snapshot. A released version does not change, and neither does this file.

            column: person.id
                integer NOT NULL

            routine: nothing()
                CREATE FUNCTION nothing() RETURNS void
                BEGIN

                  -- nothing
                END

            schema: other
            """;

    private static FrozenShape shape(SchemaObject... objects) {
        return new FrozenShape("PostgreSQL", "17", "1.2", Shape.of(List.of(objects)));
    }

    @Test
    void isAParagraphForEachObject() {
        FrozenShape shape = shape(
                new SchemaObject("schema", "other", ""),
                new SchemaObject(
                        "routine",
                        "nothing()",
                        "CREATE FUNCTION nothing() RETURNS void\r\nBEGIN  \n\n  -- nothing\nEND\n"),
                new SchemaObject("column", "person.id", "integer NOT NULL"));

        assertThat(shape.text()).isEqualTo(TEXT);
        assertThat(FrozenShape.parse(TEXT)).isEqualTo(shape);
    }

    @Test
    void whatEditorsAndGitDoToLineEndsDoesNotCount() {
        assertThat(FrozenShape.parse(TEXT.replace("\n", " \r\n"))).isEqualTo(FrozenShape.parse(TEXT));
    }

    @Test
    void aDamagedFileIsAnErrorWithTheLine() {
        assertThatThrownBy(() -> FrozenShape.parse("column: person.id\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 1 does not say of which version the shape is, on which database");
        assertThatThrownBy(() -> FrozenShape.parse("")).hasMessageStartingWith("line 1 does not say");
        assertThatThrownBy(() -> FrozenShape.parse(TEXT.replace("column: ", "<<<<<<< ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 4 is not of the form 'kind: name': <<<<<<< person.id");
        assertThatThrownBy(() -> FrozenShape.parse(TEXT.replace("    integer", "  integer")))
                .hasMessage("line 5 is not of the form 'kind: name':   integer NOT NULL");
        assertThatThrownBy(() -> FrozenShape.parse(TEXT + "\nschema: other\n"))
                .hasMessage("There are two of schema other");
    }

    @Nested
    @RequiresDocker
    class OnEveryEngine {

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void everyObjectIsWrittenAndReadAndStaysTheSame(String image) throws Exception {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase one = RichSchema.create(server);
                    TestDatabase other = RichSchema.create(server)) {
                FrozenShape frozen = frozen(one);

                assertThat(frozen(other).text()).isEqualTo(frozen.text()).doesNotContain(one.name());
                assertThat(FrozenShape.parse(frozen.text())).isEqualTo(frozen);
                assertThat(frozen.shape().objects()).hasSameSizeAs(read(one).objects());
            }
        }

        private static Shape read(TestDatabase database) throws Exception {
            try (Connection connection = database.open()) {
                return Shape.read(connection, database.engine());
            }
        }

        private static FrozenShape frozen(TestDatabase database) throws Exception {
            return new FrozenShape(
                    database.engine().displayName(),
                    database.engine().release(database.server().version()),
                    "1",
                    read(database));
        }
    }
}
