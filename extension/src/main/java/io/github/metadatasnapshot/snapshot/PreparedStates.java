package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Originals;
import io.github.metadatasnapshot.server.CachedDatabases;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Databases that nobody changes, of which tests get copies: each snapshot is made once for a server, when it is first asked
 * for. Where a server holds too much, what was not used for longest is dropped: which use is the last, JUnit does not tell.
 * While a processor is free, the next copy of a state that was asked for before is made ahead. Safe for use by several
 * threads.
 */
public final class PreparedStates implements Originals, AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final long mostBytes;
    private final int processors;
    private final Memo<Key, State> memo = new Memo<>();
    private final Map<Key, State> states = new HashMap<>();
    private final Map<TestDatabase, State> origins = new ConcurrentHashMap<>();
    private final Set<TestDatabase> inUse = new HashSet<>();
    private final Background background = new Background();
    private long uses;

    private record Key(DatabaseServer server, Migrator migrator, Optional<String> version, Optional<String> backup) {}

    /** A database that is copied; fields that change are guarded by the states. */
    private static final class State {

        private final TestDatabase database;
        private final DatabaseState contents;
        private final long bytes;
        private final Deque<TestDatabase> unchanged = new ArrayDeque<>();
        private final Deque<TestDatabase> ahead = new ArrayDeque<>();
        private int copies;
        private int requests;
        private long lastUse;
        private boolean dropped;
        private volatile boolean compared;

        State(TestDatabase database, DatabaseState contents, long bytes) {
            this.database = database;
            this.contents = contents;
            this.bytes = bytes;
        }

        /** Tells whether there is a copy that no test uses. */
        boolean hasSpare() {
            return !unchanged.isEmpty() || !ahead.isEmpty();
        }

        /** {@return such a copy, which is nobody's any more} */
        TestDatabase removeSpare() {
            return unchanged.isEmpty() ? ahead.remove() : unchanged.remove();
        }

        boolean isWantedAhead() {
            return !dropped && requests > 1 && ahead.isEmpty();
        }
    }

    /**
     * Creates the states of one run.
     *
     * @param mostBytes how much disk those of a server may take with their copies, in bytes, before what no test uses is
     *     dropped; 0 keeps none, so that every database is made anew
     */
    public PreparedStates(long mostBytes) {
        this(mostBytes, Runtime.getRuntime().availableProcessors());
    }

    /** As {@link #PreparedStates(long)}, with as many processors as databases in use leave none free to work ahead. */
    PreparedStates(long mostBytes, int processors) {
        this.mostBytes = mostBytes;
        this.processors = processors;
    }

    /**
     * Makes a fresh database in the state of a snapshot: a copy, where the server can copy databases.
     *
     * @param snapshot the state
     * @param plain the server; the defaults of its databases are those that the backup says, unless it was given others
     * @return the database, to be closed after use
     * @throws RuntimeException as {@link Snapshot#create} does; all who ask for a state that cannot be made are told
     */
    public TestDatabase create(Snapshot snapshot, DatabaseServer plain) {
        DatabaseServer server = snapshot.on(plain);
        if (mostBytes == 0 || !server.copies()) {
            return snapshot.create(server);
        }
        Key key = key(snapshot, server);
        State state = take(key, snapshot);
        TestDatabase made;
        synchronized (this) {
            made = state.ahead.poll();
            if (made != null) {
                state.copies--;
            }
        }
        TestDatabase copy = made == null ? copy(key, state) : made;
        handOut(copy, key, state);
        return copy;
    }

    private TestDatabase copy(Key key, State state) {
        try {
            TestDatabase copy = key.server().copyOf(state.database);
            compareFirst(copy, key, state);
            origins.put(copy, state);
            copy.onClose(() -> {
                origins.remove(copy);
                synchronized (this) {
                    inUse.remove(copy);
                }
                giveBack(key, state);
            });
            return copy;
        } catch (RuntimeException | Error e) {
            giveBack(key, state);
            throw e;
        }
    }

    /** Makes sure that copies hold what the state does, where they are not made by the server itself. */
    private static void compareFirst(TestDatabase copy, Key key, State state) {
        if (state.compared || !key.server().engine().copiesBySql()) {
            return;
        }
        List<String> differences;
        try (Connection connection = copy.open()) {
            differences = state.contents.differences(
                    DatabaseState.read(connection, copy.engine(), key.migrator().historyTable()));
        } catch (SQLException e) {
            copy.close();
            throw new ServerException("The copy " + copy + " cannot be read: " + e.getMessage(), e);
        }
        if (!differences.isEmpty()) {
            copy.close();
            throw new ServerException(
                    "A copy of " + state.database
                            + " does not hold what the database does, so no test can have one:\n- "
                            + String.join("\n- ", differences)
                            + "\nSet metadatasnapshot.states.megabytes=0, and each database is made anew",
                    null);
        }
        state.compared = true;
    }

    private void handOut(TestDatabase copy, Key key, State state) {
        boolean makesAhead;
        List<TestDatabase> superfluous = new ArrayList<>();
        synchronized (this) {
            inUse.add(copy);
            makesAhead = inUse.size() < processors
                    && state.isWantedAhead()
                    && bytes(key.server()) + state.bytes <= mostBytes;
            if (makesAhead) {
                state.copies++;
                // The tests have gone on to another state.
                states.forEach((of, each) -> {
                    if (of.server().spec().equals(key.server().spec()) && each != state) {
                        superfluous.addAll(each.ahead);
                        each.ahead.clear();
                    }
                });
            }
        }
        if (makesAhead) {
            background.run(() -> makeAhead(key, state));
        }
        superfluous.forEach(this::closeLater);
    }

    private void makeAhead(Key key, State state) {
        TestDatabase copy;
        try {
            copy = copy(key, state);
        } catch (ServerException e) {
            // Whoever needs one is told.
            return;
        }
        synchronized (this) {
            state.ahead.add(copy);
        }
    }

    /**
     * Closes a database soon, while whoever is done with it goes on; at once where the next test may need its place.
     *
     * @param database a database that {@link #create} or {@link #createOrReuse} returned
     */
    public void closeLater(TestDatabase database) {
        if (database.server().copies()) {
            background.run(database::close);
        } else {
            database.close();
        }
    }

    /** Leaves out what is waiting to be done, and waits for what is being done: to be called before the servers stop. */
    @Override
    public void close() {
        background.close();
    }

    /**
     * Makes a database as {@link #create} does, or returns one that was {@linkplain #keepForReuse kept}: in what a state does
     * not tell it may differ from a fresh one.
     *
     * @param snapshot the state
     * @param plain the server, as in {@link #create}
     * @return the database, to be closed after use, or kept again
     * @throws RuntimeException as of {@link #create}
     */
    public TestDatabase createOrReuse(Snapshot snapshot, DatabaseServer plain) {
        DatabaseServer server = snapshot.on(plain);
        TestDatabase kept = null;
        synchronized (this) {
            State state = states.get(key(snapshot, server));
            if (state != null) {
                kept = state.unchanged.poll();
            }
            if (kept != null) {
                inUse.add(kept);
            }
        }
        return kept == null ? create(snapshot, server) : kept;
    }

    /**
     * Keeps a database for who may {@linkplain #createOrReuse reuse} it, or closes it where it is no more what it was.
     *
     * @param database a database that {@link #create} or {@link #createOrReuse} returned
     * @param contents what it holds now
     */
    public void keepForReuse(TestDatabase database, DatabaseState contents) {
        boolean kept = false;
        synchronized (this) {
            State state = origins.get(database);
            if (state != null && state.contents.equals(contents)) {
                state.unchanged.add(database);
                inUse.remove(database);
                kept = true;
            }
        }
        if (!kept) {
            closeLater(database);
        }
    }

    /**
     * Tells what a fresh database holds.
     *
     * @param database a database that nobody has changed since {@link #create} or {@link #createOrReuse} returned it
     * @return what it holds; empty where that was not looked at
     */
    public Optional<DatabaseState> contents(TestDatabase database) {
        return Optional.ofNullable(origins.get(database)).map(state -> state.contents);
    }

    private static Key key(Snapshot snapshot, DatabaseServer server) {
        return new Key(
                server,
                snapshot.migrator(),
                snapshot.version(),
                snapshot.backup().map(Backup::identity));
    }

    private State take(Key key, Snapshot snapshot) {
        while (true) {
            State state = memo.get(key, () -> prepare(snapshot, key.server()));
            synchronized (this) {
                if (!state.dropped) {
                    states.put(key, state);
                    state.copies++;
                    state.requests++;
                    state.lastUse = ++uses;
                }
            }
            if (!state.dropped) {
                makeRoom(key.server());
                return state;
            }
        }
    }

    private void giveBack(Key key, State state) {
        synchronized (this) {
            state.copies--;
        }
        makeRoom(key.server());
    }

    private static State prepare(Snapshot snapshot, DatabaseServer server) {
        Optional<CachedDatabases> cached = server.cached();
        Optional<State> found = cached.flatMap(databases -> find(snapshot, databases));
        if (found.isPresent()) {
            return found.get();
        }
        State state = state(snapshot, snapshot.create(server));
        cached.ifPresent(databases -> StateKey.of(snapshot, state.database)
                .ifPresent(key -> databases.keep(state.database, key, StateKey.contents(state.contents))));
        return state;
    }

    /** Takes what an earlier run has made of the same. */
    private static Optional<State> find(Snapshot snapshot, CachedDatabases databases) {
        Optional<CachedDatabases.Found> found =
                databases.any().flatMap(any -> StateKey.of(snapshot, any)).flatMap(databases::take);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TestDatabase database = found.get().database();
        try {
            State state = state(snapshot, database);
            if (StateKey.contents(state.contents).equals(found.get().contents())) {
                LOGGER.log(System.Logger.Level.DEBUG, "{0} was prepared by an earlier run", database);
                return Optional.of(state);
            }
            database.close();
        } catch (SnapshotException | ServerException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "A database of an earlier run cannot be read", e);
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "{0}, which an earlier run prepared, does not hold what it held then: it is prepared anew",
                database);
        return Optional.empty();
    }

    private static State state(Snapshot snapshot, TestDatabase database) {
        database.named(snapshot.migrator().historyTable().databaseName());
        try (Connection connection = database.open()) {
            State state = new State(
                    database,
                    DatabaseState.read(
                            connection, database.engine(), snapshot.migrator().historyTable()),
                    database.engine().databaseBytes(connection));
            database.freeze();
            return state;
        } catch (SQLException e) {
            database.close();
            throw new SnapshotException("The state of " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the disk that states take with their copies, in bytes} */
    private synchronized long bytes(DatabaseServer server) {
        return states.entrySet().stream()
                .filter(entry -> entry.getKey().server().spec().equals(server.spec()))
                .mapToLong(entry -> entry.getValue().bytes * (1 + entry.getValue().copies))
                .sum();
    }

    /** Drops copies that no test uses, and where there are none states that no copy is made of. */
    private void makeRoom(DatabaseServer server) {
        List<TestDatabase> drop = new ArrayList<>();
        synchronized (this) {
            List<Map.Entry<Key, State>> oldestFirst = states.entrySet().stream()
                    .filter(entry -> entry.getKey().server().spec().equals(server.spec()))
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().lastUse))
                    .toList();
            long bytes = bytes(server);
            for (Map.Entry<Key, State> entry : oldestFirst) {
                State state = entry.getValue();
                while (bytes > mostBytes && state.hasSpare()) {
                    drop.add(state.removeSpare());
                    bytes -= state.bytes;
                }
            }
            List<Map.Entry<Key, State>> droppable = drop.isEmpty() ? oldestFirst : List.of();
            for (Map.Entry<Key, State> entry : droppable) {
                State state = entry.getValue();
                if (bytes > mostBytes && state.copies == 0) {
                    state.dropped = true;
                    states.remove(entry.getKey());
                    memo.forget(entry.getKey());
                    drop.add(state.database);
                    bytes -= state.bytes;
                }
            }
        }
        // To give a copy back makes room again.
        drop.forEach(PreparedStates::closeUnneeded);
    }

    /** Whoever asked for another state must not suffer. */
    private static void closeUnneeded(TestDatabase database) {
        try {
            database.close();
        } catch (ServerException e) {
            LOGGER.log(System.Logger.Level.WARNING, e.getMessage());
        }
    }

    @Override
    public Optional<TestDatabase> of(TestDatabase database, DatabaseState now) {
        return Optional.ofNullable(origins.get(database))
                .filter(state -> state.contents.equals(now))
                .map(state -> state.database);
    }
}
