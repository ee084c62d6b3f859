package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The same work for several elements at once. Its threads find classes where the caller's thread does; those of Java's common
 * pool, which parallel streams use, see nothing of the jars that {@code spark-submit} was given.
 */
final class Parallel {
    private static final int THREADS = 8;

    private Parallel() {}

    /** The results in the order of the elements; throws what the first of them throws, when all are done. */
    static <T, R> List<R> map(List<T> elements, Function<T, R> work) {
        List<Callable<R>> tasks = new ArrayList<>();
        elements.forEach(element -> tasks.add(() -> work.apply(element)));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<R> results = new ArrayList<>();
            for (Future<R> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FirnException(ExitCode.FAILED, "interrupted; run again to go on");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
