package io.firn.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries, the remote one as a server of this test's that answers what the test says. */
class RegistryTest {
    private record Answer(int status, String body) {}

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Integer> troubles = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private String url;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        answers.put("/schemas/types", new Answer(200, "[\"AVRO\"]"));
        answers.put("/schemas/ids/17", new Answer(200, "{\"schema\":\"\\\"int\\\"\"}"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(exchange.getRequestURI() + (authorization == null ? "" : " " + authorization));
            Integer trouble = troubles.poll();
            Answer answer = trouble != null
                    ? new Answer(trouble, "trouble")
                    : answers.getOrDefault(
                            exchange.getRequestURI().toString(),
                            new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}"));
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Schemas schemas() {
        return new CachedSchemas(new ConfluentSource(url, null), Duration.ofMillis(1));
    }

    @Test
    void aSchemaIsAskedForOnce() {
        Schemas schemas = schemas();

        RegisteredSchema first = schemas.schema("17");

        assertThat(first).isEqualTo(new RegisteredSchema("AVRO", "\"int\"", List.of()));
        assertThat(schemas.schema("17")).isSameAs(first);
        assertThat(asked).containsExactly("/schemas/ids/17");
    }

    @Test
    void whatADriverAskedItsTasksKnow() throws IOException, ClassNotFoundException {
        Schemas schemas = schemas();
        RegisteredSchema known = schemas.schema("17");
        schemas.schema("18");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(schemas);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Schemas there = (Schemas) in.readObject();
            assertThat(there.schema("17")).isEqualTo(known);
            assertThat(there.schema("18")).isNull();
            assertThat(asked).hasSize(2);
            answers.put("/schemas/ids/19", new Answer(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}"));
            assertThat(there.schema("19").kind()).isEqualTo("JSON");
        }
    }

    @Test
    void anUnknownIdIsNoTrouble() {
        assertThat(schemas().schema("18")).isNull();
        assertThat(schemas().schema("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")).isNull();
        assertThat(asked).containsExactly("/schemas/ids/18");
    }

    @Test
    void aRegistryThatStumblesIsAskedAgain() {
        troubles.addAll(List.of(500, 429, 503, 502));

        assertThat(schemas().schema("17")).isNotNull();
        assertThat(asked).hasSize(5);
    }

    @Test
    void aRegistryThatIsDownIsAskedSoOftenAndNoMore() {
        troubles.addAll(List.of(500, 500, 500, 500, 500));

        assertThatThrownBy(() -> schemas().schema("17"))
                .isInstanceOf(RegistryUnavailable.class)
                .hasMessage(
                        "the schema registry at " + url + " cannot be asked: it answers with status 500. Nothing was"
                                + " written without it; check the registry and its settings, and run again");
        assertThat(asked).hasSize(5);
        server.stop(0);
        assertThatThrownBy(() -> schemas().require())
                .isInstanceOf(RegistryUnavailable.class)
                .hasMessageStartingWith("the schema registry at " + url + " cannot be asked: ")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whoIsRefusedIsToldSoAtOnce() {
        troubles.add(401);

        assertThatThrownBy(() -> schemas().require())
                .hasMessageContaining("it answers with status 401; check user and password, or the token");
        assertThat(asked).hasSize(1);
    }

    @Test
    void anotherServerIsNoRegistry() {
        answers.put("/schemas/ids/20", new Answer(404, "<html>not here</html>"));

        assertThatThrownBy(() -> schemas().schema("20"))
                .hasMessageContaining("it answers with status 404; check that url ends where /schemas begins");
    }

    @Test
    void schemasThatAreNamedComeBeforeThoseThatNameThem() {
        answers.put(
                "/schemas/ids/30",
                new Answer(
                        200,
                        """
                        {"schema":"C","references":[{"name":"b","subject":"b c","version":2},
                         {"name":"a","subject":"a","version":1}]}"""));
        answers.put(
                "/subjects/b%20c/versions/2",
                new Answer(
                        200,
                        """
                        {"schema":"B","references":[{"name":"a","subject":"a","version":1}]}"""));
        answers.put("/subjects/a/versions/1", new Answer(200, "{\"schema\":\"A\"}"));

        assertThat(schemas().schema("30").references()).containsExactly("A", "B");
    }

    @Test
    void theLatestVersionIsAskedForByItsSubject() {
        answers.put(
                "/subjects/shop.order%20s-value/versions/latest",
                new Answer(
                        200,
                        """
                        {"subject":"shop.order s-value","id":17,"version":3,"schema":"B",
                         "references":[{"name":"a","subject":"a","version":1}]}"""));
        answers.put("/subjects/a/versions/1", new Answer(200, "{\"schema\":\"A\"}"));
        troubles.add(503);

        LatestSchema latest = schemas().latest("shop.order s-value").orElseThrow();

        assertThat(latest).isEqualTo(new LatestSchema("17", 3, new RegisteredSchema("AVRO", "B", List.of("A"))));
        assertThat(latest.text()).isEqualTo("version 3, id 17");
        assertThat(schemas().latest("nothing-value")).isEmpty();
    }

    @Test
    void aUserOrATokenGoesWithEveryQuestion() {
        new Confluent(url + "/", "u", "p", null).open().schema("17");
        new Confluent(url, null, null, "t").open().schema("17");

        assertThat(asked).containsExactly("/schemas/ids/17 Basic dTpw", "/schemas/ids/17 Bearer t");
    }

    @Test
    void aFolderIsARegistry() throws IOException {
        java.nio.file.Files.writeString(folder.resolve("17.avsc"), "\"int\"");
        java.nio.file.Files.writeString(folder.resolve("18.json"), "{}");
        java.nio.file.Files.writeString(folder.resolve("README.md"), "?");

        Schemas schemas = new Files(folder.toString()).open();

        assertThat(schemas.schema("17")).isEqualTo(new RegisteredSchema("AVRO", "\"int\"", List.of()));
        assertThat(schemas.schema("18").kind()).isEqualTo("JSON");
        assertThat(schemas.schema("19")).isNull();
        java.nio.file.Files.writeString(folder.resolve("orders-value.avsc"), "\"long\"");
        Schemas more = new Files(folder.toString()).open();
        assertThat(more.latest("orders-value"))
                .contains(new LatestSchema("orders-value", null, new RegisteredSchema("AVRO", "\"long\"", List.of())));
        assertThat(more.latest("orders-value").orElseThrow().text()).isEqualTo("schema orders-value");
        assertThat(more.latest("orders-key")).isEmpty();
        assertThatThrownBy(() -> new Files(folder + "/nowhere").open())
                .isInstanceOf(RegistryUnavailable.class)
                .hasMessageContaining("nowhere");
    }
}
