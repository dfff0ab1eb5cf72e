package io.github.metadatasnapshot;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.Expectation;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/**
 * A cell as a test.
 *
 * @param cell the cell
 * @param step whether there is no version between those of the cell
 * @param start where the backup is that the database holds at first; empty for none
 * @param backup where the backup is that the cell is about
 * @param expectation what is known of it, empty where it is as all others
 * @param unreadable why the backup tells no version, so that the cell fails; empty where it does
 */
record CellTest(
        Cell cell,
        boolean step,
        Optional<String> start,
        String backup,
        Optional<Expectation> expectation,
        Optional<String> unreadable)
        implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int invocationIndex) {
        return cell.toString();
    }

    @Override
    public void prepareInvocation(ExtensionContext context) {
        context.getStore(MetadataSnapshotExtension.NAMESPACE).put(CellRun.class, new CellRun(this));
        Session.of(context).progress().started(cell);
    }
}
