package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A server in a container that takes no connection without TLS over the network, as cloud services have them. */
public final class TlsServer implements AutoCloseable {

    private static final String PASSWORD = UUID.randomUUID().toString();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int POLL_MILLIS = 200;

    private static final String POSTGRESQL_SETUP = """
            cp /tls/server.pem /tls/server.key "$PGDATA"
            chmod 600 "$PGDATA/server.key"
            printf "ssl = on\\nssl_cert_file = 'server.pem'\\nssl_key_file = 'server.key'\\n" >>"$PGDATA/postgresql.conf"
            printf 'local all all trust\\nhostssl all all all scram-sha-256\\n' >"$PGDATA/pg_hba.conf"
            """;

    /** The server that fills the data directory is spoken to without. */
    private static final String MYSQL_SETUP = """
            printf '[mysqld]\nssl_cert=/tls/server.pem\nssl_key=/tls/server.key\nrequire_secure_transport=ON\n' >"$MYSQL_HOME/my.cnf"
            chmod 600 "$MYSQL_HOME/my.cnf"
            """;

    private final Certificates certificates;
    private final ServerSpec spec;
    private final GenericContainer<?> container;

    private TlsServer(Certificates certificates, ServerSpec spec, GenericContainer<?> container) {
        this.certificates = certificates;
        this.spec = spec;
        this.container = container;
    }

    /** Starts a server with an empty database {@code catalog}. */
    public static TlsServer start(String image, Certificates certificates) throws Exception {
        ServerSpec spec = ServerSpec.parse(image);
        boolean postgres = spec.engine() == Engine.POSTGRESQL;
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(spec.engine().port())
                .withEnv(
                        postgres
                                ? Map.of("POSTGRES_PASSWORD", PASSWORD, "POSTGRES_DB", "catalog")
                                : Map.of(
                                        "MYSQL_ROOT_PASSWORD",
                                        PASSWORD,
                                        "MYSQL_DATABASE",
                                        "catalog",
                                        "MYSQL_HOME",
                                        "/var/lib/mysql"))
                .withCopyToContainer(Transferable.of(certificates.serverCertificate(), 0100644), "/tls/server.pem")
                .withCopyToContainer(Transferable.of(certificates.serverKey(), 0100644), "/tls/server.key")
                .withCopyToContainer(
                        Transferable.of(postgres ? POSTGRESQL_SETUP : MYSQL_SETUP, 0100644),
                        "/docker-entrypoint-initdb.d/tls.sh")
                .withCommand(Stream.concat(
                                postgres ? Stream.of("postgres") : Stream.empty(),
                                spec.engine().throwAwaySettings().stream())
                        .toArray(String[]::new));
        container.start();
        TlsServer server = new TlsServer(certificates, spec, container);
        try {
            server.await();
            return server;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    private void await() throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try (Connection connection = DriverManager.getConnection(url("localhost", "authority"), user(), PASSWORD)) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline || !container.isRunning()) {
                    throw new IllegalStateException(container.getLogs(), e);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    public ServerSpec spec() {
        return spec;
    }

    public Engine engine() {
        return spec.engine();
    }

    public String user() {
        return engine() == Engine.POSTGRESQL ? "postgres" : "root";
    }

    public String password() {
        return PASSWORD;
    }

    /** {@return how the server is reached as an external one, by clients in containers} */
    public ExternalSettings settings(String url) {
        return new ExternalSettings(url, user(), PASSWORD, false, false, true);
    }

    /** {@return the address of the container in Docker's own network} */
    public InetAddress address() throws Exception {
        return InetAddress.getByName(container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow()
                .getIpAddress());
    }

    /**
     * Returns the URL of the database that checks the server's certificate and its name.
     *
     * @param host what the server is called
     * @param authority whose certificates are trusted: {@code authority}, or {@code other}
     */
    public String url(String host, String authority) {
        String base =
                "jdbc:" + engine().id() + "://" + host + ":" + container.getMappedPort(engine().port()) + "/catalog?";
        if (engine() == Engine.POSTGRESQL) {
            return base + "sslmode=verify-full&sslrootcert=" + certificates.pem(authority);
        }
        return base
                + (engine() == Engine.MYSQL
                        ? "sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreUrl=file:"
                                + certificates.trustStore(authority)
                                + "&trustCertificateKeyStoreType=PKCS12&trustCertificateKeyStorePassword="
                                + certificates.trustStorePassword()
                        : "sslMode=verify-full&serverSslCert=" + certificates.pem(authority));
    }

    /** {@return the URL without any parameter but one that switches TLS off} */
    public String urlWithoutTls() {
        return url("localhost", "authority").replaceFirst("\\?.*", "?")
                + switch (engine().id()) {
                    case "postgresql" -> "sslmode=disable";
                    case "mysql" -> "sslMode=DISABLED";
                    default -> "sslMode=disable";
                };
    }

    @Override
    public void close() {
        container.stop();
    }
}
