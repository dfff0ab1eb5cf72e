package io.github.metadatasnapshot.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header of captured backups, as it is written and read. */
class CaptureTextTests {

    private static CaptureInfo info(String schema, CaptureInfo.Migration... migrations) {
        return new CaptureInfo(
                Engine.MYSQL,
                "9.7.0",
                "mysqldump",
                "9.7.0",
                BackupInfo.Kind.DATA_ONLY,
                "1.2",
                new TableName(schema, "change log"),
                Instant.parse("2024-05-01T10:00:00Z"),
                List.of(migrations));
    }

    private static List<String> lines(CaptureInfo info) {
        // As from a file, of which an editor may have taken the white space at the ends of lines.
        return CaptureText.header(info)
                .lines()
                .map(line -> line.replaceFirst("^" + Pattern.quote(CaptureText.MARK), "")
                        .stripTrailing())
                .toList();
    }

    private static CaptureInfo read(CaptureInfo info) {
        try {
            return CaptureText.readHeader(lines(info));
        } catch (CaptureText.UnreadableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHeaderSaysAllAgain() {
        CaptureInfo info = info(
                "public",
                new CaptureInfo.Migration("1.0", "first", -1480273311),
                new CaptureInfo.Migration("1.2", "add \"ünïcode\" + 100 % of it.", null),
                new CaptureInfo.Migration(null, "views", Integer.MIN_VALUE));
        assertThat(read(info)).isEqualTo(info);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(
            nullValues = "-",
            value = {"1.0, '', 7", "1.0, '', -", "1.0, ' ', -", "-, '', 7", "2024_01.1-beta, text, -"})
    void aHistoryMayLackDescriptionsAndChecksums(String version, String description, Integer checksum) {
        CaptureInfo info = info(
                "", new CaptureInfo.Migration(version, description, checksum), new CaptureInfo.Migration("2", "", 1));
        assertThat(read(info)).isEqualTo(info);
    }

    @Test
    void noLineEndsWithWhiteSpaceThatAnEditorWouldTake() {
        assertThat(CaptureText.header(info("", new CaptureInfo.Migration("1", "", null)))
                        .lines())
                .allSatisfy(line -> assertThat(line).isEqualTo(line.stripTrailing()));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            capture 1             | capture 2            | was captured by another release of Metadata Snapshot, in format 2, and this one reads 1 only: use a later release
            engine mysql 9.7.0    | engine oracle 23     | has a header that cannot be read at 'engine oracle 23': it was altered. Capture again, or take the file from where it was captured
            date 2024-05-01T10:00:00Z | date yesterdayZ | has a header whose date is none: Text 'yesterdayZ' could not be parsed at index 0
            migration 1%2E0 7 first | migration 1%2E0 7000000000 first | has a header with a checksum that is none: 7000000000
            migration 1%2E0 7 first | migration 1%2E0 7 %zz | has a name in its header or footer that cannot be read: '%zz'
            migration 1%2E0 7 first | migration 1%2E0 | has a header that cannot be read at 'migration 1%2E0': it was altered. Capture again, or take the file from where it was captured
            migration 1%2E0 7 first | migration 1%2E0 7 first draft | has a header that cannot be read at 'migration 1%2E0 7 first draft': it was altered. Capture again, or take the file from where it was captured
            """)
    void anAlteredLineIsNamed(String line, String altered, String message) {
        List<String> lines = new ArrayList<>(lines(info("", new CaptureInfo.Migration("1.0", "first", 7))));
        assertThat(lines).contains(line);
        lines.replaceAll(each -> each.equals(line) ? altered : each);
        assertThatThrownBy(() -> CaptureText.readHeader(lines))
                .isInstanceOf(CaptureText.UnreadableException.class)
                .hasMessage(message);
    }
}
