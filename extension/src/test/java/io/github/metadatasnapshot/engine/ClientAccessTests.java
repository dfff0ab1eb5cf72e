package io.github.metadatasnapshot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What client tools are told of a JDBC URL. That they act on it is what ManagedServerTests show. */
class ClientAccessTests {

    @TempDir
    private static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void create() throws Exception {
        certificates = Certificates.create(directory);
    }

    private static ClientAccess access(String url) {
        return Engine.ofJdbcUrl(url).orElseThrow().access(url);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d, '', {}",
        "jdbc:postgresql://h/d?sslmode=require&sslResponseTimeout=5, '', {PGSSLMODE=require}",
        "jdbc:postgresql://h/d?sslmode=disable, '', {PGSSLMODE=disable}",
        "jdbc:mysql://h/d, --protocol=TCP, {}",
        "jdbc:mysql://h/d?SSLMODE=required, --protocol=TCP --ssl-mode=REQUIRED, {}",
        "jdbc:mysql://h/d?useSSL=false&allowPublicKeyRetrieval=true, --protocol=TCP --get-server-public-key"
                + " --ssl-mode=DISABLED, {}",
        "jdbc:mysql://h/d?requireSSL=true, --protocol=TCP --ssl-mode=REQUIRED, {}",
        "jdbc:mariadb://h/d, --protocol=TCP --skip-ssl, {}",
        "jdbc:mariadb://h/d?sslMode=trust, --protocol=TCP --ssl --skip-ssl-verify-server-cert, {}",
        "jdbc:mariadb://h/d?useSsl=true, --protocol=TCP --ssl-verify-server-cert, {}"
    })
    void withoutCertificates(String url, String options, String environment) {
        ClientAccess access = access(url);
        assertThat(String.join(" ", access.options())).isEqualTo(options);
        assertThat(access.environment()).hasToString(environment);
        assertThat(access.authorities()).isEmpty();
        assertThat(access.host()).isEqualTo("h");
    }

    @Test
    void certificatesBecomePem() throws Exception {
        String pem = Files.readString(certificates.pem("authority"));
        Path der = directory.resolve("authority.der");
        Files.write(der, Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
        String store = "trustCertificateKeyStoreUrl=file:" + certificates.trustStore("authority")
                + "&trustCertificateKeyStorePassword=" + certificates.trustStorePassword();
        for (String url : List.of(
                "jdbc:postgresql://h/d?sslmode=verify-ca&sslrootcert=" + certificates.pem("authority"),
                "jdbc:postgresql://h/d?sslmode=verify-full&sslrootcert=" + der,
                "jdbc:mysql://h/d?sslMode=VERIFY_CA&" + store,
                "jdbc:mysql://h/d?useSSL=true&verifyServerCertificate=true&" + store,
                "jdbc:mysql://h/d?sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreType=PKCS12&" + store,
                "jdbc:mariadb://h/d?sslMode=verify-full&serverSslCert=" + certificates.pem("authority"),
                "jdbc:mariadb://h/d?sslMode=verify-full&serverSslCert=" + pem,
                "jdbc:mariadb://h/d?sslMode=verify-full&trustStore=" + certificates.trustStore("authority")
                        + "&trustStorePassword=" + certificates.trustStorePassword())) {
            ClientAccess access = access(url);
            assertThat(access.authorities()).as(url).isEqualTo(pem);
            assertThat(access.checksName()).as(url).isEqualTo(url.matches(".*(verify-full|VERIFY_IDENTITY)[\\s\\S]*"));
            assertThat(access.options() + " " + access.environment())
                    .contains(ClientAccess.AUTHORITIES)
                    .doesNotContain(certificates.trustStorePassword());
        }
    }

    @Test
    void whatThisJvmTrustsIsTrustedByDefault() {
        assertThat(access("jdbc:mysql://h/d?sslMode=VERIFY_CA").authorities())
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .endsWith("\n-----END CERTIFICATE-----\n");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d?sslcert=c.pem, psql cannot be given sslcert of the JDBC URL",
        "jdbc:postgresql://h/d?sslKey=c.pk8, psql cannot be given sslKey of the JDBC URL",
        "jdbc:mysql://h/d?clientCertificateKeyStoreUrl=file:c, mysql cannot be given clientCertificateKeyStoreUrl of",
        "jdbc:mariadb://h/d?keyStore=c.p12, mariadb cannot be given keyStore of the JDBC URL"
    })
    void clientCertificatesAreNotSupported(String url, String message) {
        assertThatThrownBy(() -> access(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("as client certificates are not supported: name a user who logs in by password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://h/d?sslfactory=x | psql cannot be given sslfactory of the JDBC URL, which is not supported: of"
                        + " TLS it is told what ssl, sslmode, sslresponsetimeout, sslrootcert say; leave it out, or dump with"
                        + " psql by hand and name the file",
                "jdbc:mysql://h/d?tlsVersions=TLSv1.3 | mysql cannot be given tlsVersions of the JDBC URL",
                "jdbc:mariadb://h/d?sslMode=verify-ca | mariadb cannot be given sslMode=verify-ca of the JDBC URL: the tool takes"
                        + " disable, trust or verify-full",
                "jdbc:mariadb://h/d?sslMode=verify-full&serverSslCert=classpath:ca.pem | mariadb cannot be given"
                        + " serverSslCert=classpath:ca.pem of the JDBC URL",
                "jdbc:postgresql://h/d?sslmode=verify-ca&sslrootcert=/no/such/file | sslrootcert of the JDBC URL names"
                        + " /no/such/file, which cannot be read: ",
                "jdbc:mysql://h/d?sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=file:/no/such/file |"
                        + " trustCertificateKeyStoreUrl of the JDBC URL names file:/no/such/file, which cannot be read: "
            })
    void anythingElseIsRefused(String url, String message) {
        assertThatThrownBy(() -> access(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        assertThatThrownBy(() -> access("jdbc:postgresql://h/d?sslmode=verify-ca&sslrootcert=" + empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "sslrootcert of the JDBC URL names " + empty + ", which holds no certificate of an authority");
        assertThatThrownBy(() -> access("jdbc:mysql://h/d?sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=file:"
                        + certificates.trustStore("authority") + "&trustCertificateKeyStorePassword=wrong"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which cannot be read: ")
                .hasMessageNotContaining("wrong&");
    }

    @Test
    void toolsBesideAServerNeedNothing() {
        for (Engine engine : Engine.ALL) {
            assertThat(engine.accessBeside())
                    .isEqualTo(new ClientAccess("127.0.0.1", engine.port(), List.of(), Map.of(), "", false));
        }
    }
}
