package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A sound product with three versions, made up of {@linkplain Piece pieces}; see {@code products}. */
public record MadeUpProduct(List<Piece> pieces) {

    /** How many versions it has. */
    public static final int VERSIONS = 3;

    private static final Pattern NAME = Pattern.compile("(?:\\[(?<mark>\\w+)] )?(?<name>.*)");
    private static final Pattern LINE = Pattern.compile("(?<use>u)?(?<version>[1-3])\\|\\s*(?<sql>.*)");

    /** One statement, of a migration or of somebody who uses the product from a version on. */
    private record Statement(int version, boolean use, String sql) {

        Statement later(int versions) {
            return new Statement(version + versions, use, sql);
        }
    }

    /** Some objects and what becomes of them in later versions. */
    public record Piece(String name, List<Statement> statements) {

        private int lastVersion() {
            return statements.stream().mapToInt(Statement::version).max().orElse(VERSIONS);
        }

        private Piece later(int versions) {
            return new Piece(
                    name,
                    statements.stream()
                            .map(statement -> statement.later(versions))
                            .toList());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** {@return the pieces of the manual that a server has, those by hand left out} */
    public static List<Piece> pieces(DatabaseServer server) {
        Engine engine = server.engine();
        List<Piece> pieces = new ArrayList<>();
        if (engine == Engine.POSTGRESQL) {
            pieces.addAll(read("postgresql", server, 0));
        } else {
            pieces.addAll(read("mysql-common", server, 0));
            pieces.addAll(read(engine.id(), server, pieces.size()));
        }
        return pieces;
    }

    /** {@return the pieces that hold a column of each type} */
    public static List<Piece> types(DatabaseServer server) {
        List<Piece> pieces = new ArrayList<>();
        for (ColumnType type : ColumnType.of(server)) {
            if (!type.dumped()) {
                continue;
            }
            String table = "type" + pieces.size();
            List<Statement> statements = new ArrayList<>();
            statements.add(
                    new Statement(1, false, "CREATE TABLE " + table + " (id INT PRIMARY KEY, c " + type.sql() + ")"));
            for (int i = 0; i < type.values().size(); i++) {
                String values = "(id, c) VALUES (" + i + ", " + type.values().get(i) + ")";
                statements.add(new Statement(1, i > 0, "INSERT INTO " + table + " " + values));
            }
            statements.add(new Statement(2, false, "ALTER TABLE " + table + " ADD d " + type.sql()));
            statements.add(new Statement(
                    2,
                    true,
                    "INSERT INTO " + table + " (id, c, d) VALUES (99, "
                            + type.values().get(0) + ", "
                            + type.values().get(type.values().size() - 1) + ")"));
            pieces.add(new Piece("type " + type.sql(), statements));
        }
        return pieces;
    }

    /** {@return the products by hand, each a piece; none for MariaDB, which refuses some of MySQL's} */
    public static List<Piece> byHand(DatabaseServer server) {
        if (server.engine() == Engine.MARIADB) {
            return List.of();
        }
        return read(server.engine() == Engine.POSTGRESQL ? "by-hand-postgresql" : "by-hand-mysql", server, 500);
    }

    /**
     * Makes up a product.
     *
     * @param server what it is for
     * @param seed tells it from others
     * @param most the most pieces that it has
     */
    public static MadeUpProduct of(DatabaseServer server, long seed, int most) {
        Random random = new Random(seed);
        List<Piece> pieces = new ArrayList<>(pieces(server));
        pieces.addAll(byHand(server));
        Collections.shuffle(pieces, random);
        List<Piece> types = new ArrayList<>(types(server));
        Collections.shuffle(types, random);
        List<Piece> chosen = new ArrayList<>(pieces.subList(0, Math.min(pieces.size(), most * 2 / 3)));
        chosen.addAll(types.subList(0, Math.min(types.size(), most - chosen.size())));
        chosen.replaceAll(piece -> piece.later(random.nextInt(VERSIONS + 1 - piece.lastVersion())));
        return new MadeUpProduct(chosen);
    }

    private static List<Piece> read(String file, DatabaseServer server, int firstNumber) {
        List<Piece> pieces = new ArrayList<>();
        for (String block : text(file).split("\n\n", -1)) {
            List<String> lines =
                    block.lines().filter(line -> !line.startsWith("#")).toList();
            if (lines.isEmpty()) {
                continue;
            }
            Matcher name = NAME.matcher(lines.get(0));
            if (!name.matches()) {
                throw new IllegalArgumentException(lines.get(0));
            }
            String table = "p" + (firstNumber + pieces.size());
            String mark = name.group("mark");
            // One that does not run here is still counted: names are the same on each server.
            Piece piece = new Piece(
                    name.group("name"),
                    lines.stream().skip(1).map(line -> statement(line, table)).toList());
            pieces.add(runs(mark, server) ? piece : new Piece(piece.name(), List.of()));
        }
        pieces.removeIf(piece -> piece.statements().isEmpty());
        return pieces;
    }

    private static boolean runs(String mark, DatabaseServer server) {
        return mark == null || Version.of(server.version()).compareTo(Version.of(mark)) >= 0;
    }

    private static Statement statement(String line, String table) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(line);
        }
        return new Statement(
                Integer.parseInt(matcher.group("version")),
                matcher.group("use") != null,
                matcher.group("sql").replace("{t}", table));
    }

    private static String text(String file) {
        try (InputStream in = MadeUpProduct.class.getResourceAsStream("/products/" + file + ".txt")) {
            return new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes its migrations, in the place of those that are there. */
    public void writeTo(Path directory, Engine engine) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        for (int version = 1; version <= VERSIONS; version++) {
            Stream<String> first = version == 1 ? ColumnType.prerequisites(engine).stream() : Stream.of();
            Files.write(
                    directory.resolve("V" + version + "__version.sql"),
                    Stream.concat(first, statements(version, false))
                            .map(sql -> sql + ";")
                            .toList());
        }
    }

    /** Uses the product in a database at a version. */
    public void use(TestDatabase database, int version) {
        for (int from = 1; from <= version; from++) {
            Library.execute(database, statements(from, true).toArray(String[]::new));
        }
    }

    private Stream<String> statements(int version, boolean use) {
        return pieces.stream()
                .flatMap(piece -> piece.statements().stream())
                .filter(statement -> statement.version() == version && statement.use() == use)
                .map(Statement::sql);
    }

    /** {@return the name of each piece with the version that it is there from on, a line each} */
    public String describe() {
        List<String> lines = new ArrayList<>();
        pieces.forEach(piece -> lines.add(piece.name() + " from "
                + piece.statements().stream().mapToInt(Statement::version).min().orElse(0)));
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return Arrays.toString(pieces.toArray());
    }
}
