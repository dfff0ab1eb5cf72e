package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.metadatasnapshot.engine.DatabaseDefaults.CharacterSet;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER DATABASE name CHARACTER SET … COLLATE …}, which {@code mysqldump} and {@code mariadb-dump} write around a
 * routine, a trigger or an event that was created while the database had another character set: first that one, then the
 * database's own.
 *
 * @param database the name of the database
 * @param characterSet what is set
 */
record DatabaseStatement(String database, CharacterSet characterSet) {

    private static final Pattern STATEMENT = Pattern.compile(
            "(?:/\\*!\\d+ *)?ALTER +(?:DATABASE|SCHEMA) +(?<name>`(?:[^`\n]|``)+`|\\w+)"
                    + "(?: +DEFAULT)? +CHARACTER SET *=? *(?<set>\\w+)(?:(?: +DEFAULT)? +COLLATE *=? *(?<collation>\\w+))?"
                    + " *(?:\\*/)?\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME = Pattern.compile("(?i)\\b(?:DATABASE|SCHEMA) +(?<name>`(?:[^`\n]|``)+`|\\w+)");

    private static final Pattern OF_TABLE =
            Pattern.compile("\\) *ENGINE=\\w+[^)]* DEFAULT CHARSET=(?<set>\\w+)(?: COLLATE=(?<collation>\\w+))?[^)]*$");

    /** {@return the statement; empty where it is another one} */
    static Optional<DatabaseStatement> of(ScriptStatement statement) {
        Matcher matcher = STATEMENT.matcher(text(statement));
        return matcher.matches()
                ? Optional.of(new DatabaseStatement(matcher.group("name"), characterSet(matcher)))
                : Optional.empty();
    }

    /** {@return the default character set that a table is created with; empty where the statement does not say it} */
    static Optional<CharacterSet> characterSetOfTable(ScriptStatement statement) {
        Matcher matcher = OF_TABLE.matcher(text(statement));
        return matcher.find() ? Optional.of(characterSet(matcher)) : Optional.empty();
    }

    private static CharacterSet characterSet(Matcher matcher) {
        return new CharacterSet(matcher.group("set"), Optional.ofNullable(matcher.group("collation")));
    }

    private static String text(ScriptStatement statement) {
        return new String(statement.buffer(), statement.offset(), statement.length(), ISO_8859_1).strip();
    }

    /**
     * Lets the statements of a backup be about another database.
     *
     * @param script the backup
     * @param lines the lines in which such a statement begins, from 1
     * @param name the other database, in the engine's quotes
     * @return the backup with the other name in these lines
     */
    static InputStream about(InputStream script, SortedSet<Long> lines, String name) {
        return lines.isEmpty() ? script : new Renaming(script, lines, name);
    }

    /** Reads the lines in question as a whole, and all else as it comes. */
    private static final class Renaming extends FilterInputStream {

        private static final int BUFFER_BYTES = 1 << 16;

        private final Iterator<Long> lines;
        private final String name;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int position;
        private int limit;
        private long line = 1;
        private long next;
        private byte @Nullable [] renamed;
        private int renamedFrom;

        Renaming(InputStream script, SortedSet<Long> lines, String name) {
            super(script);
            this.lines = lines.iterator();
            this.name = name;
            this.next = this.lines.next();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (renamed == null && line == next) {
                renamed = readLine();
                renamedFrom = 0;
                next = lines.hasNext() ? lines.next() : -1;
            }
            if (renamed != null) {
                int count = Math.min(length, renamed.length - renamedFrom);
                System.arraycopy(renamed, renamedFrom, target, offset, count);
                renamedFrom += count;
                if (renamedFrom == renamed.length) {
                    renamed = null;
                }
                return count;
            }
            if (!fill()) {
                return -1;
            }
            int count = 0;
            while (count < length && position < limit && line != next) {
                byte b = buffer[position++];
                target[offset + count++] = b;
                line += b == '\n' ? 1 : 0;
            }
            return count;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public int available() {
            return limit - position;
        }

        private boolean fill() throws IOException {
            if (position == limit) {
                limit = Math.max(0, in.read(buffer, 0, buffer.length));
                position = 0;
            }
            return limit > 0;
        }

        /** {@return the line with its end, with the other name} */
        private byte[] readLine() throws IOException {
            StringBuilder text = new StringBuilder();
            while (fill()) {
                char c = (char) (buffer[position++] & 0xff);
                text.append(c);
                if (c == '\n') {
                    line++;
                    break;
                }
            }
            Matcher matcher = NAME.matcher(text);
            if (matcher.find()) {
                text.replace(matcher.start("name"), matcher.end("name"), name);
            }
            return text.toString().getBytes(ISO_8859_1);
        }
    }
}
