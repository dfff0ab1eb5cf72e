/**
 * The compatibility report: HTML, Markdown and JSON. {@link io.github.metadatasnapshot.report.CompatibilityReport} is what it
 * says, {@link io.github.metadatasnapshot.report.ReportFiles} writes it, and {@link
 * io.github.metadatasnapshot.report.MergeReports} makes one of several.
 */
@NullMarked
package io.github.metadatasnapshot.report;

import org.jspecify.annotations.NullMarked;
