package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments around the body of a captured backup, in ASCII:
 *
 * <pre>
 * -- metadata-snapshot capture 1
 * -- metadata-snapshot engine postgresql 17.5
 * -- metadata-snapshot tool pg_dump 17.5
 * -- metadata-snapshot kind FULL
 * -- metadata-snapshot version 1.2
 * -- metadata-snapshot history public.flyway_schema_history
 * -- metadata-snapshot date 2024-05-01T10:00:00Z
 * -- metadata-snapshot migration 1.2 -1480273311 add+authors
 *  (the guard)
 * -- metadata-snapshot body
 *  (what the dump tool wrote, and a line break)
 * -- metadata-snapshot footer 1
 * -- metadata-snapshot rows 3 public.author
 * -- metadata-snapshot body 51324 sha256 9f86d081884c7d65…
 * </pre>
 */
final class CaptureText {

    static final String MARK = "-- metadata-snapshot ";
    static final String CAPTURE = "capture ";
    static final String BODY = "body";
    static final String FOOTER = "footer ";
    private static final String FORMAT = "1";

    /**
     * What stands after the body.
     *
     * @param rows the rows of each table
     * @param head the hash of header and guard in lower-case hexadecimal
     * @param bytes the length of the body
     * @param sha256 its hash in lower-case hexadecimal
     */
    record Footer(SortedMap<TableName, Long> rows, String head, long bytes, String sha256) {}

    /** A line is not what it should be. The message goes on from the file's name. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    private CaptureText() {}

    static String header(CaptureInfo info) {
        StringBuilder text = new StringBuilder();
        line(text, CAPTURE + FORMAT);
        line(text, "engine " + info.engine().id() + " " + info.serverVersion());
        line(text, "tool " + info.tool() + " " + info.toolVersion());
        line(text, "kind " + info.kind());
        line(text, "version " + info.version());
        line(text, "history " + encode(info.historyTable()));
        line(text, "date " + info.date());
        for (CaptureInfo.Migration migration : info.migrations()) {
            String version = migration.version();
            Integer checksum = migration.checksum();
            line(
                    text,
                    "migration " + (version == null ? "repeatable" : encode(version)) + " "
                            + (checksum == null ? "none" : checksum)
                            + (migration.description().isEmpty() ? "" : " " + encode(migration.description())));
        }
        return text.toString();
    }

    static String bodyMark() {
        return MARK + BODY + "\n";
    }

    /** {@return the hash of all that stands before the body, without the last line break} */
    static String head(String preamble) {
        byte[] bytes = preamble.stripTrailing().getBytes(US_ASCII);
        Sha256 hash = new Sha256();
        hash.update(bytes, 0, bytes.length);
        return hash.hex();
    }

    /** {@return the footer, whose first character ends the body} */
    static String footer(Footer footer) {
        StringBuilder text = new StringBuilder("\n");
        line(text, FOOTER + FORMAT);
        footer.rows().forEach((table, rows) -> line(text, "rows " + rows + " " + encode(table)));
        line(text, "head sha256 " + footer.head());
        line(text, "body " + footer.bytes() + " sha256 " + footer.sha256());
        return text.toString();
    }

    private static void line(StringBuilder text, String content) {
        text.append(MARK).append(content).append('\n');
    }

