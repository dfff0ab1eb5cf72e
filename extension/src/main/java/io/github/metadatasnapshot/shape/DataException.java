package io.github.metadatasnapshot.shape;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A table or column that was allowed to lose data.
 *
 * @param name its name before
 * @param reason why
 * @param needed whether it did
 */
public record DataException(String name, String reason, boolean needed) {

    /**
     * Finds those that were never needed.
     *
     * @param exceptions the exceptions of several comparisons
     * @return those of which each use was without need, once each, by name
     */
    public static List<DataException> unneeded(Collection<DataException> exceptions) {
        return exceptions.stream()
                .filter(exception -> !exception.needed())
                .distinct()
                .filter(exception ->
                        !exceptions.contains(new DataException(exception.name(), exception.reason(), true)))
                .sorted(Comparator.comparing(DataException::name).thenComparing(DataException::reason))
                .toList();
    }

    /** {@return it as it was declared, for people} */
    @Override
    public String toString() {
        return "except " + name + " (" + reason + ")";
    }
}
