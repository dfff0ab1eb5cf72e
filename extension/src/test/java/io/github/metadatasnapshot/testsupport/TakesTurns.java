package io.github.metadatasnapshot.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs a test on one day of a few. On a class it means each test of it, those of nested classes included, and each has days of
 * its own: some of the class run every day. All run with {@code -Pexhaustive}. See {@link Sample}.
 *
 * <p>For classes of which many tests show things of one kind, and for those that inherit the same tests and run them on other
 * servers. The nearest annotation counts: one of a single turn on a method runs that every day.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TakesTurns.Condition.class)
public @interface TakesTurns {

    /** {@return how many days a test has its turn in once} */
    int of();

    /** {@return from 0, another number for each class that inherits the same tests: none of them has the same day} */
    int turn() default 0;

    /** Leaves out what has its turn on another day. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getTestMethod()
                            .map(test -> hasTurn(test, context.getRequiredTestClass()))
                            .orElse(true)
                    ? ConditionEvaluationResult.enabled("has its turn")
                    : ConditionEvaluationResult.disabled("has its turn on another day, and with -Pexhaustive");
        }

        private static boolean hasTurn(Method test, Class<?> testClass) {
            String name = test.getDeclaringClass().getName() + "." + test.getName();
            return AnnotationSupport.findAnnotation(test, TakesTurns.class)
                    .or(() -> ofClass(testClass))
                    .map(turns -> Sample.hasTurn(name, turns.turn(), turns.of()))
                    .orElse(true);
        }

        private static Optional<TakesTurns> ofClass(Class<?> testClass) {
            return Stream.<Class<?>>iterate(testClass, each -> each != null, Class::getEnclosingClass)
                    .flatMap(each -> AnnotationSupport.findAnnotation(each, TakesTurns.class).stream())
                    .findFirst();
        }
    }
}
