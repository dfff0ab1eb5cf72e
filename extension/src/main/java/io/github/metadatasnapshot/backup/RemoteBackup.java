package io.github.metadatasnapshot.backup;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backup on a web server, pinned by its hash: downloaded once, and kept on disk. */
final class RemoteBackup {

    private static final String PIN = "sha256=";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final int STALLED_AFTER_SECONDS = 60;
    private static final int OK = 200;

    private final URI uri;
    private final String sha256;
    private final DownloadCache cache;
    private final int stalledAfterSeconds;

    private RemoteBackup(URI uri, String sha256, DownloadCache cache, int stalledAfterSeconds) {
        this.uri = uri;
        this.sha256 = sha256;
        this.cache = cache;
        this.stalledAfterSeconds = stalledAfterSeconds;
    }

    /** Tells whether a location is one of these. */
    static boolean isRemote(String location) {
        String lower = location.toLowerCase(Locale.ROOT);
        return lower.startsWith("https:") || lower.startsWith("http:");
    }

    /**
     * Reads a location.
     *
     * @param location a URL with the hash of the file behind it: {@code https://…/1.2.sql.gz#sha256=…}
     * @param cache where downloads are kept
     * @throws BackupException if it is no such URL
     */
    static RemoteBackup of(String location, Path cache) {
        return of(location, cache, STALLED_AFTER_SECONDS);
    }

    static RemoteBackup of(String location, Path cache, int stalledAfterSeconds) {
        URI uri;
        try {
            uri = new URI(location);
        } catch (URISyntaxException e) {
            throw new BackupException("The backup " + withoutSecrets(location) + " is no URL: " + e.getReason(), e);
        }
        String name = withoutSecrets(location);
        if (uri.getHost() == null) {
            throw new BackupException("The backup " + name + " is no URL: it names no host");
        }
        boolean local = uri.getHost().equals("localhost") || uri.getHost().equals("127.0.0.1");
        if (!uri.getScheme().equalsIgnoreCase("https") && !local) {
            throw new BackupException(
                    "The backup " + name + " comes by http, which anybody on the way can change: use" + " https");
        }
        String fragment = uri.getFragment() == null ? "" : uri.getFragment().toLowerCase(Locale.ROOT);
        if (!fragment.matches(PIN + "[0-9a-f]{64}")) {
            throw new BackupException("The backup " + name + " is not pinned"
                    + (fragment.isEmpty() ? "" : ": '#" + fragment + "' is no SHA-256")
                    + ". Put the hash of the file behind the URL, so that the tests always see the same one: " + name
                    + "#" + PIN + "<64 hexadecimal digits>, as sha256sum prints them");
        }
        return new RemoteBackup(uri, fragment.substring(PIN.length()), new DownloadCache(cache), stalledAfterSeconds);
    }

    /** {@return the URL for messages: without what may be a key to it} */
    static String withoutSecrets(String location) {
        return location.replaceFirst("[?#].*$", "").replaceFirst("//[^/@]*@", "//");
    }

    String name() {
        return withoutSecrets(uri.toString());
    }

    /**
     * Returns the file, and downloads it where it is not in the cache.
     *
     * @throws BackupException if it cannot be downloaded, or is another than the hash says
     */
    Path file() {
        return cache.ofHash(sha256, name(), this::download);
    }

    private void download(Path part) throws IOException {
        HttpResponse<?> response = fetch(part);
        if (response.statusCode() != OK) {
            throw new BackupException(name() + " cannot be downloaded: the server answered " + response.statusCode()
                    + hint(response.statusCode()));
        }
    }

    private static String hint(int status) {
        return switch (status) {
            case 401, 403 -> ": it may not be read without logging in. A URL that was signed may have run out";
            case 404, 410 -> ": there is no such file (any more)";
            default -> "";
        };
    }

    private HttpResponse<?> fetch(Path part) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = HttpRequest.newBuilder(withoutFragment())
                .timeout(Duration.ofSeconds(stalledAfterSeconds))
                .build();
        CompletableFuture<? extends HttpResponse<?>> answer = client.sendAsync(
                request,
                head -> head.statusCode() == OK
                        ? HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofFile(part), file -> "")
                        : HttpResponse.BodySubscribers.replacing(""));
        long length = -1;
        try {
            while (true) {
                try {
                    return answer.get(stalledAfterSeconds, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    long now = Files.exists(part) ? Files.size(part) : 0;
                    if (now == length) {
                        throw new BackupException(
                                name() + " cannot be downloaded: the server sent nothing more for "
                                        + stalledAfterSeconds + " seconds, after " + now + " bytes",
                                e);
                    }
                    length = now;
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BackupException(
                    name() + " cannot be downloaded: " + describe(cause)
                            + ". Is there a network, and does it take a proxy (-Dhttps.proxyHost)? Once downloaded, the"
                            + " file is taken from " + cache.directory(),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException(name() + " was not downloaded: the thread was interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    private static String describe(Throwable cause) {
        // What is thrown where a name is not known, or nothing listens, often has no message of its own.
        Throwable known = cause;
        while (known.getMessage() == null && known.getCause() != null) {
            known = known.getCause();
        }
        return known.getMessage() == null
                ? cause.getClass().getSimpleName()
                : known.getClass().getSimpleName() + ": " + known.getMessage();
    }

    private URI withoutFragment() {
        return URI.create(uri.toString().replaceFirst("#.*$", ""));
    }
}
