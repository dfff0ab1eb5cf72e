package io.github.metadatasnapshot.matrix;

import io.github.metadatasnapshot.engine.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The versions of a product on a database, and the cells that come of them: always in the same order, in which those stand
 * together that begin with the same state.
 *
 * @param database the database, such as {@code postgres:17}
 * @param backups the versions that there is a backup of
 * @param versions these, and others that a database may be at
 */
public record Matrix(String database, NavigableSet<Version> backups, NavigableSet<Version> versions) {

    /**
     * Lists the versions that the backups are of, and the latest that there is a migration to.
     *
     * @param database the database, such as {@code postgres:17}
     * @param backups the versions that there is a backup of
     * @param migrations the versions that there is a migration to; none where that is unknown
     * @return the matrix
     */
    public static Matrix of(String database, NavigableSet<Version> backups, SortedSet<Version> migrations) {
        NavigableSet<Version> versions = new TreeSet<>(backups);
        if (!migrations.isEmpty()) {
            versions.add(migrations.last());
        }
        return new Matrix(database, backups, versions);
    }

    /**
     * Restores each backup where it belongs.
     *
     * @param procedure how
     * @return a cell for each backup
     */
    public List<Cell> restores(String procedure) {
        return backups.stream()
                .map(version -> cell(Check.RESTORE, version, version, procedure))
                .toList();
    }

    /**
     * Upgrades each backup.
     *
     * @param paths to which versions
     * @return a cell for each path
     */
    public List<Cell> upgrades(UpgradePaths paths) {
        List<Cell> cells = new ArrayList<>();
        for (Version from : backups) {
            for (Version to : versions.tailSet(from, false)) {
                if (paths == UpgradePaths.ALL
                        || to.equals(versions.last())
                        || to.equals(Objects.requireNonNull(versions.higher(from)))) {
                    cells.add(cell(Check.UPGRADE, from, to, ""));
                }
            }
        }
        return cells;
    }

    /**
     * Restores each backup into databases at each other version.
     *
     * @param procedure how
     * @return a cell for each ordered pair
     */
    public List<Cell> crossVersionRestores(String procedure) {
        List<Cell> cells = new ArrayList<>();
        for (Version to : versions) {
            for (Version from : backups) {
                if (!from.equals(to)) {
                    cells.add(cell(Check.CROSS_VERSION_RESTORE, from, to, procedure));
                }
            }
        }
        return cells;
    }

    /**
     * Goes back to each backup.
     *
     * @param procedure how
     * @return a cell for the way back from the version after each backup, and one for that from the latest
     */
    public List<Cell> recoveries(String procedure) {
        return upgrades(UpgradePaths.NEXT_AND_LATEST).stream()
                .map(upgrade -> new Cell(database, Check.RECOVERY, upgrade.from(), upgrade.to(), procedure))
                .toList();
    }

    /** {@return whether there is no version between two} */
    public boolean isStep(Version from, Version to) {
        return to.equals(versions.higher(from));
    }

    private Cell cell(Check check, Version from, Version to, String procedure) {
        return new Cell(database, check, from.toString(), to.toString(), procedure);
    }
}
