package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

final class DockerCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Boolean.getBoolean("metadatasnapshot.require")) {
            return ConditionEvaluationResult.enabled("metadatasnapshot.require=true");
        }
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            Optional<String> reason = servers.whyUnavailable(ServerSpec.parse("postgres"));
            return reason.map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("Docker is there"));
        }
    }
}
