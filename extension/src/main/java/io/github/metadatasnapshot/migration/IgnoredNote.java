package io.github.metadatasnapshot.migration;

/**
 * What a proof of an upgrade left out of account.
 *
 * @param glob the names of the tables and other objects
 * @param reason why they are not the product's to prove
 * @param needed whether there are any
 */
public record IgnoredNote(String glob, String reason, boolean needed) {

    /** {@return it as it was declared, for people} */
    @Override
    public String toString() {
        return "ignoring " + glob + " (" + reason + ")";
    }
}
