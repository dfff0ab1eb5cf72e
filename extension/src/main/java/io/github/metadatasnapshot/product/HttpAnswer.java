package io.github.metadatasnapshot.product;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * What a product's server answered.
 *
 * @param status the status, such as 200
 * @param body what came with it
 */
public record HttpAnswer(int status, String body) {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    /**
     * Sends a GET request.
     *
     * @param uri where to
     * @param limit how long the answer may take
     * @return the answer
     * @throws IOException if there is none
     */
    public static HttpAnswer get(URI uri, Duration limit) throws IOException {
        try {
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(uri).timeout(limit).build(), HttpResponse.BodyHandlers.ofString());
            return new HttpAnswer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Interrupted while " + uri + " was asked").initCause(e);
        }
    }

    /** Tells whether the status says success. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }
}
