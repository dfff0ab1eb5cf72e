package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority, a server's certificate of its own, and an authority that has nothing to do with it. */
public final class Certificates {

    /** The names in the server's certificate. */
    public static final List<String> NAMES = List.of("localhost", "db.example.test");

    private static final String PASSWORD = "changeit";

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes new ones by the JDK's keytool.
     *
     * @param directory takes them
     */
    public static Certificates create(Path directory) throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.keytool("authority", "authority", "-ext", "bc:c");
        certificates.keytool(
                "authority", "server", "-signer", "authority", "-ext", "san=dns:" + String.join(",dns:", NAMES));
        certificates.keytool("other", "other", "-ext", "bc:c");
        for (String authority : List.of("authority", "other")) {
            Files.writeString(certificates.pem(authority), certificates.certificate(authority, authority));
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry(authority, certificates.store(authority).getCertificate(authority));
            try (OutputStream out = Files.newOutputStream(certificates.trustStore(authority))) {
                trust.store(out, PASSWORD.toCharArray());
            }
        }
        return certificates;
    }

    private void keytool(String store, String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                directory.resolve(store + ".p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2"));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + printed);
        }
    }

    private KeyStore store(String name) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private String certificate(String store, String alias) throws GeneralSecurityException, IOException {
        return pem("CERTIFICATE", store(store).getCertificate(alias).getEncoded());
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    /** {@return the file with an authority's certificate: {@code authority}, or {@code other}} */
    public Path pem(String authority) {
        return directory.resolve(authority + ".pem");
    }

    /** {@return the PKCS12 trust store with an authority's certificate} */
    public Path trustStore(String authority) {
        return directory.resolve(authority + "-trust.p12");
    }

    /** {@return the password of the trust stores} */
    public String trustStorePassword() {
        return PASSWORD;
    }

    String serverCertificate() throws GeneralSecurityException, IOException {
        return certificate("authority", "server");
    }

    String serverKey() throws GeneralSecurityException, IOException {
        Key key = store("authority").getKey("server", PASSWORD.toCharArray());
        return pem("PRIVATE KEY", key.getEncoded());
    }
}
