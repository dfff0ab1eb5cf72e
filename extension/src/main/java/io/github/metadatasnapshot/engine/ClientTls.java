package io.github.metadatasnapshot.engine;

import java.util.List;
import java.util.Map;

/**
 * What an engine's client tools are told of TLS, so that they demand of a server what a JDBC URL demands.
 *
 * @param options what they take on their command line
 * @param environment what they take by variables
 * @param authorities the certificates that they trust, as PEM; empty for none
 * @param checksName whether they hold the server's certificate against its name
 */
record ClientTls(List<String> options, Map<String, String> environment, String authorities, boolean checksName) {

    static ClientTls options(List<String> options) {
        return new ClientTls(options, Map.of(), "", false);
    }
}
