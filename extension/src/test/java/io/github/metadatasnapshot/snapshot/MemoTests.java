package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoTests {

    private final Memo<String, Integer> memo = new Memo<>();
    private final AtomicInteger attempts = new AtomicInteger();

    private Integer fail() {
        throw new IllegalStateException("attempt " + attempts.incrementAndGet());
    }

    @Test
    void aFailureIsRemembered() {
        assertThatThrownBy(() -> memo.get("one", this::fail)).hasMessage("attempt 1");
        assertThatThrownBy(() -> memo.get("one", this::fail)).hasMessage("attempt 1");
    }

    @Test
    void aFailureOfWhoWasInterruptedIsNot() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> memo.get("one", this::fail)).hasMessage("attempt 1");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(memo.get("one", attempts::incrementAndGet)).isEqualTo(2);
    }
}
