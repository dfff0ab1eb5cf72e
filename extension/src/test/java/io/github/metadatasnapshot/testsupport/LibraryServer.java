package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** A server of the library, whose version 3 renamed a column. Answers {@code /languages} by one statement. */
public final class LibraryServer implements ProductServer.Running {

    private final HttpServer server;

    private LibraryServer(TestDatabase database, String statement) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/languages", exchange -> {
            int status = 200;
            String body;
            try {
                body = String.join(",", Library.query(database, statement));
            } catch (RuntimeException | AssertionError e) {
                status = 500;
                Throwable root = e;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                body = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
            }
            exchange.sendResponseHeaders(status, 0);
            try (var out = exchange.getResponseBody()) {
                out.write(body.getBytes(UTF_8));
            }
        });
        server.start();
    }

    /** {@return a server that knows what its version calls the column, and starts on any schema} */
    public static LibraryServer start(String version, TestDatabase database) throws IOException {
        String column = Version.of(version).compareTo(Version.of("3")) < 0 ? "name" : "label";
        return new LibraryServer(database, "SELECT " + column + " FROM language ORDER BY code");
    }

    /** {@return a server that answers by a statement} */
    public static LibraryServer answering(TestDatabase database, String statement) throws IOException {
        return new LibraryServer(database, statement);
    }

    /** {@return a server that refuses a schema that is newer than it is} */
    public static LibraryServer strict(String version, TestDatabase database) throws IOException, SQLException {
        try (Connection connection = database.open()) {
            Optional<Version> schema = new HistoryTable("", HistoryTable.DEFAULT_NAME)
                    .read(connection, database.engine())
                    .version();
            if (schema.filter(found -> found.compareTo(Version.of(version)) > 0).isPresent()) {
                throw new IllegalStateException(
                        "The schema is at " + schema.get() + ", and this is the library of " + version);
            }
        }
        return start(version, database);
    }

    @Override
    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
