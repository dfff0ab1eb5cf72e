/**
 * What a database looks like: its history, its tables and what they hold; and how two looks differ.
 */
@NullMarked
package io.github.metadatasnapshot.shape;

import org.jspecify.annotations.NullMarked;
