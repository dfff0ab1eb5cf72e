package io.github.metadatasnapshot.engine;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Where a sequence, or the AUTO_INCREMENT counter of a table, continues.
 *
 * @param name the generator for people, such as {@code sequence pet_id_seq} or {@code AUTO_INCREMENT of pet}
 * @param next the value that it gives out next; of MariaDB's sequences the first one that the server has not cached
 * @param increment how far it is from one value to the next, below 0 where it descends
 * @param cycles whether it begins again at its end, so that an earlier value says nothing
 * @param columns the columns that take their values from it unless a statement names another one
 * @param taken a value at {@code next} or behind it which a unique column of {@code columns} holds already, the nearest one:
 *     the generator will give it out again
 */
public record SequencePosition(
        String name,
        BigInteger next,
        BigInteger increment,
        boolean cycles,
        List<Column> columns,
        Optional<TakenValue> taken) {

    /** Copies the list. */
    public SequencePosition {
        columns = List.copyOf(columns);
    }

    /**
     * A column that takes its values from a generator.
     *
     * @param table its table
     * @param name its own name
     */
    public record Column(TableName table, String name) {

        /** {@return its name as that of a {@link SchemaObject}} */
        public String label() {
            return SchemaObject.name(table.schema(), table.name(), name);
        }
    }

    /**
     * A value that a column holds already.
     *
     * @param column the column
     * @param value the value
     */
    public record TakenValue(Column column, BigInteger value) {

        /** {@return the value for people} */
        @Override
        public String toString() {
            return column.label() + " holds " + value + " already";
        }
    }

    /** {@return the name of a sequence as a generator} */
    public static String ofSequence(TableName sequence) {
        return "sequence " + sequence;
    }

    /**
     * Tells whether this position, of the same generator later or in another database, gives out values that the other one
     * has given out already. One that is further has left a gap.
     */
    public boolean isBehind(SequencePosition other) {
        int direction = increment.signum();
        return !cycles && direction == other.increment.signum() && next.compareTo(other.next) * direction < 0;
    }

    /** {@return whether the next value itself is taken, so that the next row which takes it is refused} */
    public boolean collidesNow() {
        return taken.filter(value -> value.value().equals(next)).isPresent();
    }

    /**
     * Says how this position differs from another one of the same generator.
     *
     * @param other the other one
     * @param where where that is, such as {@code before it continued at}
     * @return a line for people
     */
    public String describeBeside(SequencePosition other, String where) {
        return name + " continues at " + next + ", " + where + " " + other.next
                + taken.map(value -> "; " + value).orElse("");
    }
}
