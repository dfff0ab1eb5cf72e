package io.github.metadatasnapshot.matrix;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Chooses cells by how they are written.
 *
 * @param glob a cell as {@link Cell#toString} writes it, in which {@code *} stands for anything
 */
public record CellPattern(String glob) {

    /** {@return whether a cell is one of those} */
    public boolean matches(Cell cell) {
        String regex = Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(joining(".*"));
        return cell.toString().matches(regex);
    }
}
