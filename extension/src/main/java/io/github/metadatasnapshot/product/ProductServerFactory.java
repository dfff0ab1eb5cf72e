package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.engine.Engine;

/**
 * Says how the product's server of a version is started, for the databases of an engine.
 *
 * <pre>{@code
 * final class AcmeServers implements ProductServerFactory {
 *     @Override
 *     public ProductServer create(Engine engine) {
 *         return ProductServer.ofImage("acme/server:{version}")
 *                 .environment("DB_URL", "{jdbcUrl}")
 *                 .environment("DB_USER", "{user}")
 *                 .environment("DB_PASSWORD", "{password}")
 *                 .until(ServerSign.http(8080, "/health"))
 *                 .answers("/api/assets", "\"orders\"")
 *                 .build();
 *     }
 * }
 * }</pre>
 *
 * <p>An implementation needs a constructor without parameters; it need not be public.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ProductServerFactory {

    /**
     * Says how the server is started.
     *
     * @param engine the engine of the database that it is told
     * @return the server
     * @throws io.github.metadatasnapshot.server.ServerException if something that it needs is missing or wrong
     */
    ProductServer create(Engine engine);

    /** Starts none. */
    final class None implements ProductServerFactory {

        /** Creates the factory. */
        public None() {}

        @Override
        public ProductServer create(Engine engine) {
            throw new UnsupportedOperationException("There is no server");
        }
    }
}
