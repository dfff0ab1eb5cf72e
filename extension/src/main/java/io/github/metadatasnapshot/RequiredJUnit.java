package io.github.metadatasnapshot;

import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Fails where JUnit is too old, with the way out. It is registered before {@link MetadataSnapshotExtension}, which such a
 * JUnit cannot load: it reports a {@link TypeNotPresentException}, without the name of the type.
 */
final class RequiredJUnit implements Extension {

    RequiredJUnit() {
        JUnitApi.whyTooOld().ifPresent(reason -> {
            throw new ExtensionConfigurationException(reason);
        });
    }
}
