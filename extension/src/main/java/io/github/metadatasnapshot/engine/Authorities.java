package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificates of the authorities that a JDBC URL trusts, as the PEM text that client tools read. */
final class Authorities {

    private static final int PEM_COLUMNS = 64;

    private Authorities() {}

    /**
     * Reads certificates from a file.
     *
     * @param parameter the URL's parameter that names it
     * @param file a PEM or DER file
     * @throws IllegalArgumentException if it cannot be read, or holds no certificate
     */
    static String ofFile(String parameter, String file) {
        try {
            return of(parameter, file, Files.readAllBytes(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw unreadable(parameter, file, e);
        }
    }

    /** Reads certificates as {@link #ofFile} does, from what a file holds. */
    static String of(String parameter, String name, byte[] content) {
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
            return pem(parameter, name, certificates);
        } catch (CertificateException e) {
            throw unreadable(parameter, name, e);
        }
    }

    /** Opens a trust store. */
    interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * Reads the certificates of a trust store.
     *
     * @param parameter the URL's parameter that names it
     * @param name what it names
     * @param opener opens it
     * @param type its type, such as {@code PKCS12}; {@code JKS} reads either
     * @param password its password
     * @throws IllegalArgumentException if it cannot be read, or holds no certificate
     */
    static String ofStore(String parameter, String name, Opener opener, String type, Optional<String> password) {
        try (InputStream in = opener.open()) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(in, password.map(String::toCharArray).orElse(null));
            List<Certificate> certificates = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)) {
                    certificates.add(store.getCertificate(alias));
                }
            }
            return pem(parameter, name, certificates);
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(parameter, name, e);
        }
    }

    /** {@return what this JVM trusts, where a URL names nothing else} */
    static String ofThisJvm() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            List<Certificate> certificates = new ArrayList<>();
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    certificates.addAll(List.of(x509.getAcceptedIssuers()));
                }
            }
            return pem("the default", "of this JVM", certificates);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The trust store of this JVM cannot be read: " + e.getMessage(), e);
        }
    }

    private static String pem(String parameter, String name, Collection<? extends Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    parameter + " of the JDBC URL names " + name + ", which holds no certificate of an authority");
        }
        return certificates.stream().map(Authorities::pem).collect(joining());
    }

    private static String pem(Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(PEM_COLUMNS, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("A certificate cannot be written as PEM: " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException unreadable(String parameter, String name, Exception cause) {
        return new IllegalArgumentException(
                parameter + " of the JDBC URL names " + name + ", which cannot be read: " + cause, cause);
    }
}
