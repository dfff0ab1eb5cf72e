package io.github.metadatasnapshot.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Images of servers on which a test shows the same: one of PostgreSQL and one of MySQL or MariaDB each day, all with
 * {@code -Pexhaustive}. See {@link Sample}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(Images.Provider.class)
public @interface Images {

    /** {@return the names of the images} */
    String[] value();

    /** Chooses the images of the day. */
    final class Provider extends AnnotationBasedArgumentsProvider<Images> {

        @Override
        protected Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context, Images images) {
            List<String> postgreSql = Stream.of(images.value())
                    .filter(image -> image.startsWith("postgres"))
                    .toList();
            List<String> others = Stream.of(images.value())
                    .filter(image -> !postgreSql.contains(image))
                    .toList();
            return Stream.of(postgreSql, others).flatMap(Sample::oneOf).map(Arguments::of);
        }
    }
}