    static CaptureInfo readHeader(List<String> lines) throws UnreadableException {
        Lines header = new Lines("header", lines);
        String format = header.next("capture (\\d+)").group(1);
        refuseOtherFormat(format);
        Matcher engine = header.next("engine (" + engines() + ") (\\d[\\d.]*)");
        Matcher tool = header.next("tool ([\\w-]+) (\\d[\\d.]*)");
        Matcher kind = header.next("kind (FULL|DATA_ONLY)");
        Matcher version = header.next("version (\\S+)");
        Matcher history = header.next("history (\\S*\\.\\S+)");
        Instant date;
        try {
            date = Instant.parse(header.next("date (\\S+Z)").group(1));
        } catch (DateTimeException e) {
            throw new UnreadableException("has a header whose date is none: " + e.getMessage());
        }
        List<CaptureInfo.Migration> migrations = new ArrayList<>();
        while (header.hasNext()) {
            Matcher migration = header.next("migration (\\S+) (none|-?\\d{1,10})(?: (\\S+))?");
            String checksum = migration.group(2);
            try {
                migrations.add(new CaptureInfo.Migration(
                        migration.group(1).equals("repeatable") ? null : decode(migration.group(1)),
                        migration.group(3) == null ? "" : decode(migration.group(3)),
                        checksum.equals("none") ? null : Integer.valueOf(checksum)));
            } catch (NumberFormatException e) {
                throw new UnreadableException("has a header with a checksum that is none: " + checksum);
            }
        }
        return new CaptureInfo(
                Engine.ALL.stream()
                        .filter(known -> known.id().equals(engine.group(1)))
                        .findFirst()
                        .orElseThrow(),
                engine.group(2),
                tool.group(1),
                tool.group(2),
                BackupInfo.Kind.valueOf(kind.group(1)),
                version.group(1),
                table(history.group(1)),
                date,
                migrations);
    }

    private static String engines() {
        return String.join("|", Engine.ALL.stream().map(Engine::id).toList());
    }

    private static void refuseOtherFormat(String format) throws UnreadableException {
        if (!format.equals(FORMAT)) {
            throw new UnreadableException("was captured by another release of Metadata Snapshot, in format " + format
                    + ", and this one reads " + FORMAT + " only: use a later release");
        }
    }

    static Footer readFooter(List<String> lines) throws UnreadableException {
        Lines footer = new Lines("footer", lines);
        refuseOtherFormat(footer.next("footer (\\d+)").group(1));
        SortedMap<TableName, Long> rows = new TreeMap<>();
        while (footer.peek().startsWith("rows ")) {
            Matcher row = footer.next("rows (\\d{1,18}) (\\S*\\.\\S+)");
            rows.put(table(row.group(2)), Long.valueOf(row.group(1)));
        }
        String head = footer.next("head sha256 ([0-9a-f]{64})").group(1);
        Matcher body = footer.next("body (\\d{1,18}) sha256 ([0-9a-f]{64})");
        if (footer.hasNext()) {
            throw new UnreadableException("has a footer that does not end after its hash: '" + footer.peek() + "'");
        }
        return new Footer(rows, head, Long.parseLong(body.group(1)), body.group(2));
    }

    /** A name in which no white space and no dot is left. */
    private static String encode(String name) {
        return URLEncoder.encode(name, UTF_8).replace(".", "%2E");
    }

    private static String encode(TableName table) {
        return encode(table.schema()) + "." + encode(table.name());
    }

    private static String decode(String text) throws UnreadableException {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("has a name in its header or footer that cannot be read: '" + text + "'");
        }
    }

    private static TableName table(String text) throws UnreadableException {
        int dot = text.indexOf('.');
        return new TableName(decode(text.substring(0, dot)), decode(text.substring(dot + 1)));
    }

    /** The lines of a header or a footer, without the mark. */
    private static final class Lines {

        private final String what;
        private final Iterator<String> lines;
        private String next = "";

        Lines(String what, List<String> lines) {
            this.what = what;
            this.lines = lines.iterator();
            advance();
        }

        private void advance() {
            next = lines.hasNext() ? lines.next() : "";
        }

        boolean hasNext() {
            return !next.isEmpty();
        }

        String peek() {
            return next;
        }

        Matcher next(String pattern) throws UnreadableException {
            Matcher matcher = Pattern.compile(pattern).matcher(next);
            if (!matcher.matches()) {
                throw new UnreadableException("has a " + what + " that cannot be read at '"
                        + (next.length() > 100 ? next.substring(0, 100) + "…" : next)
                        + "': it was altered. Capture again, or take the file from where it was captured");
            }
            advance();
            return matcher;
        }
    }
}
