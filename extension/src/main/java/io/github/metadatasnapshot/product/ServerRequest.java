package io.github.metadatasnapshot.product;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server that works answers.
 *
 * @param name the request, for people, such as {@code GET /assets}
 * @param check throws what is wrong with the answer
 */
record ServerRequest(String name, ProductServer.Check check) {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_CHARACTERS = 500;

    static ServerRequest get(String path, Optional<Pattern> expected) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "ProductServer asks for paths, and \"" + path + "\" does not begin with /");
        }
        return new ServerRequest("GET " + path, server -> {
            HttpAnswer answer = HttpAnswer.get(server.resolve(path), LIMIT);
            if (!answer.isSuccess()) {
                throw new AssertionError("answered " + answer.status() + described(answer.body()));
            }
            if (expected.isPresent() && !expected.get().matcher(answer.body()).find()) {
                throw new AssertionError("answered without '" + expected.get() + "'" + described(answer.body()));
            }
        });
    }

    /** {@return what is wrong with the answer, after the request's name; empty where nothing is} */
    Optional<String> send(URI server) {
        try {
            check.check(server);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(name + " was interrupted");
        } catch (AssertionError e) {
            return Optional.of(name + " " + e.getMessage());
        } catch (Exception e) {
            return Optional.of(
                    name + " failed: " + (e.getMessage() == null ? e.getClass().getName() : e.getMessage()));
        }
    }

    static String described(String body) {
        String text = body.strip();
        if (text.isEmpty()) {
            return " and nothing more";
        }
        return ": " + (text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text);
    }
}
