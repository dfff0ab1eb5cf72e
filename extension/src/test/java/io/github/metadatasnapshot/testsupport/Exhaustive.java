package io.github.metadatasnapshot.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that are run by {@code ./mvnw verify -Pexhaustive} only: the rest of a set of which the usual run covers each kind.
 * A set of cases of one kind is better cut by {@link Sample}, which covers all of it in time.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("exhaustive")
public @interface Exhaustive {}
