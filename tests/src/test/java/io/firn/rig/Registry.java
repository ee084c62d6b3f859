package io.firn.rig;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;

/** A schema registry that speaks Confluent's REST interface; what it was told outlives a kill. */
public final class Registry implements AutoCloseable {
    private final Watchdog watchdog;
    private final Path folder;
    private final int port = Ports.free();
    private ServerProcess process;

    private Registry(Watchdog watchdog, Path folder) {
        this.watchdog = watchdog;
        this.folder = folder;
    }

    static Registry start(Watchdog watchdog, String name) {
        Registry registry = new Registry(watchdog, watchdog.folder(name));
        registry.start();
        return registry;
    }

    /** Starts it, again too, where it was and with what it held. */
    public synchronized void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        process = ServerProcess.startRegistry(
                watchdog,
                folder,
                List.of(
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.log.level=WARN",
                        "-DREGISTRY_DATASOURCE_URL=jdbc:h2:file:" + folder.resolve("registry") + ";WRITE_DELAY=0"));
        process.awaitPort(port);
        Await.until("the registry serves requests", this::serves);
    }

    private boolean serves() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(confluent() + "/subjects")).build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the registry started", e);
        }
    }

    /** As {@code kill -9} does. */
    public synchronized void kill() {
        process.kill();
    }

    /** Where its interface is that Confluent's clients know. */
    public String confluent() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Where its own interface is. */
    String own() {
        return "http://127.0.0.1:" + port + "/apis/registry/v2";
    }

    long pid() {
        return process.pid();
    }

    /** Ends it for good. */
    @Override
    public synchronized void close() {
        process.stop();
    }
}
