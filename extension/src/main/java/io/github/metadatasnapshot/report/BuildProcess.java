package io.github.metadatasnapshot.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that started this JVM: the same for all forks and modules of a Maven build, another for each build. Gradle's
 * daemon and an IDE outlive a build.
 *
 * @param id the process id
 * @param startedAt when it started, in milliseconds; an operating system tells it to the second only, so that two JVMs
 *     may see it a little differently
 */
record BuildProcess(long id, long startedAt) {

    /** What a build tool may put between itself and a JVM. */
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "zsh", "ksh", "busybox", "cmd.exe", "env");

    private static final Pattern NAME = Pattern.compile("(\\d+)-(\\d+)");

    static BuildProcess current() {
        ProcessHandle process = ProcessHandle.current();
        Optional<ProcessHandle> parent = process.parent();
        while (parent.isPresent()) {
            process = parent.get();
            parent = process.info().command().filter(BuildProcess::isShell).isPresent()
                    ? process.parent()
                    : Optional.empty();
        }
        return new BuildProcess(
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli());
    }

    private static boolean isShell(String command) {
        Path name = Path.of(command).getFileName();
        return name != null && SHELLS.contains(name.toString());
    }

    /** {@return the process that a directory is named after, empty where it is none} */
    static Optional<BuildProcess> of(String directory) {
        Matcher name = NAME.matcher(directory);
        return name.matches()
                ? Optional.of(new BuildProcess(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))))
                : Optional.empty();
    }

    boolean isSame(BuildProcess other) {
        return id == other.id && Math.abs(startedAt - other.startedAt) <= 2000;
    }

    /** {@return the name of a directory} */
    @Override
    public String toString() {
        return id + "-" + startedAt;
    }
}
