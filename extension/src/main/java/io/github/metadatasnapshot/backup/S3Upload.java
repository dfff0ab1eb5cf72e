package io.github.metadatasnapshot.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * An object that is being written, compressed as its key says: part by part, each held in memory until it is sent. The
 * object is there when it is complete; until then what lies at its key is as it was.
 */
final class S3Upload implements AutoCloseable {

    /** How long a part is, in bytes. The last may be shorter; the least that S3 takes of the others is 5 MiB. */
    static final int PART_BYTES = 8 << 20;

    private static final int MOST_PARTS = 10_000;

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final S3Location location;
    private final S3Store store;
    private final String uploadId;
    private final OutputStream content;
    private final List<String> etags = new ArrayList<>();
    private long bytes;
    private boolean ended;

    private S3Upload(S3Location location, S3Store store) throws IOException {
        this.location = location;
        this.store = store;
        this.content = BackupFile.compressed(location.key(), new Parts());
        this.uploadId = store.begin();
        LOGGER.log(
                System.Logger.Level.INFO,
                "Uploading {0}. If this JVM is killed, what it has sent stays as parts of upload {1} until a rule of the"
                        + " bucket deletes them (AbortIncompleteMultipartUpload)",
                location.name(),
                uploadId);
    }

    /**
     * Begins an upload.
     *
     * @throws BackupException if the object cannot be written there
     */
    static S3Upload begin(S3Location location, S3Settings settings) throws IOException {
        S3Store store = settings.open(location);
        try {
            return new S3Upload(location, store);
        } catch (IOException | RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    /** {@return takes what is to be in the object, not compressed yet} */
    OutputStream content() {
        return content;
    }

    /**
     * Ends the object and puts it in its place.
     *
     * @param replace whether it takes the place of one that is there
     * @return whether it is there; not where another is, and then what was sent is deleted
     * @throws BackupException if that is not possible
     */
    boolean complete(boolean replace) throws IOException {
        content.close();
        boolean completed = store.complete(uploadId, etags, replace);
        if (!completed) {
            abort();
        }
        ended = true;
        return completed;
    }

    /**
     * Deletes what was sent.
     *
     * @return what had been sent, a sentence
     */
    String abort() {
        ended = true;
        String sent = etags.size() + (etags.size() == 1 ? " part (" : " parts (") + bytes + " bytes) had been sent";
        // The SDK sends nothing for a thread that was interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            return store.abort(uploadId)
                    ? "The upload to " + location.name() + " was aborted after " + sent
                            + ": what lay there is as it was"
                    : "The upload to " + location.name() + " was broken off after " + sent + ", and there is no upload "
                            + uploadId + " any more: it was aborted by another, or completed without an answer";
        } catch (BackupException e) {
            return "The upload to " + location.name() + " was broken off after " + sent + ", which stay as parts of"
                    + " upload " + uploadId + " until a rule of the bucket deletes them"
                    + " (AbortIncompleteMultipartUpload): " + e.getMessage();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Deletes what was sent, unless it is complete. */
    @Override
    public void close() {
        try (store) {
            if (!ended) {
                abort();
            }
            content.close();
        } catch (IOException e) {
            // It takes nothing any more: only what compresses is released.
        }
    }

    private final class Parts extends OutputStream {

        private final byte[] part = new byte[PART_BYTES];
        private int length;
        private boolean closed;

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int count) {
            int done = 0;
            while (done < count && !ended) {
                int taken = Math.min(count - done, PART_BYTES - length);
                System.arraycopy(source, offset + done, part, length, taken);
                length += taken;
                done += taken;
                if (length == PART_BYTES) {
                    send();
                }
            }
        }

        private void send() {
            if (etags.size() == MOST_PARTS) {
                throw new BackupException(location.name() + " cannot be written: an object has at most " + MOST_PARTS
                        + " parts, here of " + PART_BYTES + " bytes. Compress it, by a key that ends with .zst or .gz");
            }
            etags.add(store.upload(uploadId, etags.size() + 1, part, length));
            bytes += length;
            length = 0;
        }

        @Override
        public void close() {
            if (!closed && !ended) {
                closed = true;
                if (length > 0 || etags.isEmpty()) {
                    send();
                }
            }
        }
    }
}
