package io.github.metadatasnapshot.engine;

import java.util.List;

/** MariaDB: MySQL but for its names, its driver and the older spelling of a few settings. */
final class MariaDbEngine extends MySqlEngine {

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
}
