package io.github.metadatasnapshot.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is printed. */
public final class Console {

    private Console() {}

    /** {@return the lines that are printed while something runs} */
    public static List<String> lines(Runnable run) {
        return text(run).lines().toList();
    }

    /** {@return what is printed while something runs} */
    public static String text(Runnable run) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
