package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.ClientMode;

/**
 * The engine's client as most manuals call it: {@code psql -U user -d db < backup}, which goes on after an error and
 * then reports success, or {@code mysql -u user db < backup}, which stops at the first error. A backup in PostgreSQL's
 * custom format goes through {@code pg_restore -d db}.
 *
 * <p>On embedded servers statements run over JDBC in the same manner. The client of an external server runs in a container
 * that reaches the server, and checks its certificate as the JDBC URL demands. Where none reaches it, or the backup names roles
 * that the server lacks and the user may not create, statements run over JDBC, and the restore notes why; where the setting
 * {@code metadatasnapshot.external.<engine>.client} is {@code jdbc}, they always do.
 */
public final class DocumentedClient extends EngineClient {

    /** Creates the procedure. */
    public DocumentedClient() {
        super(ClientMode.DOCUMENTED);
    }
}
