package io.github.metadatasnapshot.testsupport;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs classes through the JUnit Platform as a user's build would. */
public final class TestKit {

    private TestKit() {}

    /** Runs a class on embedded servers. */
    public static EngineExecutionResults run(Class<?> testClass) {
        return run(testClass, Map.of("metadatasnapshot.provider", "embedded"));
    }

    /** Runs a class with the given settings. */
    public static EngineExecutionResults run(Class<?> testClass, Map<String, String> settings) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameters(settings)
                .execute();
    }

    /** {@return what the only test or container that failed says} */
    public static Throwable failure(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing failed"));
    }
}
