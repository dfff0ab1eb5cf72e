package io.github.metadatasnapshot.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs tests of one server family on some days only, where the tests of another show the same: one class of a pair each day,
 * all with {@code -Pexhaustive}. See {@link Sample}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TakesTurns.Condition.class)
public @interface TakesTurns {

    /** {@return which of the turns it is, from 0} */
    int turn();

    /** {@return how many turns there are} */
    int of() default 2;

    /** Leaves out what has its turn on another day. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), TakesTurns.class)
                    .filter(turns -> !Sample.exhaustive() && Sample.turn(turns.of()) != turns.turn())
                    .map(turns ->
                            ConditionEvaluationResult.disabled("has its turn on another day, and with -Pexhaustive"))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("has its turn"));
        }
    }
}
