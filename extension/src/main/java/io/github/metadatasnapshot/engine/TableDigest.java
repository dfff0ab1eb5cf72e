package io.github.metadatasnapshot.engine;

/**
 * What a table holds, in short: two tables with equal digests hold the same rows, in whatever order.
 *
 * <p>Generated columns are left out: their values follow from the others.
 *
 * @param rows the number of rows
 * @param digest a digest of the columns' names and of every row's values
 */
public record TableDigest(long rows, String digest) {}
