package io.github.metadatasnapshot.restore;

import java.time.Duration;
import java.util.Optional;

/**
 * What a restore may need beside a backup and a database.
 *
 * @param preparation makes an empty database one that a data-only backup is meant for
 * @param second a second load, into a database like this one, that decides where the client reports success and the file was
 *     counted otherwise; empty where the file's count is to be believed
 * @param lockWait how long the client may wait for a lock of another session before it is ended
 */
public record RestoreOptions(RestoreAttempt.Preparation preparation, Optional<SecondLoad> second, Duration lockWait) {

    /** How long a client may wait by default. */
    public static final Duration LOCK_WAIT = Duration.ofSeconds(60);

    /** Knows no migrations, believes the file, and waits as by default. */
    public static final RestoreOptions NONE =
            new RestoreOptions(RestoreAttempt.Preparation.NONE, Optional.empty(), LOCK_WAIT);

    /** {@return the same with a second load} */
    public RestoreOptions with(SecondLoad load) {
        return new RestoreOptions(preparation, Optional.of(load), lockWait);
    }
}
