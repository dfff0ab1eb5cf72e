package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.matrix.CellResult.Result;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReportHtmlTests {

    @Test
    void whatABackupSaysCannotEndTheScriptThatItIsIn() throws IOException {
        String empty = ReportHtml.write(Reports.of());
        String hostile = ReportHtml.write(
                Reports.of(Reports.upgrade("<!--<script>", "1", "2", Result.FAILED, Reports.HOSTILE + "<!--")));

        assertThat(hostile.split("</?script|<!--", -1)).hasSameSizeAs(empty.split("</?script|<!--", -1));
        assertThat(hostile).contains("\\u003c/script\\u003e");
    }

    @Test
    void nothingComesFromElsewhere() throws IOException {
        assertThat(ReportHtml.write(Reports.catalog()))
                .contains("default-src 'none'")
                .doesNotContainPattern("(src|href)=\"(?!data:)")
                .doesNotContainPattern("@import|url\\(");
    }
}
