package io.github.metadatasnapshot.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** MariaDB: MySQL but for its names, its driver and the older spelling of a few settings. */
final class MariaDbEngine extends MySqlEngine {

    private static final Set<String> MARIADB_TLS_PARAMETERS =
            Set.of("sslMode", "useSsl", "serverSslCert", "trustStore", "trustStoreType", "trustStorePassword");

    private static final Version FIRST_THAT_INSERTS_HISTORY = Version.of("10.11");

    MariaDbEngine() {
        super("mariadb", "MariaDB", List.of("mariadb"));
    }

    @Override
    public List<String> pathNames() {
        return List.of("mariadb", "mysql");
    }

    @Override
    String client() {
        return "mariadb";
    }

    /** What the driver calls {@code verify-ca}, the client cannot: it checks the name, too, or nothing. */
    @Override
    ClientAccess demanding(ClientAccess server, UrlParameters url) {
        url.requireOnly(TLS_PARAMETER, MARIADB_TLS_PARAMETERS, client());
        List<String> options = new ArrayList<>(TCP);
        String mode = url.get("sslMode")
                .orElse(url.isTrue("useSsl") ? "verify-full" : "disable")
                .toLowerCase(Locale.ROOT);
        switch (mode) {
            case "disable" -> options.add("--skip-ssl");
            case "trust" -> options.addAll(List.of("--ssl", "--skip-ssl-verify-server-cert"));
            case "verify-full" -> options.add("--ssl-verify-server-cert");
            default -> throw UrlParameters.unknownValue("sslMode", mode, client(), "disable, trust or verify-full");
        }
        Optional<String> authorities = mode.equals("verify-full") ? MariaDbEngine.authorities(url) : Optional.empty();
        authorities.ifPresent(pem -> options.add("--ssl-ca=" + ClientAccess.AUTHORITIES));
        return server.demanding(options, Map.of(), authorities.orElse(""), mode.equals("verify-full"));
    }

    private static Optional<String> authorities(UrlParameters url) {
        Optional<String> store = url.get("trustStore").filter(file -> !file.isEmpty());
        if (store.isPresent()) {
            return store.map(file -> Authorities.ofStore(
                    "trustStore",
                    file,
                    () -> Files.newInputStream(Path.of(file.replaceFirst("^file:(?://)?", ""))),
                    url.get("trustStoreType").filter(type -> !type.isEmpty()).orElse("JKS"),
                    url.get("trustStorePassword")));
        }
        return url.get("serverSslCert")
                .filter(certificate -> !certificate.isEmpty())
                .map(certificate -> {
                    if (certificate.startsWith("-----BEGIN")) {
                        return Authorities.of(
                                "serverSslCert", "a text", certificate.getBytes(StandardCharsets.US_ASCII));
                    }
                    if (certificate.startsWith("classpath:")) {
                        throw UrlParameters.unknownValue(
                                "serverSslCert",
                                certificate,
                                "mariadb",
                                "the path of a file, or the certificate itself");
                    }
                    return Authorities.ofFile("serverSslCert", certificate);
                });
    }

    @Override
    String authoritiesParameter() {
        return "serverSslCert";
    }

    @Override
    public DumpTool dumpTool() {
        return DumpTool.MARIADB_DUMP;
    }

    @Override
    public String driverArtifact() {
        return "org.mariadb.jdbc:mariadb-java-client";
    }

    @Override
    public String jdbcUrl(String host, int port, String database) {
        return "jdbc:mariadb://" + host + ":" + port + "/" + database;
    }

    @Override
    int streamingFetchSize() {
        return 5_000;
    }

    @Override
    String internalTables() {
        return "";
    }

    @Override
    boolean hasSequences() {
        return true;
    }

    @Override
    String innodb() {
        return "INNODB_SYS_";
    }

    @Override
    boolean copiesRowsForColumnOrder() {
        return false;
    }

    @Override
    Version firstWithTablespaces() {
        return Version.of("11.8");
    }

    @Override
    String isImportable() {
        return "TRUE";
    }

    @Override
    String systemCommandOption() {
        return "";
    }

    @Override
    Map<String, VersionedTables.Period> versionedTables(Connection connection, String database) throws SQLException {
        return VersionedTables.read(this, connection, database);
    }

    @Override
    boolean insertsHistory(Connection connection) throws SQLException {
        return Version.of(serverVersion(connection)).compareTo(FIRST_THAT_INSERTS_HISTORY) >= 0;
    }

    @Override
    String sessionVariables(String names) {
        return "SELECT variable_name, session_value FROM information_schema.system_variables WHERE variable_name IN ("
                + names + ") AND variable_scope LIKE 'SESSION%' AND read_only = 'NO'";
    }

    @Override
    String creationOptions() {
        return ", ' COMMENT ', QUOTE(schema_comment)";
    }
}
