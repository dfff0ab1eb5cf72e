package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.backup.ScriptStatement.Kind;
import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script for {@code psql}, {@code mysql} or {@code mariadb} into its statements, where the client itself would cut
 * it. Works on bytes, because a dump may hold any, and holds one statement at a time; the rows of {@code COPY … FROM
 * stdin} are not held at all.
 *
 * <p>Left out as with the client are white space, comments and empty statements between statements, and {@code DELIMITER}
 * lines. The conditional comments of MySQL and MariaDB are statements.
 */
public final class ScriptReader implements Closeable {

    /** Takes the line comments that stand between statements: dump tools write there what the file is. */
    interface CommentListener {
        void comment(String text, long line);
    }

    private static final int INITIAL_BUFFER_BYTES = 1 << 18;
    private static final int DOUBLED_UP_TO_BYTES = 1 << 24;
    private static final int LARGEST_BUFFER_BYTES = Integer.MAX_VALUE - 8;
    private static final int LONGEST_COMMENT_BYTES = 1000;

    /**
     * The first line of MariaDB's dumps, which forbids its client to run commands: no statement, to anyone. The second
     * spelling is that of the first releases which wrote it.
     */
    private static final List<String> SANDBOX_MARKS = List.of("/*m!999999\\-", "/*!999999\\-");

    private static final Pattern ROUTINE =
            Pattern.compile("create\\s+(or\\s+replace\\s+)?(function|procedure)\\s", Pattern.CASE_INSENSITIVE);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final boolean[] SINGLE_QUOTED = stops("'\n");
    private static final boolean[] SINGLE_QUOTED_WITH_ESCAPES = stops("'\n\\");
    private static final boolean[] DOUBLE_QUOTED = stops("\"\n");
    private static final boolean[] DOUBLE_QUOTED_WITH_ESCAPES = stops("\"\n\\");
    private static final boolean[] BACKTICK_QUOTED = stops("`\n");
    private static final boolean[] BLOCK_COMMENT = stops("*/\n");
    private static final boolean[] DOLLAR_QUOTED = stops("$\n");

    private final InputStream in;
    private final ScriptSettings settings;
    private final CommentListener comments;
    private final int largestBufferBytes;

    private byte[] buffer = new byte[INITIAL_BUFFER_BYTES];
    /** Where the bytes begin that must stay in the buffer. */
    private int start;

    private int position;
    private int limit;
    private boolean ended;
    private long bytesBeforeBuffer;
    private long line = 1;

    private byte[] delimiter = {';'};
    private boolean[] statementStops;
    private final boolean[] routineStops;
    private ScriptSyntax syntax;

    // Of the statement that is being read.
    private int depth;
    private int groups;
    private int metaCommand;
    private boolean routine;
    /** How many {@code BEGIN} and {@code CASE} of a SQL function's body are open. */
    private int blocks;

    // Of the COPY whose rows come next.
    private boolean inCopy;
    private boolean inRow;
    private boolean atHead;
    private long copyLine;
    private long copyRows;

    /**
     * Creates a reader.
     *
     * @param in the script, decompressed; needs no buffer of its own
     * @param syntax how the script is written
     */
    public ScriptReader(InputStream in, ScriptSyntax syntax) {
        this(in, syntax, (text, line) -> {});
    }

    ScriptReader(InputStream in, ScriptSyntax syntax, CommentListener comments) {
        this(in, syntax, comments, LARGEST_BUFFER_BYTES);
    }

    ScriptReader(InputStream in, ScriptSyntax syntax, CommentListener comments, int largestBufferBytes) {
        this.in = Objects.requireNonNull(in);
        this.syntax = syntax;
        this.comments = comments;
        this.largestBufferBytes = largestBufferBytes;
        this.settings = new ScriptSettings(syntax);
        this.statementStops = statementStops("");
        this.routineStops = statementStops("bBcCeE");
    }

    /**
     * Returns a character set in which quotes and backslashes are the bytes of ASCII.
     *
     * @param name the server's name for it, such as {@code latin1}
     * @return Java's, empty where it has none, or where a second byte of a character may be one of ASCII
     */
    public Optional<Charset> asciiBased(String name) {
        return settings.asciiBased(name);
    }

