/**
 * What differs between PostgreSQL, MySQL and MariaDB, and the words that every other room shares.
 *
 * <p>{@link io.github.metadatasnapshot.engine.Engine} is the type to start from. All SQL that only one engine understands
 * is written here.
 */
@NullMarked
package io.github.metadatasnapshot.engine;

import org.jspecify.annotations.NullMarked;
