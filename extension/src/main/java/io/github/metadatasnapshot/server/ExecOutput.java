package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a command in a container prints, and its exit status, which stands after a mark at the end of its errors.
 * Fed by one thread, docker-java's, which waits while a stream takes what it is given.
 */
final class ExecOutput implements ResultCallback<Frame> {

    private final String mark;
    private final OutputStream output;
    private final OutputStream errors;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch complete = new CountDownLatch(1);

    /** The last errors, not passed on yet: the mark may have begun in them. One character a byte. */
    private final StringBuilder lastErrors = new StringBuilder();

    private @Nullable IOException failure;

    ExecOutput(String mark, OutputStream output, OutputStream errors) {
        this.mark = mark;
        this.output = output;
        this.errors = errors;
    }

    /** Counted down when the command has ended. */
    CountDownLatch ended() {
        return ended;
    }

    /** Counted down when there is nothing more to wait for: all is complete, or something has failed. */
    CountDownLatch stopped() {
        return stopped;
    }

    boolean isComplete() {
        return complete.getCount() == 0;
    }

    boolean awaitCompletion(long millis) throws InterruptedException {
        return complete.await(millis, TimeUnit.MILLISECONDS);
    }

    int exitStatus(String program) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (lastErrors.indexOf(mark) < 0) {
            throw new IOException(
                    "The container stopped, or " + program + " was killed in it, before " + program + " ended");
        }
        String status = lastErrors.substring(mark.length()).strip();
        if (status.equals("missing")) {
            throw new IOException("The container has no program " + program);
        }
        return Integer.parseInt(status);
    }

    @Override
    public void onStart(Closeable closeable) {}

    @Override
    public void onNext(Frame frame) {
        try {
            if (frame.getStreamType() == StreamType.STDERR) {
                takeErrors(new String(frame.getPayload(), StandardCharsets.ISO_8859_1));
            } else {
                write(output, frame.getPayload());
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** After a failure the rest is dropped: the command is about to be ended, and must not be kept from it. */
    private void write(OutputStream target, byte[] bytes) throws IOException {
        if (failure == null) {
            target.write(bytes);
        }
    }

    private void takeErrors(String text) throws IOException {
        lastErrors.append(text);
        int end = lastErrors.indexOf(mark);
        if (end >= 0) {
            ended.countDown();
        }
        passOnErrors(end < 0 ? Math.max(0, lastErrors.length() - mark.length()) : end);
    }

    private void passOnErrors(int length) throws IOException {
        byte[] bytes = lastErrors.substring(0, length).getBytes(StandardCharsets.ISO_8859_1);
        lastErrors.delete(0, length);
        write(errors, bytes);
    }

    @Override
    public void onError(Throwable throwable) {
        fail(throwable);
        onComplete();
    }

    private void fail(Throwable throwable) {
        if (failure == null) {
            failure = throwable instanceof IOException cause ? cause : new IOException(throwable.toString(), throwable);
        }
        stopped.countDown();
    }

    @Override
    public void onComplete() {
        try {
            if (lastErrors.indexOf(mark) < 0) {
                passOnErrors(lastErrors.length());
            }
        } catch (IOException e) {
            fail(e);
        }
        complete.countDown();
        ended.countDown();
        stopped.countDown();
    }

    @Override
    public void close() {}
}
