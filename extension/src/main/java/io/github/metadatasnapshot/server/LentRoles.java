package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.CreatedRoles;
import io.github.metadatasnapshot.engine.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The roles of a server that were created for the backups of its tests. They belong to the whole server: each lasts as long as
 * any database that asked for it.
 */
final class LentRoles {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final Engine engine;
    private final Map<String, SortedSet<String>> roles = new TreeMap<>();
    private final Map<String, Set<String>> users = new TreeMap<>();

    LentRoles(Engine engine) {
        this.engine = engine;
    }

    /**
     * Creates the roles that the server lacks.
     *
     * @param connection a connection to the database
     * @param database the database's name
     * @param names the roles
     * @return those that can be neither created nor used
     */
    synchronized SortedSet<String> lend(Connection connection, String database, Collection<String> names)
            throws SQLException {
        CreatedRoles result = engine.createMissingRoles(connection, names);
        result.created().forEach(role -> users.put(role, new HashSet<>()));
        for (String role : names) {
            if (!result.refused().contains(role)) {
                roles.computeIfAbsent(database, key -> new TreeSet<>()).add(role);
            }
            Set<String> databases = users.get(role);
            if (databases != null) {
                databases.add(database);
            }
        }
        return result.refused();
    }

    /** Takes over what was lent to a database before the server was started. */
    synchronized void adopt(CachedState state) {
        roles.put(state.database(), new TreeSet<>(state.roles()));
        state.created()
                .forEach(role ->
                        users.computeIfAbsent(role, key -> new HashSet<>()).add(state.database()));
    }

    /** {@return the roles that were lent to a database} */
    synchronized SortedSet<String> of(String database) {
        return new TreeSet<>(roles.getOrDefault(database, new TreeSet<>()));
    }

    /** {@return those of them that the server lacked} */
    synchronized SortedSet<String> createdFor(String database) {
        SortedSet<String> created = of(database);
        created.retainAll(users.keySet());
        return created;
    }

    /** Gives the roles of a database to its copy as well. */
    synchronized void copy(String source, TestDatabase copy) throws SQLException {
        SortedSet<String> names = roles.get(source);
        if (names != null) {
            try (Connection connection = copy.open()) {
                lend(connection, copy.name(), names);
            }
        }
    }

    /**
     * Drops the roles that no database uses any more, once the database is gone. One that cannot be dropped yet, because a copy
     * of the database holds something of it, is tried again with the next database.
     */
    synchronized void takeBack(Connection admin, String database) {
        Collection<String> lent = roles.remove(database);
        if (lent == null) {
            return;
        }
        users.values().forEach(databases -> databases.remove(database));
        try {
            engine.revokeRoles(admin, database, lent);
        } catch (SQLException e) {
            log("Privileges on " + database, e);
        }
        for (String role : new ArrayList<>(users.keySet())) {
            if (users.getOrDefault(role, Set.of()).isEmpty()) {
                drop(admin, role);
            }
        }
    }

    private void drop(Connection admin, String role) {
        try {
            engine.dropRole(admin, role);
            users.remove(role);
        } catch (SQLException e) {
            log("Role " + role, e);
        }
    }

    private static void log(String what, SQLException e) {
        LOGGER.log(System.Logger.Level.DEBUG, what + " remained on the server", e);
    }
}
