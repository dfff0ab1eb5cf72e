package io.github.metadatasnapshot;

import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** What is said of the database of a test that failed, beside its failure: see {@link Settings#KEEP}. */
final class KeptDatabase extends RuntimeException {

    private static final long serialVersionUID = 1;

    private KeptDatabase(String where) {
        super(where, null, false, false);
    }

    /** Keeps the database of a test that has run, if it failed and the settings say so. Returns whether it did. */
    static boolean keep(TestDatabase database, ExtensionContext test, Session session) {
        Optional<Throwable> failure =
                test.getExecutionException().filter(thrown -> !(thrown instanceof TestAbortedException));
        if (failure.isEmpty() || !session.settings().keepsFailed()) {
            return false;
        }
        String where;
        boolean kept;
        try {
            where = database.keep();
            kept = true;
        } catch (ServerException e) {
            where = String.valueOf(e.getMessage());
            kept = false;
        }
        failure.get().addSuppressed(new KeptDatabase(where));
        session.log().addKept(test.getRequiredTestClass().getSimpleName() + ", " + test.getDisplayName(), where);
        return kept;
    }
}
