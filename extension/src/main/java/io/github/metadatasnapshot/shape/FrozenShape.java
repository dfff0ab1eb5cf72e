package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.SchemaObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of a released version, as a text to be kept with the tests: a paragraph for each object, sorted by kind and
 * name, with lines that end in LF. White space at the end of a line does not count.
 *
 * @param engine the engine, for people
 * @param release the release of the engine whose words the definitions are in, such as {@code 17}
 * @param version the version, as Flyway calls it
 * @param shape the shape
 */
public record FrozenShape(String engine, String release, String version, Shape shape) {

    private static final String INDENT = "    ";
    private static final Pattern HEADER = Pattern.compile("# Shape of version (\\S+) on (\\S+) (\\S+)");
    private static final Pattern OBJECT = Pattern.compile("([^:]+): (.+)");

    /** Takes the shape as it reads when it was written. */
    public FrozenShape {
        shape = Shape.of(read(write(shape).lines().toList()));
    }

    private static String write(Shape shape) {
        StringBuilder text = new StringBuilder();
        for (SchemaObject object : shape.objects()) {
            text.append('\n').append(object.kind()).append(": ");
            text.append(object.name().replaceAll("\\R", "\\\\n")).append('\n');
            object.definition()
                    .lines()
                    .forEach(
                            line -> text.append((INDENT + line).stripTrailing()).append('\n'));
        }
        return text.toString();
    }

    /** {@return the text of the file} */
    public String text() {
        return "# Shape of version %s on %s %s\n".formatted(version, engine, release)
                + "# Written by Metadata Snapshot. A released version does not change, and neither does this file.\n"
                + write(shape);
    }

    /**
     * Reads the text of a file.
     *
     * @param text the text
     * @return the shape
     * @throws IllegalArgumentException if a line is not as {@link #text} writes it, with the number of the line
     */
    public static FrozenShape parse(String text) {
        List<String> lines = text.lines().map(String::stripTrailing).toList();
        Matcher header = HEADER.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!header.matches()) {
            throw new IllegalArgumentException("line 1 does not say of which version the shape is, on which database");
        }
        return new FrozenShape(header.group(2), header.group(3), header.group(1), Shape.of(read(lines)));
    }

    private static List<SchemaObject> read(List<String> lines) {
        List<SchemaObject> objects = new ArrayList<>();
        for (int i = 0; i < lines.size(); ) {
            String line = lines.get(i++);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher object = OBJECT.matcher(line);
            if (line.startsWith(" ") || !object.matches()) {
                throw new IllegalArgumentException("line " + i + " is not of the form 'kind: name': " + line);
            }
            List<String> definition = new ArrayList<>();
            while (i < lines.size() && (lines.get(i).isEmpty() || lines.get(i).startsWith(INDENT))) {
                String part = lines.get(i++);
                definition.add(part.isEmpty() ? part : part.substring(INDENT.length()));
            }
            objects.add(new SchemaObject(
                    object.group(1),
                    object.group(2),
                    String.join("\n", definition).stripTrailing()));
        }
        return objects;
    }
}
