package io.github.metadatasnapshot.engine;

import java.util.List;
import java.util.Map;

/**
 * How an engine's client tools reach a server, and how they check that it is the one. Never holds a password.
 *
 * @param host the server's host, as the tools call it
 * @param port the server's port
 * @param options what the tools take for TLS on their command line
 * @param environment what they take for it by variables
 * @param authorities the certificates, as PEM, that the tools read from the file {@link #AUTHORITIES}; empty for none
 * @param checksName whether they hold the server's certificate against {@code host}
 */
public record ClientAccess(
        String host,
        int port,
        List<String> options,
        Map<String, String> environment,
        String authorities,
        boolean checksName) {

    /** Where the tools look for the certificates of the authorities that they trust. */
    public static final String AUTHORITIES = "/metadata-snapshot-authorities.pem";

    /** Copies the collections. */
    public ClientAccess {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** The access of a tool that runs beside the server, to its loopback address. */
    static ClientAccess beside(int port) {
        return new ClientAccess("127.0.0.1", port, List.of(), Map.of(), "", false);
    }

    /** {@return the same, with what the tools are told of TLS: see the record} */
    ClientAccess demanding(
            List<String> otherOptions,
            Map<String, String> otherEnvironment,
            String otherAuthorities,
            boolean checksItsName) {
        return new ClientAccess(host, port, otherOptions, otherEnvironment, otherAuthorities, checksItsName);
    }

    /** {@return the arguments by which a tool reaches the server; the port where it is not the engine's own} */
    public List<String> arguments(String portOption, Engine engine) {
        return port == engine.port() ? List.of("-h", host) : List.of("-h", host, portOption, "" + port);
    }

    /** {@return the same to where the server is called otherwise} */
    public ClientAccess at(String otherHost, int otherPort) {
        return new ClientAccess(otherHost, otherPort, options, environment, authorities, checksName);
    }
}
