package io.github.metadatasnapshot.engine;

/**
 * The large objects of a database in short, owners and privileges left out. PostgreSQL alone has them: what columns of type
 * {@code oid} refer to, outside of every table.
 *
 * @param count how many there are
 * @param bytes how long they are together, in bytes; those that the user may not read count 0
 * @param digest a digest of their OIDs and contents; the empty string where there are none
 */
public record LargeObjects(long count, long bytes, String digest) {

    /** No large objects. */
    public static final LargeObjects NONE = new LargeObjects(0, 0, "");

    /** {@return the large objects for people} */
    @Override
    public String toString() {
        return (count == 1 ? "1 large object" : count + " large objects") + " of " + bytes + " bytes";
    }
}
