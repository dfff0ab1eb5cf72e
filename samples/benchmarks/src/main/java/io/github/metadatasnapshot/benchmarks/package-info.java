/** What Metadata Snapshot takes, beside what the same takes by hand: see {@link Benchmarks}. */
@NullMarked
package io.github.metadatasnapshot.benchmarks;

import org.jspecify.annotations.NullMarked;