    /**
     * Reads the next statement. What is left of the rows of a {@code COPY} is skipped.
     *
     * @return the statement, {@code null} where the script ends
     * @throws UnterminatedScriptException if the script ends inside a quote, a comment or the rows of a {@code COPY}
     * @throws IOException if the stream cannot be read, or a statement is longer than 2 GB
     */
    public @Nullable ScriptStatement next() throws IOException {
        skipRows();
        if (bytesRead() == 0) {
            skipByteOrderMark();
        }
        while (findToken()) {
            if (syntax.metaCommands() && buffer[position] == '\\') {
                return metaCommandLine();
            }
            if (syntax.delimiterCommand() && delimiterCommand()) {
                continue;
            }
            if (atDelimiter()) {
                position += delimiter.length;
                continue;
            }
            return statement();
        }
        return null;
    }

    /**
     * Returns the rows of the {@code COPY … FROM stdin} that {@link #next} has returned last, without the line
     * {@code \.} that ends them.
     *
     * @return the rows, empty after any other statement; reading fails with {@link UnterminatedScriptException} where
     *     the script ends before the rows do
     */
    public InputStream copyData() {
        return new CopyData();
    }

    /** {@return the number of rows that have been read or skipped since the last {@code COPY … FROM stdin}} */
    public long copyRows() {
        return copyRows;
    }

    /**
     * Skips what is left of the rows of a {@code COPY}; does nothing where there are none.
     *
     * @throws UnterminatedScriptException if the script ends before the rows do
     * @throws IOException if the stream cannot be read
     */
    public void skipRows() throws IOException {
        while (inCopy) {
            int length = findRows(Integer.MAX_VALUE);
            position += length;
        }
    }

    /** {@return how many bytes of the script have been read: all that lie before the place where the reader stands} */
    public long bytesRead() {
        return bytesBeforeBuffer + position;
    }

    /** {@return where the statement begins that {@link #next} has returned last, as a number of bytes} */
    long statementBegin() {
        return bytesBeforeBuffer + start;
    }

    /** {@return the line in which the reader stands, from 1} */
    public long line() {
        return line;
    }

    /**
     * Closes the stream.
     *
     * @throws IOException if the stream cannot be closed
     */
    @Override
    public void close() throws IOException {
        in.close();
    }

    private ScriptStatement metaCommandLine() throws IOException {
        start = position;
        int length = lengthOfLine();
        position += length;
        int end = position;
        if (end > start && buffer[end - 1] == '\r') {
            end--;
        }
        return new ScriptStatement(
                Kind.META_COMMAND, buffer, start, end - start, line, line, 0, 0, true, false, syntax);
    }

    /** Reads a line {@code DELIMITER x}. */
    private boolean delimiterCommand() throws IOException {
        String word = "delimiter";
        if (!startsWith(word) || !ensure(word.length() + 1) || !isSpace(buffer[position + word.length()])) {
            return false;
        }
        start = position;
        int length = lengthOfLine();
        String[] words = new String(buffer, position, length, UTF_8).strip().split("\\s+", 3);
        position += length;
        if (words.length > 1) {
            delimiter = words[1].getBytes(UTF_8);
            statementStops = statementStops("");
        }
        return true;
    }

    private ScriptStatement statement() throws IOException {
        start = position;
        long firstLine = line;
        depth = 0;
        groups = 0;
        metaCommand = -1;
        blocks = 0;
        routine = syntax.dollarQuotes() && startsWith("create") && createsRoutine();
        boolean terminated = readToDelimiter();
        int end = position;
        long lastLine = line;
        if (terminated) {
            position += delimiter.length;
        } else {
            while (end > start && isSpace(buffer[end - 1])) {
                end--;
                if (buffer[end] == '\n') {
                    lastLine--;
                }
            }
        }
        boolean copy =
                terminated && end - start > 4 && syntax.copyData() && matchesAt(start, "copy") && isCopyFromStdin(end);
        ScriptStatement statement = new ScriptStatement(
                Kind.SQL,
                buffer,
                start,
                end - start,
                firstLine,
                lastLine,
                groups,
                metaCommand,
                terminated,
                copy,
                syntax);
        if (copy) {
            beginRows(firstLine);
        } else if (settings.read(statement)) {
            syntax = settings.syntax();
        }
        return statement;
    }

    /** Moves to the delimiter; returns whether there is one. */
    private boolean readToDelimiter() throws IOException {
        while (true) {
            byte[] bytes = buffer;
            boolean[] stops = routine ? routineStops : statementStops;
            int p = position;
            int end = limit;
            while (p < end && !stops[bytes[p] & 0xff]) {
                p++;
            }
            position = p;
            if (p == end) {
                if (fill()) {
                    continue;
                }
                return false;
            }
            byte c = bytes[p];
            if (c == delimiter[0] && atDelimiter() && !isInsideBlock()) {
                return true;
            }
            readStop(c);
        }
    }

