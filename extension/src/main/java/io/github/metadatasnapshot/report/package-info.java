/** The compatibility report: HTML, Markdown and JSON. */
@NullMarked
package io.github.metadatasnapshot.report;

import org.jspecify.annotations.NullMarked;
