package io.github.metadatasnapshot.snapshot;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The backups of a product, one for each version, at locations that differ in the version only.
 *
 * @param pattern the location, as {@link Backup#locate(String, ClassLoader)} takes it, with <code>{version}</code> in it or a
 *     <code>*</code> in the name of the file, and perhaps <code>{engine}</code>
 * @param engine the engine
 * @param loader finds resources
 * @param resources a directory whose files come to the class path in the next build, and count already; empty for none
 */
public record BackupSeries(String pattern, Engine engine, ClassLoader loader, Optional<Path> resources) {

    /** What stands for the version in a location. */
    public static final String VERSION = "{version}";

    private static final String ENGINE = "{engine}";
    private static final String ANY = "*";
    private static final String COMPRESSED = "\\.(?:gz|zst)$";

    /**
     * Tells whether a location has a version in it.
     *
     * @param location the location
     * @return whether there is a series of it
     */
    public static boolean is(String location) {
        return location.contains(VERSION);
    }

    /**
     * Tells whether a location has a <code>*</code> in the name of the file.
     *
     * @param location the location
     * @return whether there is a series of dated files of it, of which the histories tell the versions
     */
    public static boolean isDated(String location) {
        return location.contains(ANY);
    }

    /**
     * Reads the version that the name of a file has.
     *
     * @param pattern a location with <code>{version}</code> in it
     * @param engine the engine
     * @param location the location of the file
     * @return the version, empty where the file is none of the series
     */
    public static Optional<Version> versionOf(String pattern, Engine engine, String location) {
        return candidates(location, engine).stream()
                .flatMap(file -> candidates(pattern, engine).stream()
                        .map(candidate -> entry(candidate).matcher(file))
                        .filter(Matcher::matches)
                        .map(matcher -> Version.of(matcher.group("version"))))
                .findFirst();
    }

    /** {@return whether the location is a URL, whose server lists no files} */
    public boolean isRemote() {
        return Backup.isRemote(pattern);
    }

    /**
     * Lists the locations that one stands for: <code>{engine}</code> has a value for each name of the engine.
     *
     * @param location the location
     * @param engine the engine
     * @return the locations, in the order in which they are tried
     */
    public static List<String> candidates(String location, Engine engine) {
        return location.contains(ENGINE)
                ? engine.pathNames().stream()
                        .map(name -> location.replace(ENGINE, name))
                        .toList()
                : List.of(location);
    }

    /**
     * The backups that there are.
     *
     * @param locations where they lie, by version
     * @param notListed the places whose files cannot be listed
     */
    private record Listing(NavigableMap<Version, String> locations, SortedSet<String> notListed) {}

    /**
     * Compares the backups with the migrations.
     *
     * @param versions the versions that there are migrations to
     * @return what does not fit; nothing where the location is a URL, whose server lists no files
     */
    public BackupFindings findings(SortedSet<Version> versions) {
        Listing listing = list(versions);
        SortedSet<Version> without = new TreeSet<>();
        if (!isRemote()) {
            without.addAll(versions);
            without.removeAll(listing.locations().keySet());
        }
        NavigableMap<Version, String> orphans = new TreeMap<>(listing.locations());
        orphans.keySet().removeAll(versions);
        return new BackupFindings(without, orphans, listing.notListed());
    }

    /**
     * Finds the backups that there are.
     *
     * @param versions versions whose backups are found even where files cannot be listed
     * @return where each lies, by version
     * @throws SnapshotException if two files beside each other are of the same version
     */
    public NavigableMap<Version, String> locations(SortedSet<Version> versions) {
        NavigableMap<Version, String> locations = list(versions).locations();
        candidates(pattern, engine).forEach(this::checkUnambiguous);
        return locations;
    }

    /** Files count here that differ from the pattern in their compression only: one is a leftover of the other. */
    private void checkUnambiguous(String candidate) {
        Place place = Place.of(candidate);
        Pattern entry = place.isFile()
                ? Pattern.compile(
                        entry(place.entry().replaceFirst(COMPRESSED, "")).pattern() + "(?:" + COMPRESSED + ")?")
                : entry(place.entry());
        for (Path directory : directories(place.parent(), new TreeSet<>())) {
            Map<Version, Path> files = new TreeMap<>();
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path file : entries.sorted().toList()) {
                    Matcher matcher = entry.matcher(file.getFileName().toString());
                    if (matcher.matches()) {
                        Version version = Version.of(matcher.group("version"));
                        Path other = files.put(version, file);
                        if (other != null) {
                            throw new SnapshotException(
                                    "There are two backups of version " + version + " at " + pattern + ": " + other
                                            + " and " + file + ". Keep one of them",
                                    null);
                        }
                    }
                }
            } catch (IOException e) {
                // Its files are not found either, and that is told.
            }
        }
    }

    /**
     * Finds the backup of the highest version among some.
     *
     * @param versions the versions
     * @return the version and its backup, empty where there is a backup of none
     */
    Optional<Map.Entry<Version, Backup>> latest(SortedSet<Version> versions) {
        NavigableMap<Version, String> found = list(versions).locations();
        found.keySet().retainAll(versions);
        return Optional.ofNullable(found.lastEntry())
                .map(last -> Map.entry(last.getKey(), find(last.getValue()).orElseThrow()));
    }

    /**
     * Lists the files of a series that is {@linkplain #isDated dated}.
     *
     * @param notListed is given the places whose files cannot be listed
     * @return their locations, those beside each other together, by name
     */
    List<List<String>> dated(SortedSet<String> notListed) {
        List<List<String>> all = new ArrayList<>();
        for (String candidate : candidates(pattern, engine)) {
            int begin = Math.max(candidate.lastIndexOf('/'), candidate.startsWith("classpath:") ? 9 : -1) + 1;
            String parent = candidate.substring(0, begin);
            Pattern name =
                    Pattern.compile(Arrays.stream(candidate.substring(begin).split(Pattern.quote(ANY), -1))
                            .map(Pattern::quote)
                            .collect(joining(".*")));
            SortedSet<String> found = new TreeSet<>();
            for (Path directory : directories(parent, notListed)) {
                try (Stream<Path> files = Files.list(directory)) {
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .filter(file -> name.matcher(file).matches())
                            .forEach(file -> found.add(parent + file));
                } catch (IOException e) {
                    notListed.add(directory + " (" + e + ")");
                }
            }
            all.add(List.copyOf(found));
        }
        return all;
    }

    private Listing list(SortedSet<Version> versions) {
        NavigableMap<Version, String> locations = new TreeMap<>();
        SortedSet<String> notListed = new TreeSet<>();
        if (isRemote()) {
            notListed.add(pattern);
            return new Listing(locations, notListed);
        }
        for (String candidate : candidates(pattern, engine)) {
            list(candidate, locations, notListed);
            // A file in a jar is found, though not listed.
            for (Version version : versions) {
                String location = candidate.replace(VERSION, version.toString());
                if (!locations.containsKey(version) && find(location).isPresent()) {
                    locations.put(version, location);
                }
            }
        }
        return new Listing(locations, notListed);
    }

    private Optional<Backup> find(String location) {
        return resources
                .map(directory -> Backup.target(location, directory))
                .filter(Files::exists)
                .map(Backup::of)
                .or(() -> Backup.find(location, loader));
    }

    private void list(String candidate, NavigableMap<Version, String> locations, SortedSet<String> notListed) {
        Place place = Place.of(candidate);
        Pattern entry = entry(place.entry());
        for (Path directory : directories(place.parent(), notListed)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> entry.matcher(file.getFileName().toString()))
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group("version"))
                        .filter(version -> Files.isRegularFile(
                                directory.resolve(place.below().replace(VERSION, version))))
                        .forEach(version ->
                                locations.putIfAbsent(Version.of(version), candidate.replace(VERSION, version)));
            } catch (IOException e) {
                notListed.add(directory + " (" + e + ")");
            }
        }
    }

    /**
     * A location, taken apart at the directory that is listed.
     *
     * @param parent the directory
     * @param below what comes below it
     * @param entry the first part of that, which has the version in it
     */
    private record Place(String parent, String below, String entry) {

        static Place of(String location) {
            int version = location.indexOf(VERSION);
            int begin = Math.max(location.lastIndexOf('/', version), location.lastIndexOf(':', version)) + 1;
            int end = location.indexOf('/', version) < 0 ? location.length() : location.indexOf('/', version);
            return new Place(location.substring(0, begin), location.substring(begin), location.substring(begin, end));
        }

        boolean isFile() {
            return entry.equals(below);
        }
    }

    private static Pattern entry(String name) {
        int first = name.indexOf(VERSION);
        return Pattern.compile(Pattern.quote(name.substring(0, first))
                + "(?<version>\\d+(?:[._]\\d+)*)"
                + Pattern.quote(name.substring(first + VERSION.length())).replace(VERSION, "\\E\\k<version>\\Q"));
    }

    /** The directories that a location names, where there are any, in the order in which files are looked for. */
    private List<Path> directories(String location, SortedSet<String> notListed) {
        List<Path> directories = new ArrayList<>();
        resources.ifPresent(directory -> directories.add(Backup.target(location, directory)));
        if (!location.startsWith("file:")) {
            String resource = location.replaceFirst("^classpath:", "").replaceFirst("^/+", "");
            try {
                for (URL url : Collections.list(loader.getResources(resource))) {
                    if (url.getProtocol().equals("file")) {
                        directories.add(Path.of(url.toURI()));
                    } else {
                        notListed.add(url.toString());
                    }
                }
            } catch (IOException | URISyntaxException e) {
                notListed.add(location + " (" + e + ")");
            }
        }
        if (!location.startsWith("classpath:")) {
            directories.add(location.startsWith("file:") ? Backup.target(location, Path.of("")) : Path.of(location));
        }
        return directories.stream().filter(Files::isDirectory).toList();
    }
}
