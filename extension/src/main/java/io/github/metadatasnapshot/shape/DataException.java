package io.github.metadatasnapshot.shape;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A declaration about the data, and what it was good for in an upgrade.
 *
 * @param rule what was declared
 * @param needed whether the upgrade lost what it may lose, or renamed what it says is renamed
 */
public record DataException(DataRule rule, boolean needed) {

    /**
     * Finds those that were never needed.
     *
     * @param exceptions the declarations of several comparisons
     * @return those of which each use was without need, once each, by name
     */
    public static List<DataException> unneeded(Collection<DataException> exceptions) {
        return exceptions.stream()
                .filter(exception -> !exception.needed())
                .distinct()
                .filter(exception -> !exceptions.contains(new DataException(exception.rule(), true)))
                .sorted(Comparator.comparing(
                                (DataException exception) -> exception.rule().name())
                        .thenComparing(DataException::toString))
                .toList();
    }

    /** {@return it as it was declared, for people} */
    @Override
    public String toString() {
        return rule.toString();
    }
}
