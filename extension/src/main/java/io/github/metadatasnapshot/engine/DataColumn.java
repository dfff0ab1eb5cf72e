package io.github.metadatasnapshot.engine;

import java.util.Map;

/**
 * A column as its values are compared.
 *
 * @param name its name
 * @param type the engine's name of its type; of a domain that of the type below it
 * @param modifier length, scale and the like, in the engine's own words
 * @param charset the character set; the empty string where the engine has one for the whole database
 * @param generated whether the engine computes the values from other columns
 * @param labels the labels of an enumeration that go by other names in the column that it is compared with, with these
 */
public record DataColumn(
        String name, String type, String modifier, String charset, boolean generated, Map<String, String> labels) {

    /** Copies the labels. */
    public DataColumn {
        labels = Map.copyOf(labels);
    }

    /** {@return the same column, of which labels go by other names now} */
    public DataColumn with(Map<String, String> renamedLabels) {
        return new DataColumn(name, type, modifier, charset, generated, renamedLabels);
    }

    boolean hasTypeOf(DataColumn other) {
        return type.equals(other.type) && modifier.equals(other.modifier) && charset.equals(other.charset);
    }
}
