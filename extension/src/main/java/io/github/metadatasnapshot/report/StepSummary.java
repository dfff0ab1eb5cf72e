package io.github.metadatasnapshot.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The report in the summary of a step on GitHub, between two marks, by which the next JVM of the build finds what it
 * replaces with all that is known by then.
 */
final class StepSummary {

    private StepSummary() {}

    static void write(Path summary, Path directory, CompatibilityReport report) throws IOException {
        LockedFile.use(summary, file -> {
            String others = read(file);
            String name = directory.toAbsolutePath().normalize().toString().replace("--", "__");
            String begin = "<!-- Metadata Snapshot: " + name + " -->\n";
            String end = "<!-- end of " + name + " -->\n";
            int from = others.indexOf(begin);
            int to = from < 0 ? -1 : others.indexOf(end, from);
            if (to >= 0) {
                others = others.substring(0, from) + others.substring(to + end.length());
            }
            if (!others.isEmpty() && !others.endsWith("\n")) {
                others += "\n";
            }
            int left = ReportMarkdown.STEP_SUMMARY_BYTES - bytes(others + begin + end).length;
            write(file, others + begin + ReportMarkdown.write(report, left) + end);
        });
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
        while (content.hasRemaining() && file.read(content) >= 0) {
            // Until all is read.
        }
        return StandardCharsets.UTF_8.decode(content.flip()).toString();
    }

    private static void write(FileChannel file, String text) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(bytes(text));
        file.truncate(0);
        file.position(0);
        while (content.hasRemaining()) {
            file.write(content);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
