/** The product's own server: how one of a version is started, and what it does with a database. */
@NullMarked
package io.github.metadatasnapshot.product;

import org.jspecify.annotations.NullMarked;
