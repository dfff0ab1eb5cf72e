package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** MariaDB: MySQL but for its names, its driver and the older spelling of a few settings. */
final class MariaDbEngine extends MySqlEngine {

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
