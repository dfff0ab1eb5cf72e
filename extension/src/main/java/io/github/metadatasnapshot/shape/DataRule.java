package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.Version;
import java.util.Optional;

/**
 * What one declaration says about the data: that a table or column may lose some, or that it goes by another name.
 *
 * @param name its name before
 * @param to its name after; the empty string where it may lose data
 * @param reason why it may lose data; the empty string for another name
 * @param version the version of the migration that does it; empty where the declaration is made for every upgrade
 */
public record DataRule(String name, String to, String reason, Optional<Version> version) {

    boolean isRename() {
        return !to.isEmpty();
    }

    /** Tells whether an upgrade goes through the migration. */
    boolean holdsFor(Optional<Version> from, Optional<Version> upTo) {
        return version.filter(
                        at -> from.filter(start -> start.compareTo(at) >= 0).isPresent()
                                || upTo.filter(end -> end.compareTo(at) < 0).isPresent())
                .isEmpty();
    }

    /** {@return the declaration for people} */
    @Override
    public String toString() {
        return (isRename() ? "renamed " + name + " → " + to : "except " + name + " (" + reason + ")")
                + version.map(at -> " at " + at).orElse("");
    }
}
