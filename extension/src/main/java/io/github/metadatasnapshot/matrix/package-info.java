/** The matrix: databases × versions → cells, in an order and in shards, and what came of each. */
@NullMarked
package io.github.metadatasnapshot.matrix;

import org.jspecify.annotations.NullMarked;
