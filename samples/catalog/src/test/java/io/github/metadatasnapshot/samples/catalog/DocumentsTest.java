package io.github.metadatasnapshot.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page of the documents that the project began from: each of its rows is shown by tests that are here, is out of scope, or
 * says that it is open. Whether the tests ran is looked at by {@code .ci/documents} when all modules are done, in the list that
 * this test writes.
 */
class DocumentsTest {

    private static final Path PAGE = Path.of("../../extension/docs/documents.md");
    private static final Path LIST = Path.of("target/documents.tsv");

    private static final int STATEMENTS = 69;
    private static final int MOST_WORDS = 15;

    private static final Pattern ROW = Pattern.compile("\\| (.*?) \\| (.*?) \\|");
    private static final Pattern PLACE = Pattern.compile("\\[(.+)]\\(https://[^ )]+\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern TEST = Pattern.compile("([A-Z]\\w*(?:\\.[A-Z]\\w*)*)#(\\w+)");

    /** What is wrong with a page, and the list that is made of it. */
    private record Read(List<String> problems, List<String> list) {}

    @Test
    void everyRowIsShownByTestsThatAreHere() throws IOException {
        Read page = read(Files.readString(PAGE), TestSources.of(Path.of("../..")));

        assertThat(page.problems()).isEmpty();
        assertThat(page.list().stream().map(line -> line.substring(0, line.indexOf('\t'))))
                .as("rows")
                .contains(String.valueOf(STATEMENTS))
                .doesNotContain(String.valueOf(STATEMENTS + 1));
        Files.write(LIST, page.list());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    [Says that](https://acme.org/page) ; `LoadTests#loads`                 ; ''
                    [Says that](https://acme.org/page) ; `LoadTests.OnMySql#loads`, by JDBC ; ''
                    [Says that](https://acme.org/page) ; `LoadTests.OnMySql#isMySqls`      ; ''
                    [Says that](https://acme.org/page) ; out of scope: not ours            ; ''
                    [Says that](https://acme.org/page) ; open: not yet                     ; ''
                    [Says that](https://acme.org/page) ; `LoadTests#loads`, open: no JDBC  ; ''
                    [Says that](https://acme.org/page) ; `LoadTests#isGone`, open: no JDBC ; row 1, Says that: there is no test LoadTests#isGone
                    [Says that](https://acme.org/page) ; `LoadTests#isGone`                ; row 1, Says that: there is no test LoadTests#isGone
                    [Says that](https://acme.org/page) ; `LoadTests#isMySqls`              ; row 1, Says that: there is no test LoadTests#isMySqls
                    [Says that](https://acme.org/page) ; `LoadTests#helper`                ; row 1, Says that: there is no test LoadTests#helper
                    [Says that](https://acme.org/page) ; `TwiceTests#loads`                ; row 1, Says that: TwiceTests#loads is a test of a.TwiceTests and of b.TwiceTests
                    [Says that](https://acme.org/page) ; by several tests                  ; 'row 1, Says that: names no test, and is neither out of scope nor open'
                    [a b c d e f g h i j k l m n o p](https://acme.org/page) ; open: not yet ; 'row 1, a b c d e f g h i j k l m n o p: has more than 15 words'
                    Says that                          ; open: not yet                     ; 'row 1, Says that: has no link to the document'
                    """)
    void aRowIsFoundWrong(String place, String shown, String problem, @TempDir Path directory) throws IOException {
        Path base = Files.writeString(directory.resolve("LoadTests.java"), """
                package a;
                abstract class Loads { @Test void loads() {} }
                class LoadTests extends Loads {
                    void helper() {}
                    @Nested class OnMySql extends Loads { @Test @DisplayName("is" + " theirs") void isMySqls() {} }
                }
                class TwiceTests extends Loads {}
                """);
        Path other = Files.writeString(directory.resolve("TwiceTests.java"), """
                package b;
                class TwiceTests { @Test void loads() {} }
                """);

        Read page = read("| " + place + " | " + shown + " |", TestSources.parse(List.of(base, other)));

        assertThat(String.join("\n", page.problems())).isEqualTo(problem);
    }

    @Test
    void theListHasEachClassInWhichATestRuns(@TempDir Path directory) throws IOException {
        Path tests = Files.writeString(directory.resolve("LoadTests.java"), """
                package a;
                abstract class Loads { @ParameterizedTest @DisplayName("loads" + " it") void loads() {} }
                class LoadTests extends Loads {
                    @Nested class OnMySql extends Loads {}
                }
                """);

        Read page = read(
                "| [Says that](https://acme.org) | `Loads#loads` |\n| [And that](https://acme.org) | open: x |",
                TestSources.parse(List.of(tests)));

        assertThat(page.list())
                .containsExactly(
                        "1\tLoads#loads\ta.LoadTests$OnMySql\tloads\tloads it",
                        "1\tLoads#loads\ta.LoadTests\tloads\tloads it",
                        "2\topen: x");
    }

    private static Read read(String page, TestSources sources) {
        List<String> problems = new ArrayList<>();
        List<String> list = new ArrayList<>();
        int number = 0;
        for (String line : page.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (!row.matches() || row.group(1).startsWith("---") || row.group(1).equals("what the document says")) {
                continue;
            }
            number++;
            Matcher place = PLACE.matcher(row.group(1));
            boolean isLinked = place.matches();
            String words = isLinked ? place.group(1) : row.group(1);
            String prefix = "row " + number + ", " + words + ": ";
            if (!isLinked) {
                problems.add(prefix + "has no link to the document");
            }
            if (words.split(" ").length > MOST_WORDS) {
                problems.add(prefix + "has more than " + MOST_WORDS + " words");
            }
            String shown = row.group(2);
            boolean isWithoutTests = shown.startsWith("out of scope: ") || shown.contains("open: ");
            if (isWithoutTests) {
                list.add(number + "\t" + shown);
            }
            List<Matcher> tests = CODE.matcher(shown)
                    .results()
                    .map((MatchResult code) -> TEST.matcher(code.group(1)))
                    .filter(Matcher::matches)
                    .toList();
            if (tests.isEmpty() && !isWithoutTests) {
                problems.add(prefix + "names no test, and is neither out of scope nor open");
            }
            for (Matcher test : tests) {
                try {
                    List<TestSources.Found> found = sources.find(test.group(1), test.group(2));
                    if (found.isEmpty()) {
                        problems.add(prefix + "there is no test " + test.group());
                    }
                    for (TestSources.Found each : found) {
                        list.add(String.join(
                                "\t",
                                String.valueOf(number),
                                test.group(),
                                each.className(),
                                each.method(),
                                each.displayName()));
                    }
                } catch (IllegalArgumentException e) {
                    problems.add(prefix + e.getMessage());
                }
            }
        }
        return new Read(problems, list);
    }
}
