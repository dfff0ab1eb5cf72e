package io.github.metadatasnapshot.engine;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * A version of a schema, ordered as Flyway orders versions: part by part as numbers, so that 1.10 comes after 1.9, with
 * {@code _} read as a dot and zeros at the end left out of account ({@code 1.0} equals {@code 1}).
 *
 * <p>Keeps the spelling that it was made from; two versions are equal when Flyway takes them for the same.
 */
public final class Version implements Comparable<Version> {

    private final String spelling;
    private final List<BigInteger> parts;

    private Version(String spelling, List<BigInteger> parts) {
        this.spelling = spelling;
        this.parts = parts;
    }

    /**
     * Reads a version.
     *
     * @param spelling numbers, separated by dots or underscores, such as {@code 1.10} or {@code 20240131.1}
     * @return the version
     * @throws IllegalArgumentException if the text is not a version
     */
    public static Version of(String spelling) {
        if (!isVersion(spelling)) {
            throw new IllegalArgumentException(
                    "'" + spelling + "' is not a version: it takes numbers separated by dots, such as 1.10");
        }
        List<BigInteger> parts =
                Arrays.stream(spelling.split("[._]")).map(BigInteger::new).toList();
        int length = parts.size();
        while (length > 1 && parts.get(length - 1).signum() == 0) {
            length--;
        }
        return new Version(spelling.replace('_', '.'), parts.subList(0, length));
    }

    /**
     * Tells whether a text is a version.
     *
     * @param text any text
     * @return whether {@link #of} takes it
     */
    public static boolean isVersion(String text) {
        return text.matches("\\d+([._]\\d+)*");
    }

    @Override
    public int compareTo(Version other) {
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            int order = part(i).compareTo(other.part(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private BigInteger part(int index) {
        return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && parts.equals(version.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** {@return the version as it was spelled, with dots} */
    @Override
    public String toString() {
        return spelling;
    }
}
