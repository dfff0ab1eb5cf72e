package io.github.metadatasnapshot.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.metadatasnapshot.MetadataSnapshot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Looks at the report of {@link CatalogCompatibilityTest} in a browser, as its reader does. Runs after the tests; pictures are
 * kept in {@code target/report-pictures}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class CatalogReportIT {

    private static final Path REPORT = Path.of("target", "metadata-snapshot", "index.html");
    private static final List<String> DATABASES = databases("catalog.databases");
    private static final List<String> RECOVERED = databases("catalog.recovery.databases");

    /** Those of upgrades and restores, and ways back. */
    private static final int CHECKS = 117 * DATABASES.size() + 17 * RECOVERED.size();

    private static final String ALL_PASSED = "All " + CHECKS + " checks passed · Compatibility report";
    private static final Path PICTURES = Path.of("target", "report-pictures");

    /** Warns that it knows no API for this version of the browser, which nothing here uses. Kept, or it is collected. */
    private static final Logger CDP = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private ChromeDriver browser;

    private static List<String> databases(String property) {
        String ofTheRun = System.getProperty(property);
        String[] databases = ofTheRun == null
                ? CatalogCompatibilityTest.class
                        .getAnnotation(MetadataSnapshot.class)
                        .databases()
                : ofTheRun.split(",");
        return Stream.of(databases).sorted().toList();
    }

    @BeforeEach
    void openReport() {
        Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = program("chromedriver");
        boolean required = Boolean.getBoolean("metadatasnapshot.require");
        assumeTrue(
                required || (chromium.isPresent() && driver.isPresent()),
                "There is no Chromium with its driver: install Debian's chromium and chromium-driver");
        assumeTrue(required || Files.exists(REPORT), "There is no report: run CatalogCompatibilityTest");
        CDP.setLevel(Level.SEVERE);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                new ChromeOptions()
                        .setBinary(chromium.orElseThrow().toFile())
                        .addArguments(
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run",
                                "--hide-scrollbars"));
        browser.manage().window().setSize(new Dimension(1400, 1100));
        browser.get(REPORT.toAbsolutePath().toUri().toString());
        assumeTrue(
                required || ALL_PASSED.equals(browser.getTitle()),
                "The report is not of all cells, but says: " + browser.getTitle());
    }

    private static Optional<Path> program(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @Test
    void showsEveryVersionOnEveryDatabase() throws IOException {
        assertThat(browser.getTitle()).isEqualTo(ALL_PASSED);
        assertThat(browser.findElements(By.cssSelector("#squares h2")))
                .extracting(WebElement::getText)
                .containsExactlyElementsOf(Stream.of(DATABASES, RECOVERED)
                        .flatMap(List::stream)
                        .distinct()
                        .sorted()
                        .toList());
        for (String database : DATABASES) {
            assertThat(label(database, "1.2", "2.0")).startsWith("1.2 to 2.0, upgrade, passed, ");
            assertThat(label(database, "2.0", "1.2")).startsWith("2.0 to 1.2, restore, passed, refused, ");
            assertThat(label(database, "1.4", "1.4"))
                    .startsWith("1.4, restore into its own version, passed, restored, ");
        }
        picture("light");
    }

    @Test
    void opensACellByKeyboard() throws IOException {
        cell(DATABASES.get(0), "1.2", "1.3").click();
        browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);

        WebElement panel = browser.findElement(By.id("panel"));
        assertThat(panel.getText())
                .contains("1.3 → 1.4", "kept every row", "matches a clean install", "is repeatable", "reclassify");
        picture("cell");
    }

    @Test
    void findsWhatIsAskedForInTheDarkToo() throws IOException {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        browser.findElement(By.id("text")).sendKeys("reclassify");

        // The page takes a moment after the last letter.
        browser.executeAsyncScript("setTimeout(arguments[0], 1000)");
        assertThat(browser.findElement(By.id("matches")).getText()).endsWith(" of " + CHECKS + " checks match");
        assertThat(browser.executeScript("return getComputedStyle(document.documentElement).backgroundColor"))
                .isEqualTo("rgb(22, 24, 28)");
        picture("dark");
    }

    private WebElement cell(String database, String from, String to) {
        return (WebElement) browser.executeScript("""
                const square = [...document.querySelectorAll('.square')]
                    .find(each => each.querySelector('h2').textContent === arguments[0]);
                const column = [...square.querySelectorAll('thead th')].findIndex(th => th.textContent === arguments[2]);
                const row = [...square.querySelectorAll('tbody tr')].find(tr => tr.firstChild.textContent === arguments[1]);
                return row.children[column];
                """, database, from, to);
    }

    private String label(String database, String from, String to) {
        return cell(database, from, to).getAttribute("aria-label");
    }

    private void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
}
