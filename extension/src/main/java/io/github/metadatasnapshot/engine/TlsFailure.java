package io.github.metadatasnapshot.engine;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a driver does not take a server's certificate, which drivers say in the last of their causes. */
final class TlsFailure {

    /** How pgjdbc, the JDK for Connector/J, and MariaDB's driver say that a certificate is for another name. */
    private static final Pattern OTHER_NAME = Pattern.compile(
            "could not be verified by hostnameverifier|identity verification failed|No (?:subject alternative|name"
                    + " matching)|hostname verification failed",
            Pattern.CASE_INSENSITIVE);

    private TlsFailure() {}

    /**
     * Explains a failure to connect.
     *
     * @param failure what the driver has thrown
     * @param authorities the URL's parameter that names the authorities which are trusted
     * @return the reason, empty where it is not about the server's certificate
     */
    static Optional<String> explain(Throwable failure, String authorities) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (each instanceof CertPathBuilderException || each instanceof CertPathValidatorException) {
                return Optional.of("the server's certificate is not signed by an authority that the URL trusts ("
                        + message + "): name the one of this server by " + authorities);
            }
            if (OTHER_NAME.matcher(message).find()) {
                return Optional.of("the server's certificate is for another name than the URL's (" + firstLine(message)
                        + "): connect by a name that the certificate holds");
            }
        }
        return Optional.empty();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
