package io.github.metadatasnapshot.samples.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The server of version 2.0: {@code GET /assets} lists the assets with their services and domains, and {@code GET
 * /assets/name} gives the document of one.
 */
public final class CatalogServer implements AutoCloseable {

    private static final String ASSETS = "/assets";

    private final String url;
    private final String user;
    private final String password;
    private final HttpServer http;

    private CatalogServer(HttpServer http, String url, String user, String password) {
        this.http = http;
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * Starts the server.
     *
     * @param port the port on the loopback interface, 0 for a free one
     * @param url the JDBC URL of a database at version 2.0
     * @param user whom to log in as
     * @param password the user's password
     * @return the running server
     * @throws IOException if the port is taken
     */
    public static CatalogServer start(int port, String url, String user, String password) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        CatalogServer server = new CatalogServer(http, url, user, password);
        http.createContext(ASSETS, server::handle);
        http.start();
        return server;
    }

    /** {@return where the server is} */
    public URI uri() {
        InetSocketAddress address = http.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            if (path.equals(ASSETS)) {
                answer(exchange, 200, "text/plain", list(connection));
                return;
            }
            Optional<String> document = document(connection, path.substring(ASSETS.length() + 1));
            answer(exchange, document.isPresent() ? 200 : 404, "application/json", document.orElse("null"));
        } catch (SQLException e) {
            answer(exchange, 500, "text/plain", String.valueOf(e.getMessage()));
        }
    }

    private static String list(Connection connection) throws SQLException {
        StringJoiner lines = new StringJoiner("\n");
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT fqn, service_name, domain_name FROM asset_overview ORDER BY asset_id")) {
            while (rows.next()) {
                lines.add(rows.getString(1) + " of " + rows.getString(2) + " in " + rows.getString(3));
            }
        }
        return lines.toString();
    }

    private static Optional<String> document(Connection connection, String name) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT document FROM data_asset WHERE fqn = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
