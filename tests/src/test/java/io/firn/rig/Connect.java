package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Kafka Connect with Debezium. It keeps its offsets in a file and learns its connectors anew from us at each start, so
 * that it may be killed and started again.
 */
public final class Connect implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Watchdog watchdog;
    private final Path folder;
    private final Path settings;
    private final int port;
    private final Map<String, Map<String, String>> connectors = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private ServerProcess process;

    private Connect(Watchdog watchdog, Path folder, String bootstrap, long flushMillis) {
        this.watchdog = watchdog;
        this.folder = folder;
        port = Ports.free();
        settings = settings(folder, port, bootstrap, flushMillis);
    }

    /** It writes down every so many milliseconds how far it came; what came later is sent again after a kill. */
    static Connect start(Watchdog watchdog, String name, String bootstrap, long flushMillis) {
        Connect connect = new Connect(watchdog, watchdog.folder(name), bootstrap, flushMillis);
        connect.start();
        return connect;
    }

    private static Path settings(Path folder, int port, String bootstrap, long flushMillis) {
        try {
            return Files.writeString(
                    folder.resolve("worker.properties"),
                    """
                    bootstrap.servers=%s
                    listeners=http://127.0.0.1:%d
                    plugin.path=%s
                    plugin.discovery=service_load
                    key.converter=org.apache.kafka.connect.json.JsonConverter
                    value.converter=org.apache.kafka.connect.json.JsonConverter
                    offset.storage.file.filename=%s
                    offset.flush.interval.ms=%d
                    task.shutdown.graceful.timeout.ms=5000
                    producer.linger.ms=0
                    """
                            .formatted(
                                    bootstrap,
                                    port,
                                    ServerProcess.plugins(),
                                    folder.resolve("connect.offsets"),
                                    flushMillis));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, again too, with the connectors that it had. */
    public synchronized void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        process = ServerProcess.start(
                watchdog, folder, "512m", "org.apache.kafka.connect.cli.ConnectStandalone", settings.toString());
        process.awaitPort(port);
        Await.until(
                "Connect serves requests",
                () -> call("GET", "/connectors", null).statusCode() == 200);
        connectors.forEach(this::put);
        connectors.keySet().forEach(this::awaitRunning);
    }

    /** Lets it end in order, with its offsets written. */
    public synchronized void stop() {
        process.stop();
    }

    /** As {@code kill -9} does. */
    public synchronized void kill() {
        process.kill();
    }

    long pid() {
        return process.pid();
    }

    String log() {
        return process.log();
    }

    void create(String name, Map<String, String> connector) {
        connectors.put(name, connector);
        try {
            put(name, connector);
            awaitRunning(name);
        } catch (IllegalStateException e) {
            delete(name);
            throw e;
        }
    }

    private void put(String name, Map<String, String> connector) {
        HttpResponse<String> answer = call("PUT", "/connectors/" + name + "/config", JSON.valueToTree(connector));
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("Connect refused " + name + ": " + answer.body());
        }
    }

    void delete(String name) {
        if (connectors.remove(name) != null && process.isAlive()) {
            call("DELETE", "/connectors/" + name, null);
            Await.until(
                    name + " is gone",
                    () -> call("GET", "/connectors/" + name + "/status", null).statusCode() == 404);
        }
    }

    /** The state of the tasks counts: a connector says RUNNING while its task is dead. */
    void awaitRunning(String name) {
        Await.until("tasks of " + name + " run", () -> {
            HttpResponse<String> answer = call("GET", "/connectors/" + name + "/status", null);
            JsonNode tasks = json(answer).path("tasks");
            for (JsonNode task : tasks) {
                if (task.path("state").asText().equals("FAILED")) {
                    throw new IllegalStateException(
                            name + " failed: " + task.path("trace").asText());
                }
            }
            return !tasks.isEmpty() && tasks.findValuesAsText("state").stream().allMatch("RUNNING"::equals);
        });
    }

    /** How far a connector came: all that it sent up to there is in Kafka. Null before it wrote anything down. */
    JsonNode offset(String name) {
        JsonNode offset = json(call("GET", "/connectors/" + name + "/offsets", null))
                .path("offsets")
                .path(0)
                .path("offset");
        return offset.isObject() ? offset : null;
    }

    private HttpResponse<String> call(String method, String path, JsonNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("Connect does not answer; its log:\n" + process.log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Connect worked", e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it for good. */
    @Override
    public void close() {
        stop();
    }
}