    /** psql goes on after a semicolon in parentheses (as in {@code CREATE RULE}) and in the body of a SQL function. */
    private boolean isInsideBlock() {
        return syntax.dollarQuotes() && (depth > 0 || blocks > 0);
    }

    private void readStop(byte c) throws IOException {
        switch (c) {
            case '\n' -> {
                line++;
                position++;
            }
            case '\'' -> {
                boolean escapes = syntax.backslashEscapes() || followsEscapeMark();
                skipQuoted(c, escapes ? SINGLE_QUOTED_WITH_ESCAPES : SINGLE_QUOTED, "string");
            }
            case '"' -> {
                boolean name = syntax.doubleQuotedNames();
                skipQuoted(
                        c,
                        !name && syntax.backslashEscapes() ? DOUBLE_QUOTED_WITH_ESCAPES : DOUBLE_QUOTED,
                        name ? "quoted identifier" : "string");
            }
            case '`' -> {
                if (syntax.backtickQuotes()) {
                    skipQuoted(c, BACKTICK_QUOTED, "quoted identifier");
                } else {
                    position++;
                }
            }
            case '(' -> {
                if (depth++ == 0) {
                    groups++;
                }
                position++;
            }
            case ')' -> {
                if (depth > 0) {
                    depth--;
                }
                position++;
            }
            case '-' -> {
                if (atDashComment()) {
                    skipLine();
                } else {
                    position++;
                }
            }
            case '#' -> {
                if (syntax.hashComments()) {
                    skipLine();
                } else {
                    position++;
                }
            }
            case '/' -> {
                if (!ensure(2) || buffer[position + 1] != '*') {
                    position++;
                } else if (atConditionalComment()) {
                    position += 2;
                } else {
                    skipBlockComment();
                }
            }
            case '$' -> skipDollarQuoted();
            case '\\' -> {
                if (metaCommand < 0) {
                    metaCommand = position - start;
                }
                position++;
            }
            default -> {
                if (routine) {
                    readBlockWord();
                }
                position++;
            }
        }
    }

    private boolean[] statementStops(String others) {
        boolean[] stops = stops("'\"\n()-/\\" + others);
        stops['`'] = syntax.backtickQuotes();
        stops['#'] = syntax.hashComments();
        stops['$'] = syntax.dollarQuotes();
        stops[delimiter[0] & 0xff] = true;
        return stops;
    }

    private static boolean[] stops(String characters) {
        boolean[] stops = new boolean[256];
        for (int i = 0; i < characters.length(); i++) {
            stops[characters.charAt(i)] = true;
        }
        return stops;
    }

    private boolean createsRoutine() throws IOException {
        ensure(100);
        String head = new String(buffer, position, Math.min(100, limit - position), ISO_8859_1);
        return ROUTINE.matcher(head).lookingAt();
    }

    /** Counts as psql does: a heuristic of its own, since semicolons stand between BEGIN ATOMIC and END. */
    private void readBlockWord() throws IOException {
        if (depth > 0 || isIdentifierPart(before())) {
            return;
        }
        if (isWord("begin") || (blocks > 0 && isWord("case"))) {
            blocks++;
        } else if (blocks > 0 && isWord("end")) {
            blocks--;
        }
    }

    private boolean isWord(String word) throws IOException {
        return startsWith(word) && !(ensure(word.length() + 1) && isIdentifierPart(buffer[position + word.length()]));
    }

    /** {@return the byte before the position, a space at the beginning of the statement} */
    private byte before() {
        return position > start ? buffer[position - 1] : (byte) ' ';
    }

    /** Tells whether the quote at the position is that of E'…'. */
    private boolean followsEscapeMark() {
        return syntax.dollarQuotes()
                && (before() | 0x20) == 'e'
                && (position - 1 == start || !isIdentifierPart(buffer[position - 2]));
    }

