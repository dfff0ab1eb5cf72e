package io.github.metadatasnapshot.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the cells, all of which together are all of the cells.
 *
 * @param number which part, from 1 on
 * @param count how many parts there are
 */
public record Shard(int number, int count) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    /**
     * Reads a shard.
     *
     * @param text its number and how many there are, such as {@code 2/5}
     * @return the shard
     * @throws IllegalArgumentException if the text is no such thing, or there are fewer
     */
    public static Shard parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it takes the number of a shard and how many there are, such as 2/5");
        }
        Shard shard = new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (shard.count() < 1) {
            throw new IllegalArgumentException("there is no shard of none");
        }
        if (shard.number() < 1 || shard.number() > shard.count()) {
            throw new IllegalArgumentException("there is no shard " + shard.number() + ", they are " + "1/"
                    + shard.count() + (shard.count() == 1 ? "" : " to " + shard.count() + "/" + shard.count()));
        }
        return shard;
    }

    /**
     * Chooses the cells of this shard: a run of them that takes about as long as each of the others does, so that cells which
     * begin with the same state mostly stay together. Whoever asks with the same cells and times gets the same.
     *
     * @param cells all cells
     * @param times how long they took before; of those that it does not know, an upgrade counts twice
     * @return those of this shard, in their order
     */
    public List<Cell> of(List<Cell> cells, CellTimes times) {
        long total = cells.stream().mapToLong(cell -> weight(cell, times)).sum();
        List<Cell> chosen = new ArrayList<>();
        long before = 0;
        for (Cell cell : cells) {
            long weight = weight(cell, times);
            // Where its middle lies decides.
            if ((2 * before + weight) * count / (2 * total) == number - 1) {
                chosen.add(cell);
            }
            before += weight;
        }
        return chosen;
    }

    private static long weight(Cell cell, CellTimes times) {
        // A first guess, about right for a small schema.
        long usual = switch (cell.check()) {
            case RESTORE, CROSS_VERSION_RESTORE -> 1000;
            case UPGRADE -> 2000;
            case RECOVERY -> 5000;
        };
        return Math.max(1, times.millis(cell).orElse(usual));
    }

    /** {@return the shard as it is asked for: {@code 2/5}} */
    @Override
    public String toString() {
        return number + "/" + count;
    }
}
