package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportJsonTests {

    @TempDir
    private Path directory;

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("report.json"), ReportJson.write(Reports.catalog()));

        assertThat(ReportJson.read(file)).isEqualTo(Reports.catalog());
    }

    @Test
    void aCellIsALineWithAllThatIsKnownOfIt() {
        String json = ReportJson.write(Reports.of(Reports.restore(
                "postgres:17", "1.2", "1.3", Result.FAILED, "SILENTLY_ACCEPTED", "accepted </script>")));

        assertThat(json.lines())
                .contains(
                        "  \"startedAt\": \"2026-03-04T05:06:07Z\",",
                        "  \"versions\": [\"1.2\",\"1.3\"],",
                        "    {\"database\":\"postgres:17\",\"check\":\"cross-version-restore\",\"from\":\"1.2\",\"to\":\"1.3\","
                                + "\"procedure\":\"psql, strict\",\"result\":\"failed\",\"verdict\":\"SILENTLY_ACCEPTED\",\"cause\":null,"
                                + "\"expected\":null,\"because\":\"\",\"millis\":215,\"message\":\"accepted </script>\",\"failures\":[],\"checks\":[],"
                                + "\"errors\":[],\"differences\":[],\"migrations\":[]}");
    }

    @Test
    void theSchemaDescribesWhatIsWritten() throws IOException {
        assertThat(violations(ReportJson.write(Reports.catalog()))).isEmpty();
        assertThat(violations(ReportJson.write(Reports.of()))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "result":"passed"   | "result":"ok"      | does not have a value in the enumeration
                    "millis":           | "time":            | required property 'millis' not found
                    "verdict":"REFUSED" | "verdict":"No"     | does not have a value in the enumeration
                    "tests":2           | "tests":0          | must have a minimum value of 1
                    report/1            | report/2           | must be the constant value 'metadata-snapshot-report/1'
                    """)
    void theSchemaRefusesAnythingElse(String written, String changed, String violation) throws IOException {
        String json = ReportJson.write(Reports.catalog());

        assertThat(json).contains(written);
        assertThat(violations(json.replaceFirst(Pattern.quote(written), changed)))
                .anyMatch(message -> message.contains(violation));
    }

    private static List<String> violations(String json) throws IOException {
        try (InputStream file = ReportJson.class.getResourceAsStream("report.schema.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(file.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
            return schema.validate(json, InputFormat.JSON).stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                          | is not a report of Metadata Snapshot: it lacks "format": "metadata-snapshot-report/1". Name the report.json, or the directory that it is in
                    {"tests": 3}                                | is not a report of Metadata Snapshot: it lacks "format"
                    <testsuite/>                                | is not a report of Metadata Snapshot, or is cut off: Expected BEGIN_OBJECT but was STRING at line 1 column 1
                    {"format": "metadata-snapshot-report/2"}    | has the format 'metadata-snapshot-report/2', and this version knows metadata-snapshot-report/1 only: read it with the version
                    {"format": "metadata-snapshot-report/1"}    | it lacks "notRun"
                    {"format": "metadata-snapshot-report/1", "ce | or is cut off: Unterminated string at line 1 column 45
                    {"format": "metadata-snapshot-report/1", "notRun": [null]} | it lacks "notRun"
                    """)
    void whatIsNoReportIsToldByItsName(String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("shard.json"), content);

        assertThatThrownBy(() -> ReportJson.read(file))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith(file + " ")
                .hasMessageContaining(message);
    }

    @Test
    void aResultThatIsNoneIsToldWithThoseThatAre() throws IOException {
        String json = ReportJson.write(Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.PASSED, "")));
        Path file = Files.writeString(directory.resolve("report.json"), json.replace("\"passed\"", "\"green\""));

        assertThatThrownBy(() -> ReportJson.read(file))
                .hasMessageContaining("\"result\" is 'green', and it takes passed, failed, inconclusive, not-run");
    }
}
