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
 * Images of servers on which a test shows the same: one a day, which is another for each test, and all with {@code
 * -Pexhaustive}. See {@link Sample}.
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
            return Sample.oneOf(
                            List.of(images.value()),
                            context.getRequiredTestMethod().getName())
                    .map(Arguments::of);
        }
    }
}
