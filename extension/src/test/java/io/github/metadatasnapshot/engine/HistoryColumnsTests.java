package io.github.metadatasnapshot.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the rows of a history that is not Flyway's. */
class HistoryColumnsTests {

    @ParameterizedTest(name = "{0} is {3}")
    @CsvSource({
        "1.2.0, '', '', 1.2.0",
        "012, 0.0., '', 0.0.12",
        "0001.0010.0000-20220131120000, '', '-\\d{14}', 1.10.0",
        "0001.0010.0000, '', '-\\d{14}', 1.10.0",
        "3.1.10, '', '-\\d{14}', 3.1.10",
        "0007-rc, 1., '-rc|-beta', 1.7",
        // It is no version, and does not count as one.
        "0001.0010.0000-next, '', '-\\d{14}', 1.10.0-next"
    })
    void aVersionIsReadWithoutWhatStandsAroundIt(String written, String prefix, String suffix, String version) {
        HistoryColumns columns = new HistoryColumns(List.of("version"), Map.of(), prefix, suffix, Map.of());
        assertThat(columns.rows(List.of(Map.of("version", written))))
                .extracting(SchemaHistory.Row::version)
                .containsExactly(version);
    }

    @Test
    void rowsThatDoNotCountAreLeftOut() {
        HistoryColumns columns =
                new HistoryColumns(List.of("version", "status"), Map.of(), "", Map.of("status", "DONE"));
        List<SchemaHistory.Row> rows = columns.rows(List.of(
                Map.of("version", "1.9", "status", "DONE"),
                Map.of("version", "1.11", "status", "FAILED"),
                Map.of("version", "1.10", "status", "DONE")));
        assertThat(new SchemaHistory(rows).version()).contains(Version.of("1.10"));
        assertThat(rows).extracting(SchemaHistory.Row::version).containsExactly("1.9", "1.10");
    }
}
