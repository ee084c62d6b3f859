package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** {@code firn run --continuous} over a workspace's pipeline, in a process of its own. */
@SuppressWarnings("JdkObsolete") // Two threads use the log.
final class Following implements AutoCloseable {
    private final Process process;
    private final String pipeline;
    private final Consumer<String> heard;
    private final Thread reader;
    private final StringBuffer log = new StringBuffer();
    private volatile CountDownLatch runs = new CountDownLatch(0);

    /** @param pipeline its name, with which the line of each run begins */
    Following(Path home, String pipeline) {
        this(home, pipeline, "2s", line -> {});
    }

    /**
     * One that logs all it does.
     *
     * @param every how often it runs
     * @param heard is told each line
     */
    Following(Path home, String pipeline, String every, Consumer<String> heard) {
        this.pipeline = pipeline;
        this.heard = heard;
        ProcessBuilder command = new ProcessBuilder(
                        Path.of("..", "firn").toAbsolutePath().toString(),
                        "run",
                        "pipeline.yaml",
                        "--continuous",
                        "--every",
                        every)
                .directory(home.toFile())
                .redirectOutput(home.resolve("firn.out").toFile());
        command.environment().merge("FIRN_JAVA_OPTS", "-Xmx1g", (given, own) -> given + " " + own);
        command.environment().put("FIRN_LOG", "info");
        try {
            process = command.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(
                () -> process.errorReader(StandardCharsets.UTF_8).lines().forEach(this::heard), "firn's log");
        reader.setDaemon(true);
        reader.start();
    }

    private void heard(String line) {
        heard.accept(line);
        synchronized (log) {
            log.append(line).append('\n');
            log.notifyAll();
        }
        if (line.startsWith(pipeline + "  ")) {
            runs.countDown();
        }
    }

    /** Waits until so many more runs are done, or it is dead. */
    void awaitRuns(int count) throws InterruptedException {
        runs = new CountDownLatch(count);
        Thread death = new Thread(() -> {
            process.onExit().join();
            while (runs.getCount() > 0) {
                runs.countDown();
            }
        });
        death.setDaemon(true);
        death.start();
        runs.await();
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    /** Waits until it ended by itself; returns its exit code. */
    int awaitEnd() throws InterruptedException {
        int exit = process.waitFor();
        reader.join();
        return exit;
    }

    /** Waits until it has told this, or is dead. */
    void awaitText(String text) throws InterruptedException {
        synchronized (log) {
            int searched = 0;
            while (log.indexOf(text, searched) < 0 && process.isAlive()) {
                searched = Math.max(0, log.length() - text.length());
                log.wait(1000);
            }
        }
        assertThat(log()).contains(text);
    }

    /** Asks it to end, as SIGTERM does; returns its exit code. */
    int end() throws InterruptedException {
        // Process.destroy would close the log too.
        process.toHandle().destroy();
        int exit = process.waitFor();
        reader.join();
        return exit;
    }

    String log() {
        return log.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
