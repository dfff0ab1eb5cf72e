package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look at a PostgreSQL database with settings of its own, which end with it: a transaction, or a part of the one that the
 * connection is in, that is rolled back.
 */
final class PostgreSqlSession implements AutoCloseable {

    /**
     * What the text of values and expressions depends on. Without a search path every name that a definition mentions is
     * printed with its schema.
     */
    private static final String SETTINGS = """
            SELECT set_config('search_path', '', true), set_config('TimeZone', 'UTC', true),
              set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
              set_config('extra_float_digits', '3', true), set_config('bytea_output', 'hex', true),
              set_config('lc_monetary', 'C', true), set_config('xmlbinary', 'base64', true),
              set_config('xmloption', 'content', true), set_config('quote_all_identifiers', 'off', true),
              -- Compiling one long statement takes ten times as long as running it.
              set_config('jit', 'off', true)
            """;

    private final Connection connection;
    private final @Nullable Savepoint savepoint;

    PostgreSqlSession(Connection connection) throws SQLException {
        this.connection = connection;
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        try {
            savepoint = autoCommit ? null : connection.setSavepoint();
            if (autoCommit) {
                Engine.execute(connection, List.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"));
            }
            Engine.queryForStrings(connection, SETTINGS);
        } catch (SQLException e) {
            if (autoCommit) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        if (savepoint == null) {
            connection.rollback();
            connection.setAutoCommit(true);
        } else {
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
        }
    }
}
