package io.github.metadatasnapshot.engine;

/**
 * How many rows were changed. A row that is written twice counts twice.
 *
 * @param inserted the rows that were inserted
 * @param updated the rows that were updated, those included whose values were the new ones before
 * @param deleted the rows that were deleted, those of {@code TRUNCATE} left out
 */
public record RowChanges(long inserted, long updated, long deleted) {

    /** No row. */
    public static final RowChanges NONE = new RowChanges(0, 0, 0);

    RowChanges plus(RowChanges other) {
        return new RowChanges(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }

    /** A table that was emptied counts from zero again. */
    RowChanges since(RowChanges before) {
        return new RowChanges(
                Math.max(0, inserted - before.inserted),
                Math.max(0, updated - before.updated),
                Math.max(0, deleted - before.deleted));
    }
}
