package io.github.metadatasnapshot.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The parameters of a JDBC URL, whatever the case of their names. */
final class UrlParameters {

    /** Those of a client's own certificate and key, of all drivers. */
    private static final Pattern CLIENT_CERTIFICATE = Pattern.compile(
            "sslcert|sslkey|sslpassword.*|clientCertificate.*|keyStore.*|keyPassword", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> values;

    private UrlParameters(Map<String, String> values) {
        this.values = values;
    }

    /** Reads what comes after the question mark. */
    static UrlParameters of(String url) {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int query = url.indexOf('?');
        if (query >= 0) {
            for (String parameter : url.substring(query + 1).split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (!name.isEmpty()) {
                    values.put(name, equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
                }
            }
        }
        return new UrlParameters(values);
    }

    private static String decoded(String value) {
        try {
            // A plus sign stands for itself in the drivers' URLs.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** {@return the value, empty where the parameter is not there} */
    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** {@return whether the value is {@code true}} */
    boolean isTrue(String name) {
        return get(name).filter("true"::equalsIgnoreCase).isPresent();
    }

    /**
     * Fails where a parameter is about TLS and the client tools are not told of it.
     *
     * @param tls what the names of such parameters look like
     * @param known those that the tools are told of
     * @param tool the tool that is named in the message
     * @throws IllegalArgumentException if there is another one
     */
    void requireOnly(Pattern tls, Set<String> known, String tool) {
        for (String name : values.keySet()) {
            if (CLIENT_CERTIFICATE.matcher(name).matches()) {
                throw new IllegalArgumentException(tool + " cannot be given " + name + " of the JDBC URL, as client"
                        + " certificates are not supported: name a user who logs in by password, or dump with " + tool
                        + " by hand and name the file");
            }
            if (tls.matcher(name).find() && known.stream().noneMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException(tool + " cannot be given " + name
                        + " of the JDBC URL, which is not supported: of TLS it is told what "
                        + String.join(", ", known.stream().sorted().toList())
                        + " say; leave it out, or dump with " + tool + " by hand and name the file");
            }
        }
    }

    /** The refusal of a parameter's value. */
    static IllegalArgumentException unknownValue(String name, String value, String tool, String values) {
        return new IllegalArgumentException(
                tool + " cannot be given " + name + "=" + value + " of the JDBC URL: the tool takes " + values);
    }
}
