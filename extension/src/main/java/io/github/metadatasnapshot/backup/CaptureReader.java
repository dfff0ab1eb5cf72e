package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.metadatasnapshot.backup.CaptureText.UnreadableException;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A script on its way to whoever reads it, from which the comments of a {@linkplain CaptureText captured backup} are
 * gathered, and the hash of what lies between them. A row may look like a footer: the last one in the file is it.
 */
final class CaptureReader extends FilterInputStream {

    /** What a footer begins with, the end of the body's last line included. */
    private static final byte[] MARK = ("\n" + CaptureText.MARK).getBytes(US_ASCII);

    private static final int LONGEST_LINE_BYTES = 1 << 16;

    /** What may stand before the header, read one character a byte: see {@link ScriptHead}. */
    private static final Pattern BEFORE_HEADER =
            Pattern.compile("(?:\u00ef\u00bb\u00bf)?(?:/\\*M?!999999\\\\-[^\n]*)?");

    private static final int LONGEST_HEAD_BYTES = 256;

    private final Sha256 hash = new Sha256();
    private final Sha256 preamble = new Sha256();
    private final List<String> header = new ArrayList<>();

    /** Where the reader is. */
    private enum Place {
        /** At the head, where a header may begin. */
        HEAD,
        /** Between the first line of the header and the line that ends it. */
        PREAMBLE,
        /** In the body; or behind it, as long as the file may have ended there. */
        BODY
    }

    private Place place = Place.HEAD;

    /** The first bytes of the script; more of them than any head has. */
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    /** How many bytes of the mark have been seen: at the beginning of the script, the line break before is imagined. */
    private int matched = 1;

    private boolean imagined = true;

    /** The rest of a line that begins with the mark, where there is one. */
    private @Nullable ByteArrayOutputStream line;

    private @Nullable Candidate footer;

    /** What may be the footer, unless another comes. */
    private static final class Candidate {

        final String sha256;
        final long bytes;
        final List<String> lines = new ArrayList<>();
        boolean followed;

        Candidate(Sha256 body) {
            this.sha256 = body.copy().hex();
            this.bytes = body.bytes();
        }
    }

    CaptureReader(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            take(target, offset, offset + count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(count, LONGEST_LINE_BYTES))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void take(byte[] bytes, int from, int to) {
        int p = from;
        while (p < to) {
            if (line != null) {
                byte b = bytes[p++];
                if (b == '\n') {
                    endOfLine(line);
                } else if (line.size() < LONGEST_LINE_BYTES) {
                    line.write(b);
                } else {
                    // No line of ours.
                    follow();
                    feedLine(line);
                    line = null;
                    imagined = false;
                    p--;
                }
            } else if (matched > 0) {
                if (bytes[p] == MARK[matched]) {
                    p++;
                    if (++matched == MARK.length) {
                        matched = 0;
                        line = new ByteArrayOutputStream();
                    }
                } else {
                    giveUpMatch();
                }
            } else {
                int end = p;
                while (end < to && bytes[end] != '\n') {
                    end++;
                }
                if (end > p) {
                    follow();
                    feed(bytes, p, end);
                }
                p = end;
                if (end < to) {
                    matched = 1;
                    p++;
                }
            }
        }
    }

    /** What was held back is part of the body, or of nothing. */
    private void giveUpMatch() {
        int from = imagined ? 1 : 0;
        if (matched > from) {
            follow();
            feed(MARK, from, matched);
        }
        matched = 0;
        imagined = false;
    }

    private void follow() {
        if (footer != null) {
            footer.followed = true;
        }
    }

    private void endOfLine(ByteArrayOutputStream content) {
        String text = content.toString(StandardCharsets.UTF_8).stripTrailing();
        boolean bodyBegins = place == Place.PREAMBLE && text.equals(CaptureText.BODY);
        if (place == Place.HEAD && text.startsWith(CaptureText.CAPTURE) && mayBegin()) {
            // The line before, if there is one, is the body's.
            feed(MARK, imagined ? 1 : 0, 1);
            place = Place.PREAMBLE;
            feed(MARK, 1, MARK.length);
            feed(content.toByteArray());
            header.add(text);
        } else if (place == Place.PREAMBLE) {
            feedLine(content);
            if (bodyBegins) {
                place = Place.BODY;
            } else if (!text.startsWith("guard ")) {
                header.add(text);
            }
        } else {
            if (text.startsWith(CaptureText.FOOTER)) {
                footer = new Candidate(hash);
            }
            if (footer != null) {
                footer.lines.add(text);
            }
            feedLine(content);
        }
        line = null;
        // The line break may be the beginning of the next mark.
        matched = 1;
        imagined = bodyBegins;
    }

    private boolean mayBegin() {
        return BEFORE_HEADER.matcher(head.toString(StandardCharsets.ISO_8859_1)).matches();
    }

    private void feedLine(ByteArrayOutputStream content) {
        feed(MARK, imagined ? 1 : 0, MARK.length);
        feed(content.toByteArray());
    }

    private void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    private void feed(byte[] bytes, int from, int to) {
        if (place == Place.PREAMBLE) {
            preamble.update(bytes, from, to - from);
        } else {
            hash.update(bytes, from, to - from);
            if (head.size() <= LONGEST_HEAD_BYTES) {
                head.write(bytes, from, Math.min(to - from, LONGEST_HEAD_BYTES + 1));
            }
        }
    }

    /**
     * Tells what the comments say, once everything has been read.
     *
     * @return the header and the footer, empty where the backup was not captured by this library
     * @throws UnreadableException if one of them is missing or damaged, or the body is not the one that was captured
     */
    Optional<Capture> capture() throws UnreadableException {
        if (line != null) {
            // The last line, without its end.
            endOfLine(line);
        }
        if (header.isEmpty() && (footer == null || footer.followed)) {
            return Optional.empty();
        }
        if (header.isEmpty()) {
            throw new UnreadableException("has a footer but no header: its beginning is missing. Copy the file again");
        }
        CaptureInfo info = CaptureText.readHeader(header);
        if (place == Place.PREAMBLE || footer == null) {
            throw new UnreadableException("was not copied to its end: the footer, which a captured backup ends with, is"
                    + " missing. Copy the file again, or capture again");
        }
        if (footer.followed) {
            throw new UnreadableException(
                    "has something behind its footer: it was altered. " + "Take the file from where it was captured");
        }
        CaptureText.Footer end = CaptureText.readFooter(footer.lines);
        if (!end.sha256().equals(footer.sha256)) {
            throw new UnreadableException("was altered after it had been captured: its body has the SHA-256 "
                    + footer.sha256 + " and " + footer.bytes + " bytes, captured were " + end.sha256() + " and "
                    + end.bytes() + " bytes. Take the file from where it was captured"
                    + (footer.bytes == end.bytes() ? "" : "; line ends may have been converted on the way"));
        }
        return Optional.of(new Capture(info, end, preamble.hex()));
    }

    /** What a captured backup says, and the hash of its header and guard as they are. */
    record Capture(CaptureInfo info, CaptureText.Footer footer, String head) {}
}
