package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private final BatchSize size = new BatchSize(1_000);

    @Test
    void growsWhileBatchesAreTooShort() {
        size.tooShort();
        size.tooShort();
        assertThat(size.most()).isEqualTo(4_000);
        size.taken();
        assertThat(size.most()).isEqualTo(4_000);
    }

    @Test
    void shrinksWhileBatchesAreTooLongAndComesBack() {
        size.tooLong(600);
        assertThat(size.most()).isEqualTo(300);
        size.tooLong(300);
        assertThat(size.most()).isEqualTo(150);
        size.taken();
        size.taken();
        assertThat(size.most()).isEqualTo(600);
        size.taken();
        size.taken();
        assertThat(size.most()).isEqualTo(1_000);
    }

    @Test
    void endsWhereEverySizeIsTooShortOrTooLong() {
        int tries = 0;
        while (size.isPossible()) {
            if (size.most() < 300) {
                size.tooShort();
            } else {
                size.tooLong(size.most());
            }
            tries++;
        }
        assertThat(tries).isLessThan(15);
    }
}
