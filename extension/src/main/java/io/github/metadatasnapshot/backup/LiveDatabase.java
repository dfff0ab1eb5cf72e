package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A database that is named as a backup, such as one that a cloud service has restored from its own snapshot. It is captured,
 * and nothing in it is changed.
 *
 * @param engine its engine
 * @param url the JDBC URL, without a password
 * @param user a user who may read all of it
 * @param password the user's password
 */
public record LiveDatabase(Engine engine, String url, String user, String password) {

    private static final String PREFIX = "jdbc:";

    /** The password of a login, not that of a trust store. */
    private static final Pattern PASSWORD = Pattern.compile("(?i)[?&;,(]password\\d?=|//[^/?@]*:[^/?@]*@");

    /** Tells whether a location is one of these. */
    public static boolean isOne(String location) {
        return location.startsWith(PREFIX);
    }

    /**
     * Checks the location.
     *
     * @throws BackupException if the URL is of another engine, or holds a password
     */
    public LiveDatabase {
        if (PASSWORD.matcher(url).find()) {
            throw new BackupException(
                    "The backup " + name(url) + " is a URL with a password in it: leave that out, and set"
                            + " metadatasnapshot.backup." + engine.id() + ".user and .password");
        }
        if (!Engine.ofJdbcUrl(url).filter(engine::equals).isPresent()) {
            throw new BackupException("The backup " + name(url) + " is no database of " + engine.displayName()
                    + ", which the test runs on: name one whose URL begins with jdbc:" + engine.id()
                    + ":, where {engine} stands for that");
        }
        if (user.isEmpty()) {
            throw new BackupException(
                    "The backup " + name(url) + " is a database, and no user is named who reads it: set"
                            + " metadatasnapshot.backup." + engine.id() + ".user and .password");
        }
    }

    /** {@return the URL for messages: without its parameters, and what is a key to it} */
    public String name() {
        return name(url);
    }

    private static String name(String url) {
        return url.replaceFirst("(?s)\\?.*$", "").replaceFirst("//[^/@]*@", "//");
    }

    private SnapshotCapture capture(HistoryTable history) {
        return SnapshotCapture.from(url, user, password).historyTable(history);
    }

    /**
     * Reads which version it is at.
     *
     * @param history its history table
     * @return the version
     * @throws BackupException if it cannot be read, or has no history
     */
    public Version version(HistoryTable history) {
        try {
            return capture(history).version();
        } catch (BackupException e) {
            throw refused(e);
        }
    }

    /**
     * Captures it, in one read that is consistent while others write.
     *
     * @param history its history table
     * @param file takes the backup, readable by its owner only
     * @return the backup, by the name of the database
     * @throws BackupException if it cannot be read, or the dump tool fails
     */
    public Backup capture(HistoryTable history, Path file) {
        try {
            capture(history).readableByOwner().to(file);
            return Backup.of(file, name());
        } catch (BackupException e) {
            throw refused(e);
        }
    }

    private BackupException refused(BackupException cause) {
        return new BackupException(
                "The backup " + name() + " is a database that cannot be captured: " + cause.getMessage(), cause);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return name() + " as " + user;
    }
}
