package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void resultsStandInTheOrderOfTheElements() {
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();

        assertThat(Parallel.map(numbers, number -> number + 1))
                .isEqualTo(IntStream.range(1, 101).boxed().toList());
        assertThat(Parallel.map(List.of(), number -> number)).isEmpty();
    }

    @Test
    void elementsAreWorkedOnAtOnce() {
        CountDownLatch both = new CountDownLatch(2);

        assertThat(Parallel.map(List.of("a", "b"), element -> {
                    both.countDown();
                    try {
                        both.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return element;
                }))
                .containsExactly("a", "b");
    }

    @Test
    void classesAreFoundWhereTheCallerFindsThem() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            caller.setContextClassLoader(application);

            assertThat(Parallel.map(
                            List.of(1, 2), number -> Thread.currentThread().getContextClassLoader()))
                    .containsOnly(application);
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    @Test
    void aFailureIsTheCallers() {
        assertThatThrownBy(() -> Parallel.map(List.of("a"), element -> {
                    throw new FirnException(ExitCode.CONFLICT, element + " failed");
                }))
                .isInstanceOf(FirnException.class)
                .hasMessage("a failed");
    }
}
