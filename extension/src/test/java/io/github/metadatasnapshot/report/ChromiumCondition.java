package io.github.metadatasnapshot.report;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

final class ChromiumCondition implements ExecutionCondition {

    static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    static final List<String> DRIVERS = List.of("chromedriver");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Boolean.getBoolean("metadatasnapshot.require")) {
            return ConditionEvaluationResult.enabled("metadatasnapshot.require=true");
        }
        return find(BROWSERS).isPresent() && find(DRIVERS).isPresent()
                ? ConditionEvaluationResult.enabled("Chromium is there")
                : ConditionEvaluationResult.disabled("The PATH has not both of " + String.join(" or ", BROWSERS)
                        + " and " + String.join(" or ", DRIVERS) + ": install Debian's chromium and chromium-driver");
    }

    static Optional<Path> find(List<String> programs) {
        return programs.stream()
                .flatMap(program -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, program)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