    private void skipQuoted(byte quote, boolean[] stops, String what) throws IOException {
        long firstLine = line;
        position++;
        while (true) {
            byte[] bytes = buffer;
            int p = position;
            int end = limit;
            while (p < end && !stops[bytes[p] & 0xff]) {
                p++;
            }
            position = p;
            if (p == end) {
                if (!fill()) {
                    throw new UnterminatedScriptException(what, firstLine);
                }
                continue;
            }
            byte c = bytes[p];
            position++;
            if (c == '\n') {
                line++;
            } else if (c == '\\') {
                if (ensure(1)) {
                    if (buffer[position] == '\n') {
                        line++;
                    }
                    position++;
                }
            } else if (ensure(1) && buffer[position] == quote) {
                position++;
            } else {
                return;
            }
        }
    }

    private void skipDollarQuoted() throws IOException {
        if (isIdentifierPart(before())) {
            position++;
            return;
        }
        int length = 1;
        while (true) {
            if (!ensure(length + 1)) {
                position++;
                return;
            }
            byte c = buffer[position + length++];
            if (c == '$') {
                break;
            }
            if (!isIdentifierPart(c) || (length == 2 && isDigit(c))) {
                position++;
                return;
            }
        }
        long firstLine = line;
        byte[] tag = Arrays.copyOfRange(buffer, position, position + length);
        position += length;
        while (true) {
            moveToStop(DOLLAR_QUOTED, "dollar-quoted string", firstLine);
            if (buffer[position] == '\n') {
                line++;
                position++;
            } else if (matches(tag)) {
                position += length;
                return;
            } else {
                position++;
            }
        }
    }

    private void skipBlockComment() throws IOException {
        long firstLine = line;
        int nesting = 1;
        position += 2;
        while (nesting > 0) {
            moveToStop(BLOCK_COMMENT, "comment", firstLine);
            byte c = buffer[position];
            byte following = ensure(2) ? buffer[position + 1] : 0;
            if (c == '\n') {
                line++;
                position++;
            } else if (c == '*' && following == '/') {
                nesting--;
                position += 2;
            } else if (c == '/' && following == '*' && syntax.nestedComments()) {
                nesting++;
                position += 2;
            } else {
                position++;
            }
        }
    }

    private void moveToStop(boolean[] stops, String what, long firstLine) throws IOException {
        while (true) {
            while (position < limit && !stops[buffer[position] & 0xff]) {
                position++;
            }
            if (position < limit) {
                return;
            }
            if (!fill()) {
                throw new UnterminatedScriptException(what, firstLine);
            }
        }
    }

    /** Moves to the first byte of the next statement; returns whether there is one. */
    private boolean findToken() throws IOException {
        while (true) {
            start = position;
            if (!ensure(1)) {
                return false;
            }
            byte c = buffer[position];
            if (c == '\n') {
                line++;
                position++;
            } else if (isSpace(c)) {
                position++;
            } else if ((c == '-' && atDashComment()) || (c == '#' && syntax.hashComments())) {
                long commentLine = line;
                int length = lengthOfLine();
                comments.comment(
                        new String(buffer, position, Math.min(length, LONGEST_COMMENT_BYTES), syntax.charset())
                                .stripTrailing(),
                        commentLine);
                position += length;
            } else if (c == '/' && startsWith("/*") && (atSandboxMark() || !atConditionalComment())) {
                skipBlockComment();
            } else {
                return true;
            }
        }
    }

    private boolean atDashComment() throws IOException {
        if (!ensure(2) || buffer[position + 1] != '-') {
            return false;
        }
        // To MySQL 5--3 is 5 minus -3.
        return !syntax.backtickQuotes() || !ensure(3) || (buffer[position + 2] >= 0 && buffer[position + 2] <= ' ');
    }

    private boolean atSandboxMark() throws IOException {
        for (String mark : SANDBOX_MARKS) {
            if (startsWith(mark)) {
                return !syntax.nestedComments();
            }
        }
        return false;
    }

    private boolean atConditionalComment() throws IOException {
        return !syntax.nestedComments() && (startsWith("/*!") || startsWith("/*m!") || startsWith("/*+"));
    }

    private void skipLine() throws IOException {
        int length = lengthOfLine();
        position += length;
    }

    /** {@return the number of bytes from the position to the end of the line, which is left out} */
    private int lengthOfLine() throws IOException {
        int length = 0;
        while (true) {
            int newline = indexOfNewline(position + length, limit);
            if (newline < limit) {
                return newline - position;
            }
            length = limit - position;
            if (!fill()) {
                return length;
            }
        }
    }

