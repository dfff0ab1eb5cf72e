package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.server.ServerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The backups of a product whose names tell when they were made, and not of which version they are: that is told by the history
 * in each.
 *
 * @param pattern their location, with a <code>*</code> in the name
 * @param locations where they lie, by version
 * @param unreadable why files tell no version, by location
 * @param superseded the files that are left out, as another one of the same version has a later name; a sentence each
 * @param notListed the places whose files cannot be listed
 */
public record DatedBackups(
        String pattern,
        NavigableMap<Version, String> locations,
        SortedMap<String, String> unreadable,
        List<String> superseded,
        SortedSet<String> notListed) {

    /** Copies the collections. */
    public DatedBackups {
        locations = Collections.unmodifiableNavigableMap(new TreeMap<>(locations));
        unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
        superseded = List.copyOf(superseded);
        notListed = Collections.unmodifiableSortedSet(new TreeSet<>(notListed));
    }

    /**
     * Reads the files of a series.
     *
     * @param series the series
     * @param versions reads the version of the file at a location; what it throws is told as the reason why it is not known
     * @param laterName whether, of two files of one version, the one with the later name is taken
     * @return the files by version
     * @throws SnapshotException if two files beside each other are of the same version, and none is to be taken
     */
    public static DatedBackups read(BackupSeries series, Function<String, Version> versions, boolean laterName) {
        NavigableMap<Version, String> locations = new TreeMap<>();
        SortedMap<String, String> unreadable = new TreeMap<>();
        List<String> superseded = new ArrayList<>();
        SortedSet<String> notListed = new TreeSet<>();
        for (List<String> beside : series.dated(notListed)) {
            Map<Version, String> found = new HashMap<>();
            for (String location : beside) {
                Version version;
                try {
                    version = versions.apply(location);
                } catch (BackupException | SnapshotException | MigrationException | ServerException e) {
                    unreadable.put(location, String.valueOf(e.getMessage()));
                    continue;
                }
                String other = found.put(version, location);
                if (other != null && !laterName) {
                    throw new SnapshotException(
                            "There are two backups of version " + version + " at " + series.pattern() + ", as their"
                                    + " histories say: " + other + " and " + location + ". Keep one of them, or take"
                                    + " the one with the later name, by the setting"
                                    + " metadatasnapshot.backup.duplicates = later",
                            null);
                }
                if (other != null) {
                    superseded.add(other + " is left out: " + location + " is of version " + version
                            + " as well, and has the later name");
                }
            }
            found.forEach(locations::putIfAbsent);
        }
        return new DatedBackups(series.pattern(), locations, unreadable, superseded, notListed);
    }

    /**
     * Compares the backups with the migrations.
     *
     * @param versions the versions that there are migrations to
     * @return what does not fit
     */
    public BackupFindings findings(NavigableSet<Version> versions) {
        SortedSet<Version> without = new TreeSet<>(versions);
        without.removeAll(locations.keySet());
        NavigableMap<Version, String> orphans = new TreeMap<>(locations);
        orphans.keySet().removeAll(versions);
        return new BackupFindings(without, orphans, notListed);
    }

    /** {@return what there is, for a message} */
    public String describe() {
        List<String> lines = new ArrayList<>();
        locations.forEach((version, location) -> lines.add(location + " is of " + version));
        unreadable.forEach((location, reason) -> lines.add(location + " tells no version: " + reason));
        return lines.isEmpty() ? "There is no such file" : String.join("; ", lines);
    }
}
