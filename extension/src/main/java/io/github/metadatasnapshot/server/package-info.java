/**
 * Where a database server comes from: a container, an embedded server or an external one.
 *
 * <p>{@link io.github.metadatasnapshot.server.Servers} starts each server once and hands out databases on it. The only
 * room that imports Testcontainers and the embedded server.
 */
@NullMarked
package io.github.metadatasnapshot.server;

import org.jspecify.annotations.NullMarked;
