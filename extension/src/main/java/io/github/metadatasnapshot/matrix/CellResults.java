package io.github.metadatasnapshot.matrix;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of the cells of a run. Safe for use by several threads. */
public final class CellResults {

    private final Map<String, CellResult> byTest = new LinkedHashMap<>();

    /** Creates the results of a run that has not begun. */
    public CellResults() {}

    /**
     * Adds a result.
     *
     * @param test what tells the test from all others; when it runs again, what came of it then is what counts
     * @param result the result
     */
    public synchronized void add(String test, CellResult result) {
        byTest.put(test, result);
    }

    /** {@return the results so far, in the order in which the tests first ended} */
    public synchronized List<CellResult> all() {
        return List.copyOf(byTest.values());
    }
}
