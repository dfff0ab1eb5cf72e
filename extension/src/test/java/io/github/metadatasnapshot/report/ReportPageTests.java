package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.print.PrintOptions;

/** Drives the page in a browser; its pictures are kept in {@code target/report-pictures}. */
@RequiresChromium
@Execution(ExecutionMode.SAME_THREAD)
class ReportPageTests {

    private static final Path PICTURES = Path.of("target", "report-pictures");

    /** Warns that it knows no API for this version of the browser, which nothing here uses. Kept, or it is collected. */
    private static final Logger CDP = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private static ChromeDriver browser;
    private static Path catalog;
    private static Path large;

    @BeforeAll
    static void startBrowser() throws IOException {
        catalog = PICTURES.resolve("catalog");
        large = PICTURES.resolve("large");
        write(catalog, Reports.catalog());
        write(large, Reports.large());
        CDP.setLevel(Level.SEVERE);
        // Both named, so that Selenium does not look for a download.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program(ChromiumCondition.DRIVERS).toFile())
                .usingAnyFreePort()
                .build();
        browser = new ChromeDriver(
                service,
                new ChromeOptions()
                        .setBinary(program(ChromiumCondition.BROWSERS).toFile())
                        .addArguments(
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run",
                                "--force-prefers-reduced-motion",
                                "--hide-scrollbars"));
        browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(10));
    }

    private static void write(Path directory, CompatibilityReport report) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("index.html"), ReportHtml.write(report));
    }

    private static Path program(List<String> names) {
        return ChromiumCondition.find(names)
                .orElseThrow(() -> new IllegalStateException(
                        "None of " + names + " is on the PATH: install Debian's chromium and chromium-driver"));
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void resetBrowser() {
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("media", "", "features", List.of(Map.of("name", "prefers-color-scheme", "value", "light"))));
        browser.manage().window().setSize(new Dimension(1400, 1100));
    }

    @Test
    void thePictureComesFirstAndNothingIsLoadedFromElsewhere() throws IOException {
        open(catalog, "");

        assertThat(browser.getTitle()).isEqualTo("29 of 453 checks failed · Compatibility report");
        assertThat(texts("#squares h2"))
                .containsExactly("mariadb:11.8", "mysql:9.7", "postgres:13", "postgres:17", "postgres:18");
        assertThat(browser.findElements(By.cssSelector("[role=grid] td[role=gridcell]")))
                .hasSize(5 * 64);
        assertThat(cell("mysql:9.7", "1.0", "2.0").getAttribute("aria-label"))
                .isEqualTo("1.0 to 2.0, upgrade, failed, 290 ms");
        assertThat(cell("postgres:17", "1.0", "1.1").getAttribute("aria-label"))
                .isEqualTo("1.0 to 1.1, upgrade, passed, 115 ms");
        assertThat(cell("postgres:17", "2.0", "1.0").getAttribute("aria-label"))
                .isEqualTo("2.0 to 1.0, restore, passed, refused, 126 ms");
        assertThat(cell("postgres:17", "2.0", "2.0").getAttribute("aria-label"))
                .isEqualTo("2.0, restore into its own version, passed, restored, 96 ms");
        assertThat(browser.executeScript("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
        assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
        picture("light");
    }

    @Test
    void aboveTheDiagonalAreUpgradesOrRestoresAsTheReaderChooses() {
        open(catalog, "");
        assertThat(cell("postgres:17", "1.0", "1.1").getText()).isEqualTo("✓");

        click("input[value=restores]");

        assertThat(cell("postgres:17", "1.0", "1.1").getText()).isEqualTo("S");
        assertThat(cell("postgres:17", "1.0", "1.1").getAttribute("aria-label"))
                .isEqualTo("1.0 to 1.1, restore, passed, silent, declared exception, 120 ms");
        assertThat(cell("postgres:17", "2.0", "1.0").getText()).isEqualTo("R");
    }

    @Test
    void aSquareIsReadByKeyboard() throws IOException {
        open(catalog, "");
        cell("mysql:9.7", "1.0", "1.0").click();
        assertThat(browser.findElement(By.id("panel")).isDisplayed()).isTrue();
        press(Keys.ESCAPE);
        assertThat(focused()).isEqualTo("1.0, restore into its own version, passed, restored, 96 ms");

        press(Keys.ARROW_RIGHT);
        assertThat(focused()).startsWith("1.0 to 1.1, upgrade, passed");
        press(Keys.ARROW_DOWN, Keys.ARROW_LEFT);
        assertThat(focused()).startsWith("1.1 to 1.0, restore, failed, silent");
        press(Keys.END);
        assertThat(focused()).startsWith("1.1 to 2.1, upgrade, failed");
        press(Keys.ARROW_RIGHT);
        assertThat(focused()).startsWith("1.1 to 2.1");
        press(Keys.HOME, Keys.ARROW_UP, "n");
        assertThat(focused()).startsWith("1.0 to 1.9, upgrade, failed");
        assertThat(browser.findElements(By.cssSelector("[aria-label^=mysql] td[tabindex='0']")))
                .hasSize(1);
        assertThat(browser.executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");

        press(Keys.ENTER);
        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 1.9");
        picture("cell");
        press("n");
        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 1.10");
        press(Keys.ESCAPE);
        assertThat(browser.findElement(By.id("panel")).isDisplayed()).isFalse();
        assertThat(focused()).startsWith("1.0 to 1.10, upgrade, failed");
    }

    @Test
    void aCellOpensOnAllThatIsKnownOfItAndWhatABackupSaysStaysText() {
        open(catalog, "");
        cell("mysql:9.7", "1.0", "2.0").click();

        String panel = browser.findElement(By.id("panel")).getText();

        assertThat(panel)
                .contains(
                        "1.0 → 2.0", "mysql:9.7", "Upgrade failed", "290 ms", "The upgrade lost 2 of 5 rows of person:")
                .contains(
                        "every row of 12 tables kept, 5,310 rows", "+ varchar(64) NULL", "6 migrations", "usage counts")
                .contains("</script><script>document.title='owned'</script><img src=x")
                .contains(
                        "Restore failed: partly", "PARTIALLY_APPLIED: the client reports an error", "Cause: VERSION.");
        assertThat(browser.getTitle()).startsWith("29 of 453");
        assertThat(browser.findElements(By.tagName("img"))).isEmpty();
    }

    @Test
    void aLinkOpensItsCell() {
        open(catalog, "#mysql%3A9.7/upgrade/1.0/2.0/");

        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 2.0");
        press(Keys.ESCAPE);
        assertThat(browser.getCurrentUrl()).doesNotContain("#");
    }

    @Test
    void cellsAreFoundByDatabaseResultVerdictAndText() throws IOException {
        open(catalog, "");
        chip("silent").click();
        assertThat(matches())
                .isEqualTo("13 of 460 checks match, of which the picture lacks 9: choose restores above the diagonal");
        chip("failed").click();
        assertThat(matches()).startsWith("8 of 460 checks match");
        browser.findElement(By.cssSelector("#database option:nth-child(3)")).click();
        assertThat(texts("#squares h2")).containsExactly("mysql:9.7");
        assertThat(matches()).startsWith("2 of 460 checks match");
        assertThat(cell("mysql:9.7", "1.1", "1.0").getAttribute("class"))
                .contains("bad")
                .doesNotContain("dim");
        assertThat(cell("mysql:9.7", "1.0", "2.0").getAttribute("class")).contains("dim");
        picture("filter");

        click("#reset");
        assertThat(matches()).isEmpty();
        browser.findElement(By.id("text")).sendKeys("duplicate ENTRY");
        await(() -> matches().equals("8 of 460 checks match"));
        assertThat(texts("#list-title")).containsExactly("8 matches, 1 entry");
        browser.findElement(By.cssSelector("#list-rows button")).click();
        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 1.9");
    }

    @Test
    void whatFailedForOneCauseIsOneEntryWithAllItsCells() throws IOException {
        open(catalog, "");

        assertThat(texts("#list-title")).containsExactly("29 failures, 4 causes");
        List<WebElement> entries = browser.findElements(By.cssSelector("#list-rows > li"));
        WebElement upgrades = entries.stream()
                .filter(entry -> entry.getText().startsWith("F\nrows lost: table person"))
                .findFirst()
                .orElseThrow();
        assertThat(upgrades.getText())
                .contains(
                        "8 upgrades · upgrade failed", "also, in 2 of them: objects missing: index person.person_name");
        assertThat(upgrades.findElements(By.cssSelector(".pair")))
                .extracting(WebElement::getText)
                .hasSize(8)
                .startsWith("1.0 → 1.9")
                .contains("1.1 → 2.1");
        picture("causes");
        upgrades.findElement(By.cssSelector(".pair")).click();
        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 1.9");
        press("n");
        assertThat(browser.findElement(By.id("panel-title")).getText()).isEqualTo("1.0 → 1.10");
    }

    @Test
    void findingsAndWhatDidNotRunAreTold() {
        open(catalog, "");

        assertThat(browser.findElement(By.id("findings")).getText())
                .contains("Released versions without a backup\n1.3: V1.3__usage.sql is there")
                .contains("Declared exceptions\n", "because same shape, accepted by design, see ADR 7")
                .contains(
                        "Slow migrations\n",
                        "usage counts on mariadb:11.8: 1.2 s, while nobody else could write to tag")
                .contains("Tables that are written anew, which takes long where they are large\n"
                        + "1.2 split person name writes person anew on mariadb:11.8, mysql:9.7, postgres:13")
                .contains("Not run\n2 tests: no Docker engine answers");
    }

    @Test
    void itIsDarkWhereTheReaderWantsItDark() throws IOException {
        String background = "return getComputedStyle(document.documentElement).backgroundColor";
        open(catalog, "");
        assertThat(browser.executeScript(background)).isEqualTo("rgb(251, 250, 248)");

        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));

        assertThat(browser.executeScript(background)).isEqualTo("rgb(22, 24, 28)");
        picture("dark");
    }

    @Test
    void onAPhoneTheSquareScrollsAndItsHeadsStay() throws IOException {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 375, "height", 800, "deviceScaleFactor", 2, "mobile", true));
        open(large, "");

        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(375L);
        cell("mysql:9.7", "1.0", "3.19").click();
        press(Keys.ESCAPE);
        assertThat(browser.executeScript(
                        "const box = document.activeElement.closest('.scroll').getBoundingClientRect();"
                                + "const head = document.activeElement.parentElement.firstChild.getBoundingClientRect();"
                                + "const scrolled = document.activeElement.closest('.scroll').scrollLeft;"
                                + "return scrolled > 500 && Math.abs(head.left - box.left) < 3"))
                .isEqualTo(true);
        picture("phone");
    }

    @Test
    void sixtyVersionsOnSixDatabasesAreThereAtOnce() throws IOException {
        open(large, "");

        assertThat(browser.findElements(By.cssSelector("[role=grid]"))).hasSize(6);
        assertThat(browser.executeScript("return document.querySelectorAll('[role=gridcell]').length"))
                .isEqualTo(21_600L);
        assertThat((Long) browser.executeScript("return Math.round(performance.timing.domContentLoadedEventEnd"
                        + " - performance.timing.responseEnd)"))
                .as("milliseconds until it is there")
                .isLessThan(5000);
        assertThat((Double) browser.executeScript("const start = performance.now();"
                        + "document.querySelector('#outcomes .chip').click();"
                        + "return performance.now() - start + .001"))
                .as("milliseconds of a filter")
                .isLessThan(2000);
        click("#reset");
        picture("large");
    }

    @Test
    void itIsPrintedInLightWithItsLegend() throws IOException {
        open(catalog, "");
        Files.write(
                PICTURES.resolve("print.pdf"),
                Base64.getDecoder().decode(browser.print(new PrintOptions()).getContent()));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("media", "print", "features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));

        assertThat(browser.executeScript("return getComputedStyle(document.documentElement).backgroundColor"))
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.findElement(By.id("outcomes")).isDisplayed()).isTrue();
        assertThat(browser.findElement(By.id("text")).isDisplayed()).isFalse();
    }

    private static void open(Path report, String hash) {
        browser.get("about:blank");
        browser.get(report.resolve("index.html").toUri() + hash);
    }

    private static WebElement cell(String database, String from, String to) {
        return (WebElement) browser.executeScript(
                "const square = [...document.querySelectorAll('.square')].find(each => each.querySelector('h2').textContent === arguments[0]);"
                        + "const column = [...square.querySelectorAll('thead th')].findIndex(th => th.textContent === arguments[2]);"
                        + "const row = [...square.querySelectorAll('tbody tr')].find(tr => tr.firstChild.textContent === arguments[1]);"
                        + "return row.children[column]",
                database,
                from,
                to);
    }

    private static WebElement chip(String word) {
        return browser.findElements(By.cssSelector(".chip")).stream()
                .filter(chip -> chip.findElement(By.cssSelector("span:nth-last-child(2)"))
                        .getText()
                        .equals(word))
                .findFirst()
                .orElseThrow();
    }

    private static void click(String selector) {
        browser.executeScript("document.querySelector(arguments[0]).click()", selector);
    }

    private static void press(CharSequence... keys) {
        for (CharSequence key : keys) {
            browser.switchTo().activeElement().sendKeys(key);
        }
    }

    private static String focused() {
        return browser.switchTo().activeElement().getAttribute("aria-label");
    }

    private static String matches() {
        return browser.findElement(By.id("matches")).getText();
    }

    private static List<String> texts(String selector) {
        return browser.findElements(By.cssSelector(selector)).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .toList();
    }

    private static void await(Supplier<Boolean> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.get() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(condition.get()).isTrue();
    }

    private static void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
}
