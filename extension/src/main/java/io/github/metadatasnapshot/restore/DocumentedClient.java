package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.ClientMode;

/**
 * The engine's client as most manuals call it: {@code psql -U user -d db < backup}, which goes on after an error and
 * then reports success, or {@code mysql -u user db < backup}, which stops at the first error. A backup in PostgreSQL's
 * custom format goes through {@code pg_restore -d db}.
 *
 * <p>On an external server it runs in a container that reaches the server, and checks its certificate as the JDBC URL
 * demands. Where none reaches it, which the restore notes, and on embedded servers, statements run over JDBC in the same
 * manner.
 */
public final class DocumentedClient extends EngineClient {

    /** Creates the procedure. */
    public DocumentedClient() {
        super(ClientMode.DOCUMENTED);
    }
}
