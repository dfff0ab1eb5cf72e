package io.github.metadatasnapshot.engine;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is compared of a table.
 *
 * @param table the table
 * @param id what tells one row from another; where there is nothing that does, all columns: equal rows are counted then
 * @param values the other columns
 * @param keyed whether the id is a key
 * @param withoutEmpty whether rows are left out that have only NULL in columns other than the primary key's
 */
public record DataSelection(DataTable table, List<Pair> id, List<Pair> values, boolean keyed, boolean withoutEmpty) {

    /** Copies the lists. */
    public DataSelection {
        id = List.copyOf(id);
        values = List.copyOf(values);
    }

    /**
     * A column and the one that its values are compared with.
     *
     * @param column the column of this table
     * @param other the column of the other one
     */
    public record Pair(DataColumn column, DataColumn other) {

        /** {@return the pair seen from the other side} */
        public Pair flipped() {
            return new Pair(/* column= */ other, /* other= */ column);
        }
    }

    /** {@return the columns of id and values} */
    List<Pair> pairs() {
        return Stream.concat(id.stream(), values.stream()).toList();
    }

    /** {@return the same of the other table, of which no rows are left out} */
    public DataSelection flipped(DataTable other) {
        return new DataSelection(
                other,
                id.stream().map(Pair::flipped).toList(),
                values.stream().map(Pair::flipped).toList(),
                keyed,
                false);
    }
}
