package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces a value in one column of one table in a dump of {@code pg_dump}, and nowhere else: not in other tables, whatever
 * their rows hold, and not in the other columns.
 *
 * @param table the table's name, without its schema
 * @param column the column
 * @param from the value to be replaced: the whole value of the column
 * @param to the value to replace it by
 */
public record RewrittenRows(String table, String column, String from, String to) {

    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|\\w+)";
    private static final Pattern COPY =
            Pattern.compile("COPY (?:" + NAME + "\\.)?" + NAME + " \\((.*)\\) FROM stdin", Pattern.DOTALL);
    private static final Pattern INSERT =
            Pattern.compile("INSERT INTO (?:" + NAME + "\\.)?" + NAME + "[\\s(].*", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile(NAME);

    /**
     * Writes the backup anew.
     *
     * @param backup a plain dump, or one in PostgreSQL's custom format
     * @param host where {@code pg_restore} runs; not used for a plain backup
     * @param target the file to write, not compressed
     * @return the new backup, under the name of the other one; empty where it holds no rows of the table
     * @throws BackupException if no row has the value, the table's rows are not written by COPY, or the backup cannot be
     *     read
     */
    public Optional<Backup> in(Backup backup, Optional<ClientHost> host, Path target) {
        try {
            Map<Long, Integer> columns = columnsByFirstRow(backup, host);
            if (columns.isEmpty()) {
                return Optional.empty();
            }
            if (rewrite(backup, host, target, columns) == 0) {
                throw failure(
                        backup,
                        "no row has it. Look into the file for what the column holds: it is the name of the"
                                + " database that was dumped");
            }
            return Optional.of(Backup.of(target, backup.name()));
        } catch (IOException e) {
            throw backup.damaged(e);
        }
    }

    private BackupException failure(Backup backup, String why) {
        return new BackupException(
                "'" + from + "' cannot be replaced in " + table + "." + column + " of " + backup.name() + ": " + why);
    }

    /** Finds where the table's rows are; what only looks like it, in a text or a function, the reader knows. */
    private Map<Long, Integer> columnsByFirstRow(Backup backup, Optional<ClientHost> host) throws IOException {
        Map<Long, Integer> columns = new HashMap<>();
        try (ScriptReader reader = new ScriptReader(backup.openScript(host), Engine.POSTGRESQL.scriptSyntax())) {
            for (ScriptStatement next = reader.next(); next != null; next = reader.next()) {
                if (next.isFollowedByRows()) {
                    Matcher copy = COPY.matcher(next.text());
                    if (copy.matches() && unquote(copy.group(2)).equals(table)) {
                        columns.put(next.lastLine() + 1, index(backup, copy.group(3)));
                    }
                } else {
                    Matcher insert = INSERT.matcher(next.excerpt());
                    if (insert.matches() && unquote(insert.group(2)).equals(table)) {
                        throw failure(
                                backup,
                                "line " + next.firstLine() + " writes rows by INSERT. Dump without --inserts and"
                                        + " --column-inserts");
                    }
                }
            }
        }
        return columns;
    }

    private int index(Backup backup, String columns) {
        List<String> names = COLUMN.matcher(columns)
                .results()
                .map(found -> unquote(found.group()))
                .collect(Collectors.toList());
        if (!names.contains(column)) {
            throw failure(backup, "the table has no such column, but " + String.join(", ", names));
        }
        return names.indexOf(column);
    }

    private static String unquote(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private long rewrite(Backup backup, Optional<ClientHost> host, Path target, Map<Long, Integer> columns)
            throws IOException {
        byte[] old = escape(from);
        byte[] replacement = escape(to);
        long rewritten = 0;
        try (InputStream in = new BufferedInputStream(backup.openScript(host));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            Integer index = null;
            long line = 1;
            for (byte[] bytes = line(in); bytes.length > 0; bytes = line(in)) {
                index = index == null ? columns.get(line) : index;
                if (index != null && Arrays.equals(bytes, "\\.\n".getBytes(UTF_8))) {
                    index = null;
                }
                int[] field = index == null ? new int[2] : field(bytes, index);
                if (index != null && Arrays.equals(Arrays.copyOfRange(bytes, field[0], field[1]), old)) {
                    out.write(bytes, 0, field[0]);
                    out.write(replacement);
                    out.write(bytes, field[1], bytes.length - field[1]);
                    rewritten++;
                } else {
                    out.write(bytes);
                }
                line++;
            }
        }
        return rewritten;
    }

    /** {@return where a field of a row begins and ends} */
    private static int[] field(byte[] row, int index) {
        int start = 0;
        for (int field = 0; ; field++) {
            int end = start;
            while (end < row.length && row[end] != '\t' && row[end] != '\n') {
                end++;
            }
            if (field == index || end == row.length) {
                return new int[] {start, end};
            }
            start = end + 1;
        }
    }

    /** {@return the next line with its line break; empty where there is none} */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    private static byte[] escape(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .getBytes(UTF_8);
    }
}
