package io.github.metadatasnapshot.engine;

/**
 * What a table holds, in short: two tables with equal digests hold the same rows, in whatever order.
 *
 * <p>Generated columns are left out: their values follow from the others.
 *
 * @param rows the number of rows
 * @param digest a digest of the columns' names and of every row's values
 * @param stamp by what the engine tells later that none of the rows has changed since; empty where it cannot. Says nothing
 *     about what the table holds, and is not compared
 */
public record TableDigest(long rows, String digest, String stamp) {

    /** Tells whether the other table holds the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TableDigest that && rows == that.rows && digest.equals(that.digest);
    }

    /** {@return a hash of what is compared} */
    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    /** {@return what is compared} */
    @Override
    public String toString() {
        return rows + " rows " + digest;
    }
}
