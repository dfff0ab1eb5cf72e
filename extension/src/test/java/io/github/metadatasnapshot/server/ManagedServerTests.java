package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.ClientAccess;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.testsupport.Certificates;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TlsServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers as cloud services have them, which take no connection without TLS. One engine a day. */
@RequiresDocker
@TakesTurns(of = 4)
class ManagedServerTests {

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);
    private static final Map<String, TlsServer> SERVERS = new HashMap<>();

    @TempDir
    private static Path certificatesDirectory;

    @TempDir
    private Path directory;

    static Stream<String> images() {
        return Sample.oneOf(List.of("postgres:17", "mysql:9.7", "mariadb:11.8"), "ManagedServerTests");
    }

    private static TlsServer server(String image) throws Exception {
        TlsServer known = SERVERS.get(image);
        if (known == null) {
            Path own = Files.createDirectories(certificatesDirectory.resolve(image.replace(':', '-')));
            known = TlsServer.start(image, Certificates.create(own));
            SERVERS.put(image, known);
        }
        return known;
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(TlsServer::close);
        SERVERS.clear();
    }

    private static ExternalServer connect(TlsServer server, String url) {
        return ExternalServer.connect(server.spec(), server.settings(url));
    }

    @ParameterizedTest
    @MethodSource("images")
    void areBackedUpAndRestoredByTheRealClient(String image) throws Exception {
        TlsServer tls = server(image);
        ExternalServer server = connect(tls, tls.url("localhost", "authority"));
        Path file = directory.resolve("2.sql.gz");
        try (server;
                TestDatabase source = Library.create(server, "2");
                TestDatabase target = server.createDatabase()) {
            SnapshotCapture.from(source.jdbcUrl(), source.user(), source.password())
                    .to(file);
            Backup backup = Backup.of(file);
            assertThat(backup.inspect(tls.engine(), HISTORY, Optional.empty()).kind())
                    .isEqualTo(BackupInfo.Kind.FULL);

            Restore restore = Restore.run(target, backup, new DocumentedClient(), HISTORY);

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(restore.report().client())
                    .startsWith(tls.engine()
                                    .clientCommand(ClientMode.DOCUMENTED, "u", "d")
                                    .get(0) + " ")
                    .contains("-h localhost ")
                    .doesNotContain(tls.password());
            assertThat(restore.notes()).isEmpty();
            assertThat(processes(server.clientTools().orElseThrow(), target))
                    .contains(target.name())
                    .doesNotContain(tls.password());
        }
    }

    /** {@return the command lines of what runs in a client's container while the client does} */
    private static String processes(ClientTools tools, TestDatabase database) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "sh", "-c", "{ sleep 2 | \"$@\"; } & sleep 1; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; wait", "sh"));
        command.addAll(database.engine()
                .clientCommand(ClientMode.DOCUMENTED, tools.access(), database.user(), database.name()));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = tools.run(
                command, database.engine(), database.password(), InputStream.nullInputStream(), output, output);
        assertThat(status).as(output.toString(UTF_8)).isZero();
        return output.toString(UTF_8);
    }

    @ParameterizedTest
    @MethodSource("images")
    void ofAnotherAuthorityAreRefusedByDriverAndClient(String image) throws Exception {
        TlsServer tls = server(image);
        String url = tls.url("localhost", "other");

        assertRefused(tls, url, "the server's certificate is not signed by an authority that the URL trusts");
        assertThat(refusal(tls, "db.example.test", "other"))
                .hasValueSatisfying(words -> assertThat(words).containsIgnoringCase("certificate"));
    }

    @ParameterizedTest
    @MethodSource("images")
    void ofAnotherNameAreRefusedByDriverAndClient(String image) throws Exception {
        TlsServer tls = server(image);
        String url = tls.url("127.0.0.1", "authority");

        assertRefused(tls, url, "the server's certificate is for another name than the URL's (");
        assertThatThrownBy(() -> connect(tls, url)).hasMessageContaining("127.0.0.1");
        // The name is known to this test alone, and mapped in the client's container.
        assertThat(refusal(tls, "db.example.test", "authority")).isEmpty();
        assertThat(refusal(tls, "db.another.test", "authority"))
                .hasValueSatisfying(words -> assertThat(words)
                        .containsAnyOf("db.another.test", "Hostname mismatch", "does not match", "verif"));
    }

    /** The drivers do not take the certificate, as an external server and as one that is captured from. */
    private void assertRefused(TlsServer tls, String url, String words) {
        assertThatThrownBy(() -> connect(tls, url))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining(words)
                .hasMessageContaining("It is set by metadatasnapshot.external.");
        assertThatThrownBy(() ->
                        SnapshotCapture.from(url, tls.user(), tls.password()).to(directory.resolve("a.sql")))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining(tls.password());
    }

    /** {@return what a client says who calls the server by a name} */
    private static Optional<String> refusal(TlsServer tls, String name, String authority) throws Exception {
        ClientAccess access = tls.engine().access(tls.url(name, authority));
        InetAddress named = InetAddress.getByAddress(name, tls.address().getAddress());
        Route route = Route.to(new InetSocketAddress(named, tls.engine().port()));
        try (ClientContainer.Tools tools = ClientContainer.reaching(tls.spec().toString(), access, route)) {
            return tools.tools().whyNoLogin(tls.engine(), tls.user(), tls.password(), "catalog");
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void areRestoredOverJdbcWhereTheClientCannotBeToldAParameter(String image) throws Exception {
        TlsServer tls = server(image);
        String more = switch (tls.engine().id()) {
            case "postgresql" -> "&sslpassword=unused";
            case "mysql" -> "&clientCertificateKeyStoreType=PKCS12";
            default -> "&keyStoreType=PKCS12";
        };
        ExternalServer server = connect(tls, tls.url("localhost", "authority") + more);
        try (server;
                TestDatabase source = Library.create(server, "1");
                TestDatabase target = server.createDatabase()) {
            assertThatThrownBy(() -> SnapshotCapture.from(source).to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("Nothing was captured. ")
                    .hasMessageContaining(" cannot be given " + more.substring(1, more.indexOf('='))
                            + " of the JDBC URL, as client certificates are not supported: name a user who logs in by"
                            + " password, or dump with ");
            Backup backup = Library.dump(tls.engine().id() + "/1-full.sql");

            Restore restore = Restore.run(target, backup, new DocumentedClient(), HISTORY);

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(restore.report().client()).isEqualTo("JDBC");
            assertThat(restore.notes())
                    .anySatisfy(note -> assertThat(note)
                            .startsWith("restored over JDBC and not by the engine's client: ")
                            .contains("client certificates are not supported"));
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void takeNoConnectionWithoutTls(String image) throws Exception {
        TlsServer tls = server(image);
        assertThatThrownBy(() -> connect(tls, tls.urlWithoutTls()))
                .isInstanceOf(ServerException.class)
                .hasMessageContainingAll("The external server ", "cannot be used: ");
        try (Connection connection =
                DriverManager.getConnection(tls.url("localhost", "authority"), tls.user(), tls.password())) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
