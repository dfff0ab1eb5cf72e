package io.github.metadatasnapshot.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a history table that say what was applied, by the names that Flyway has for them: {@code installed_rank},
 * {@code version}, {@code description}, {@code type}, {@code script}, {@code checksum} and {@code success}. A table of
 * another runner may lack all but {@code version}. Case does not count.
 *
 * @param names the columns in the order in which the table was created, for a dump that does not name them; those after the
 *     last that is wanted may be left out
 * @param called what the table calls a column, by Flyway's name, where the two differ
 * @param versionPrefix what stands before each version, whose own zeros at the front are left out, such as {@code 0.0.} where
 *     the table says {@code 012} and the version is {@code 0.0.12}; the empty string for nothing
 * @param versionSuffix a regular expression for what may stand behind a version and is left out, with zeros at the front of
 *     its numbers, such as {@code -\d{14}} where the table says {@code 0001.0002.0000-20220131120000} and the version is
 *     {@code 1.2.0}; the empty string for nothing
 * @param where the value that a row has in a column, if it counts; none where all rows count
 */
public record HistoryColumns(
        List<String> names,
        Map<String, String> called,
        String versionPrefix,
        String versionSuffix,
        Map<String, String> where) {

    private static final List<String> FLYWAYS =
            List.of("installed_rank", "version", "description", "type", "script", "checksum", "success");

    private static final Set<String> TRUE = Set.of("t", "true", "1", "\u0001");

    /** Flyway's own. */
    public static final HistoryColumns FLYWAY = new HistoryColumns(List.of(
            "installed_rank",
            "version",
            "description",
            "type",
            "script",
            "checksum",
            "installed_by",
            "installed_on",
            "execution_time",
            "success"));

    /** Those of a table that belongs to a history, and says nothing of versions. */
    public static final HistoryColumns NONE = new HistoryColumns(List.of());

    /** Copies the collections. */
    public HistoryColumns {
        names = List.copyOf(names);
        called = Map.copyOf(called);
        where = Map.copyOf(where);
    }

    /**
     * Creates columns of which nothing is left out behind a version.
     *
     * @param names as of the record
     * @param called as of the record
     * @param versionPrefix as of the record
     * @param where as of the record
     */
    public HistoryColumns(
            List<String> names, Map<String, String> called, String versionPrefix, Map<String, String> where) {
        this(names, called, versionPrefix, "", where);
    }

    /**
     * Creates columns that are called as Flyway calls them, of which all rows count.
     *
     * @param names the columns in the order in which the table was created
     */
    public HistoryColumns(List<String> names) {
        this(names, Map.of(), "", Map.of());
    }

    /** {@return the column that holds what Flyway has under a name; empty where the table has none} */
    public Optional<String> column(String flyway) {
        String name = called.getOrDefault(flyway, flyway);
        return names.stream().anyMatch(name::equalsIgnoreCase) ? Optional.of(name) : Optional.empty();
    }

    /** {@return the same columns, of rows that have a value in one of them} */
    HistoryColumns counting(String column, String value) {
        Map<String, String> wanted = new HashMap<>(where);
        wanted.put(column, value);
        return new HistoryColumns(names, called, versionPrefix, versionSuffix, wanted);
    }

    /** {@return the columns that are asked for, of those that the table has} */
    public List<String> read() {
        return Stream.concat(FLYWAYS.stream().flatMap(name -> column(name).stream()), where.keySet().stream())
                .distinct()
                .toList();
    }

    /**
     * Makes the rows of a history from those of the table, of which some may not count.
     *
     * @param rows the values of the columns {@link #read}, as text, {@code null} for NULL
     * @return the rows; where the table has no ranks, the lowest version is the first
     * @throws NumberFormatException if a rank, or a checksum that Flyway wrote, is no number
     */
    public List<SchemaHistory.Row> rows(List<Map<String, @Nullable String>> rows) {
        List<SchemaHistory.Row> counted = new ArrayList<>();
        for (Map<String, @Nullable String> each : rows) {
            if (where.entrySet().stream().allMatch(wanted -> wanted.getValue().equals(each.get(wanted.getKey())))) {
                counted.add(row(each));
            }
        }
        if (column("installed_rank").isPresent()) {
            return counted;
        }
        counted.sort(Comparator.comparing(row -> Version.isVersion(String.valueOf(row.version()))
                ? Version.of(String.valueOf(row.version()))
                : Version.of("0")));
        return IntStream.range(0, counted.size())
                .mapToObj(i -> counted.get(i).withRank(i + 1))
                .toList();
    }

    private SchemaHistory.Row row(Map<String, @Nullable String> values) {
        String version = value("version", values);
        String checksum = value("checksum", values);
        return new SchemaHistory.Row(
                column("installed_rank").isEmpty() ? 0 : Integer.parseInt(text("installed_rank", values)),
                version == null ? null : version(version),
                text("description", values),
                column("type").isEmpty() ? "SQL" : text("type", values),
                text("script", values),
                checksum == null || !(names.equals(FLYWAY.names) || isInteger(checksum))
                        ? null
                        : Integer.valueOf(checksum),
                column("success").isEmpty()
                        || TRUE.contains(text("success", values).toLowerCase(Locale.ROOT)));
    }

    private String version(String text) {
        String version = versionSuffix.isEmpty()
                ? text
                : text.replaceFirst("(?:" + versionSuffix + ")$", "").replaceAll("(?<!\\d)0+(?=\\d)", "");
        return versionPrefix.isEmpty() ? version : versionPrefix + version.replaceFirst("^0+(?=\\d)", "");
    }

    /** Others have checksums that are no numbers, or bigger ones: these are none that could be compared. */
    private static boolean isInteger(String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private @Nullable String value(String flyway, Map<String, @Nullable String> values) {
        return column(flyway).map(values::get).orElse(null);
    }

    private String text(String flyway, Map<String, @Nullable String> values) {
        String value = value(flyway, values);
        return value == null ? "" : value;
    }
}
