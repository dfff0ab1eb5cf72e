package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.CaptureInfo;
import io.github.metadatasnapshot.engine.DumpTool;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.snapshot.BackupFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds backups whose dump tool is older than the product takes it, newer than the client that loads them, or not known. */
final class BackupTools {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final Pattern LEAST = Pattern.compile("(?<tool>\\S+) +(?<version>\\S+)");
    private static final List<String> TOOLS =
            Engine.ALL.stream().map(Engine::dumpTool).map(DumpTool::program).toList();

    private static final String UNKNOWN = "the tool that wrote it is not known, since the file has no header of one";

    private final boolean refuses;
    private final SortedMap<String, SortedSet<String>> found = new TreeMap<>();
    private final SortedSet<String> unknown = new TreeSet<>();

    /**
     * Creates it for a run.
     *
     * @param refuses whether a backup with a finding is refused
     */
    BackupTools(boolean refuses) {
        this.refuses = refuses;
    }

    /**
     * Reads the attribute {@link MetadataSnapshot#dumpTools}.
     *
     * @return the least versions, by tool
     * @throws IllegalArgumentException if an entry is none
     */
    static SortedMap<String, Version> least(List<String> entries) {
        SortedMap<String, Version> least = new TreeMap<>();
        for (String entry : entries) {
            Matcher matcher = LEAST.matcher(entry.strip());
            if (!matcher.matches()
                    || !TOOLS.contains(matcher.group("tool"))
                    || !Version.isVersion(matcher.group("version"))) {
                throw new IllegalArgumentException("'" + entry + "' is not one of " + String.join(", ", TOOLS)
                        + " and a version, such as \"mysqldump 8.3\"");
            }
            if (least.put(matcher.group("tool"), Version.of(matcher.group("version"))) != null) {
                throw new IllegalArgumentException(matcher.group("tool") + " is named twice");
            }
        }
        return least;
    }

    /**
     * Looks at a backup before it is used.
     *
     * @param name the backup, as it was named
     * @param info what is in it
     * @param least the least versions that the product takes, by tool; empty where it takes any
     * @param server the server that it is loaded on
     * @throws BackupException if there is something to find, and that is to be refused
     */
    void check(String name, BackupInfo info, SortedMap<String, Version> least, DatabaseServer server) {
        Optional<String> problem = problem(info, least, server);
        if (problem.isEmpty()) {
            if (tool(info).isEmpty()) {
                addUnknown(name);
            }
            return;
        }
        if (refuses) {
            throw new BackupException("Backup " + name + " is refused (" + Settings.BACKUP_TOOLS + " = refuse): "
                    + problem.get() + ". Dump again by another version of the tool, or take the setting away");
        }
        if (add(problem.get(), name)) {
            LOGGER.log(System.Logger.Level.WARNING, "Backup {0}: {1}", name, problem.get());
        }
    }

    private static Optional<String> tool(BackupInfo info) {
        return info.tool().or(() -> info.capture().map(CaptureInfo::tool));
    }

    private static Optional<String> problem(BackupInfo info, SortedMap<String, Version> least, DatabaseServer server) {
        Optional<String> tool = tool(info);
        if (tool.isEmpty()) {
            return least.isEmpty() ? Optional.empty() : Optional.of(UNKNOWN + "; " + asks(least));
        }
        Optional<String> version = info.toolVersion().or(() -> info.capture().map(CaptureInfo::toolVersion));
        SortedMap<String, Version> asked = new TreeMap<>(least);
        asked.keySet().retainAll(Set.of(tool.get()));
        if (version.isEmpty()) {
            return asked.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "written by " + tool.get() + ", and it does not say of which version; " + asks(asked));
        }
        String writtenBy = "written by " + tool.get() + " " + version.get();
        Version written = Version.of(version.get());
        if (asked.values().stream().anyMatch(any -> written.compareTo(any) < 0)) {
            return Optional.of(writtenBy + "; " + asks(asked));
        }
        DumpTool own = server.engine().dumpTool();
        return own.program().equals(tool.get()) && own.isNewer(version.get(), server.version())
                ? Optional.of(writtenBy + ", which is newer than the server and its client, " + server.version())
                : Optional.empty();
    }

    private static String asks(SortedMap<String, Version> least) {
        List<String> tools = new ArrayList<>();
        least.forEach((tool, version) -> tools.add(tool + " " + version + " or later"));
        return "the product asks for " + String.join(", ", tools);
    }

    /** {@return whether it is the first of its kind} */
    private synchronized boolean add(String problem, String name) {
        SortedSet<String> names = found.computeIfAbsent(problem, key -> new TreeSet<>());
        return names.add(name) && names.size() == 1;
    }

    private synchronized void addUnknown(String name) {
        unknown.add(name);
    }

    /** {@return what is wrong with the tools, a line each} */
    synchronized List<String> findings() {
        List<String> lines = new ArrayList<>();
        found.forEach((problem, names) -> lines.add(BackupFindings.enumerate(names) + ": " + problem));
        return lines;
    }

    /** {@return the findings and, where no product asks for a tool, the backups that don't say theirs} */
    synchronized List<String> all() {
        List<String> lines = findings();
        if (!unknown.isEmpty()) {
            lines.add(BackupFindings.enumerate(unknown) + ": " + UNKNOWN);
        }
        return lines;
    }
}
