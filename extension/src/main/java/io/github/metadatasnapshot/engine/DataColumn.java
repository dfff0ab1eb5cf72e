package io.github.metadatasnapshot.engine;

/**
 * A column as its values are compared.
 *
 * @param name its name
 * @param type the engine's name of its type; of a domain that of the type below it
 * @param modifier length, scale and the like, in the engine's own words
 * @param charset the character set; the empty string where the engine has one for the whole database
 * @param generated whether the engine computes the values from other columns
 */
public record DataColumn(String name, String type, String modifier, String charset, boolean generated) {

    boolean hasTypeOf(DataColumn other) {
        return type.equals(other.type) && modifier.equals(other.modifier) && charset.equals(other.charset);
    }
}
