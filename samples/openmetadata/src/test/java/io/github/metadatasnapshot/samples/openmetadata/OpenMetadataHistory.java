package io.github.metadatasnapshot.samples.openmetadata;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.HistoryWriter;
import io.github.metadatasnapshot.migration.WrittenMigration;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;

/** Writes down what was applied, in the tables in which OpenMetadata does. */
record OpenMetadataHistory(Engine engine) implements HistoryWriter {

    private static final int LONGEST_STATEMENT = 10_000;

    @Override
    public void write(Connection connection, WrittenMigration migration) throws SQLException {
        if (OpenMetadata.isRelease(migration.version())) {
            writeRelease(connection, migration);
        } else {
            writeFlyways(connection, migration);
        }
    }

    private void writeFlyways(Connection connection, WrittenMigration migration) throws SQLException {
        String table = engine.quote("DATABASE_CHANGE_LOG");
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + table + " (installed_rank INT PRIMARY KEY,"
                    + " version VARCHAR(50), description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL,"
                    + " script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL,"
                    + " installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL,"
                    + " success BOOLEAN NOT NULL)");
        }
        int number = Integer.parseInt(migration.version().toString().substring("0.0.".length()));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
                + " (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
                + " VALUES (?, ?, ?, 'SQL', ?, ?, '', 0, TRUE)")) {
            insert.setInt(1, number);
            insert.setString(2, String.format("%03d", number));
            insert.setString(3, migration.description());
            insert.setString(4, migration.script().substring(migration.script().lastIndexOf('/') + 1));
            insert.setInt(5, migration.checksum());
            insert.executeUpdate();
        }
    }

    private static void writeRelease(Connection connection, WrittenMigration migration) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO SERVER_CHANGE_LOG (version, migrationFileName, checksum) VALUES (?, ?, ?)")) {
            insert.setString(1, migration.version().toString());
            insert.setString(2, migration.script());
            insert.setString(3, String.valueOf(migration.checksum()));
            insert.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO SERVER_MIGRATION_SQL_LOGS (version, sqlStatement, checksum) SELECT ?, ?, ? FROM"
                        + " (SELECT 1 AS one) AS one WHERE NOT EXISTS (SELECT 1 FROM SERVER_MIGRATION_SQL_LOGS WHERE checksum = ?)")) {
            for (String statement : new LinkedHashSet<>(migration.statements())) {
                insert.setString(1, migration.version().toString());
                insert.setString(2, statement.substring(0, Math.min(statement.length(), LONGEST_STATEMENT)));
                insert.setString(3, md5(statement));
                insert.setString(4, md5(statement));
                insert.executeUpdate();
            }
        }
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%032x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
