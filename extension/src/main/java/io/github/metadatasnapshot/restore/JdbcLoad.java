package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.ClientMode;
import java.io.IOException;
import java.sql.SQLException;

/**
 * The backup's statements over JDBC, up to the first error; on PostgreSQL in one transaction. Needs no client beside the
 * server, and none is used where there is one.
 */
public record JdbcLoad() implements RestoreProcedure {

    @Override
    public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
        return EngineClient.overJdbc(attempt, ClientMode.STRICT);
    }

    @Override
    public String toString() {
        return "JdbcLoad";
    }
}
