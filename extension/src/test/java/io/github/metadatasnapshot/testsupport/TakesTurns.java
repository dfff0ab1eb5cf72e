package io.github.metadatasnapshot.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs tests on some days only, where those of another class show the same on another server: one class of a pair each day,
 * or one of the heirs of each test that several inherit; all with {@code -Pexhaustive}. See {@link Sample}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TakesTurns.Condition.class)
public @interface TakesTurns {

    /** {@return which of the turns it is, from 0} */
    int turn();

    /** {@return how many turns there are} */
    int of() default 2;

    /** {@return whether each inherited test has turns of its own, and the class always runs those that it declares} */
    boolean each() default false;

    /** Leaves out what has its turn on another day. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return hasTurn(context)
                    ? ConditionEvaluationResult.enabled("has its turn")
                    : ConditionEvaluationResult.disabled("has its turn on another day, and with -Pexhaustive");
        }

        private static boolean hasTurn(ExtensionContext context) {
            if (Sample.exhaustive()) {
                return true;
            }
            Optional<TakesTurns> own = AnnotationSupport.findAnnotation(context.getElement(), TakesTurns.class);
            if (own.isPresent()) {
                return own.get().each()
                        || Sample.turn("", own.get().of()) == own.get().turn();
            }
            Class<?> heir = context.getRequiredTestClass();
            return AnnotationSupport.findAnnotation(heir, TakesTurns.class)
                    .filter(turns ->
                            turns.each() && context.getRequiredTestMethod().getDeclaringClass() != heir)
                    .map(turns -> Sample.turn(context.getRequiredTestMethod().getName(), turns.of()) == turns.turn())
                    .orElse(true);
        }
    }
}