    private int indexOfNewline(int from, int to) {
        byte[] bytes = buffer;
        int p = from;
        // Eight bytes at a time: the lowest zero byte of x is where (x - 0x01…) & ~x has its lowest 0x80.
        while (p + Long.BYTES <= to) {
            long x = (long) LONGS.get(bytes, p) ^ 0x0a0a0a0a0a0a0a0aL;
            long zeros = (x - 0x0101010101010101L) & ~x & 0x8080808080808080L;
            if (zeros != 0) {
                return p + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
            p += Long.BYTES;
        }
        while (p < to && bytes[p] != '\n') {
            p++;
        }
        return p;
    }

    private boolean isCopyFromStdin(int end) {
        Tokens tokens = new Tokens(buffer, start, end, syntax);
        return tokens.skipTo("from") && tokens.next() && tokens.is("stdin");
    }

    private void beginRows(long firstLine) throws IOException {
        // The statement's bytes must stay where they are: the end of its line is skipped when the first row is read.
        inCopy = true;
        inRow = false;
        atHead = true;
        copyLine = firstLine;
        copyRows = 0;
    }

    /**
     * Returns how many bytes at the position are rows, whole ones or parts; 0 where the line that ends them has been
     * read.
     */
    private int findRows(int most) throws IOException {
        if (atHead) {
            start = position;
            skipLine();
            atHead = false;
            if (ensure(1)) {
                position++;
                line++;
            }
        }
        start = position;
        if (!ensure(1)) {
            throw new UnterminatedScriptException("rows of the COPY", copyLine);
        }
        if (!inRow && endsRows()) {
            return 0;
        }
        int end = (int) Math.min(limit, (long) position + most);
        int p = position;
        while (p < end) {
            p = indexOfNewline(p, end);
            if (p == end) {
                inRow = true;
                break;
            }
            inRow = false;
            line++;
            copyRows++;
            p++;
            if (p < end && buffer[p] == '\\' && (p + 1 == limit || buffer[p + 1] == '.')) {
                break;
            }
        }
        return p - position;
    }

    /** Moves past a line {@code \.}; returns whether there is one at the position. */
    private boolean endsRows() throws IOException {
        if (!startsWith("\\.")) {
            return false;
        }
        int length = 2;
        if (ensure(length + 1) && buffer[position + length] == '\r') {
            length++;
        }
        if (ensure(length + 1)) {
            if (buffer[position + length] != '\n') {
                return false;
            }
            length++;
            line++;
        }
        position += length;
        inCopy = false;
        return true;
    }

    private void skipByteOrderMark() throws IOException {
        start = position;
        if (ensure(3) && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb && buffer[2] == (byte) 0xbf) {
            position = 3;
        }
    }

    private boolean atDelimiter() throws IOException {
        return delimiter.length == 1 ? buffer[position] == delimiter[0] : matches(delimiter);
    }

    private boolean matches(byte[] bytes) throws IOException {
        return ensure(bytes.length) && Arrays.equals(buffer, position, position + bytes.length, bytes, 0, bytes.length);
    }

    private boolean startsWith(String text) throws IOException {
        return ensure(text.length()) && matchesAt(position, text);
    }

    private boolean matchesAt(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            byte b = buffer[from + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Sees to it that so many bytes are in the buffer from the position on; returns whether they are. */
    private boolean ensure(int bytes) throws IOException {
        while (limit - position < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Reads more into the buffer, keeping what begins at {@link #start}; returns whether there was more. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (limit == buffer.length) {
            makeRoom();
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            ended = true;
            return false;
        }
        limit += read;
        return true;
    }

    private void makeRoom() throws IOException {
        byte[] target = buffer;
        int kept = limit - start;
        // Moving less than half of the buffer each time makes the cost of moving a constant for each byte.
        if (kept > buffer.length / 2) {
            if (buffer.length == largestBufferBytes) {
                throw new IOException("a statement is longer than " + largestBufferBytes + " bytes");
            }
            long larger = buffer.length < DOUBLED_UP_TO_BYTES ? 2L * buffer.length : buffer.length * 3L / 2;
            target = new byte[(int) Math.min(larger, largestBufferBytes)];
        }
        System.arraycopy(buffer, start, target, 0, kept);
        buffer = target;
        bytesBeforeBuffer += start;
        position -= start;
        limit = kept;
        start = 0;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isIdentifierPart(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || isDigit(b) || b == '_' || b == '$' || b < 0;
    }

    private final class CopyData extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!inCopy) {
                return -1;
            }
            int found = findRows(length);
            if (!inCopy) {
                return -1;
            }
            System.arraycopy(buffer, position, target, offset, found);
            position += found;
            return found;
        }
    }
}
