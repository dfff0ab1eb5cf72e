package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a database again and again, for the first change. */
final class StateWatch implements ProductServer.Observer {

    private final TestDatabase database;
    private final HistoryTable history;
    private final DatabaseState before;
    private ServerStart.@Nullable Change change;

    StateWatch(TestDatabase database, HistoryTable history) {
        this.database = database;
        this.history = history;
        this.before = read();
    }

    String version() {
        return before.history().describeVersion();
    }

    @Override
    public void look(String after) {
        if (change != null) {
            return;
        }
        List<String> differences = before.differences(read());
        if (!differences.isEmpty()) {
            change = new ServerStart.Change(after, differences);
        }
    }

    Optional<ServerStart.Change> change() {
        return Optional.ofNullable(change);
    }

    private DatabaseState read() {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), history);
        } catch (SQLException e) {
            throw new ServerException(
                    "The state of " + database + ", on which a server was started, cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
