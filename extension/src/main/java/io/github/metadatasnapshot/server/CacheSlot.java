package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of the cache that belongs to one server: what it holds now, and what is to be written when the run ends. */
final class CacheSlot {

    private static final int MOST_DAYS_UNUSED = 7;

    private final StateCache cache;
    private final String server;
    private final Map<String, CachedState> states = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private boolean changed;

    /**
     * @param server a fingerprint of all that makes the server's data directory: another server cannot be started on it
     */
    CacheSlot(StateCache cache, String server) {
        this.cache = cache;
        this.server = server;
    }

    /**
     * Starts a server on what an earlier run has left, or without it where there is nothing or that does not start; it is
     * deleted then.
     */
    static <S> S start(Optional<CacheSlot> slot, Function<StateCache.@Nullable Entry, S> starter) {
        String useless = null;
        try (StateCache.Entry entry =
                slot.flatMap(found -> found.cache.open(found.server)).orElse(null)) {
            if (entry != null) {
                return starter.apply(entry);
            }
        } catch (IOException | ServerException e) {
            useless = String.valueOf(e.getMessage());
        }
        S started = starter.apply(null);
        // Where it does not start without them either, it is not for the states.
        if (slot.isPresent() && useless != null) {
            slot.get().cache.discard(slot.get().server, useless);
        }
        return started;
    }

    /** Notes what the server was started with. */
    synchronized void found(Collection<CachedState> found) {
        found.forEach(state -> states.put(state.key(), state));
    }

    synchronized List<CachedState> all() {
        return List.copyOf(states.values());
    }

    /** Hands a state out, once: whoever has it may drop its database. */
    synchronized Optional<CachedState> use(String key) {
        return Optional.ofNullable(states.get(key)).filter(state -> used.add(key));
    }

    /** Leaves a state for the next run, unless there is one of the same key already. */
    synchronized void keep(CachedState state) {
        changed |= states.putIfAbsent(state.key(), state) == null;
        used.add(state.key());
    }

    /** Leaves a database out that is no longer there. */
    synchronized void forget(String database) {
        changed |= states.values().removeIf(state -> state.database().equals(database));
    }

    static long today() {
        return LocalDate.now(ZoneOffset.UTC).toEpochDay();
    }

    /** {@return what is to be written; empty where that is what there is already} */
    synchronized List<CachedState> toSave(LentRoles roles) {
        List<CachedState> save = new ArrayList<>();
        if (changed) {
            for (CachedState state : states.values()) {
                long lastUse = used.contains(state.key()) ? today() : state.lastUse();
                if (lastUse >= today() - MOST_DAYS_UNUSED) {
                    save.add(state.with(roles.of(state.database()), roles.createdFor(state.database()), lastUse));
                }
            }
        }
        return save;
    }

    void save(List<CachedState> save, StateCache.Data data) {
        cache.save(server, save, data);
    }
}
