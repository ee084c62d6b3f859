package io.firn.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AWS's own client, asked to ask a server that knows one schema. */
class GlueTest {
    private static final String KNOWN = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    private static final String OTHER = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12";

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    @BeforeAll
    static void credentials() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterAll
    static void noCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode question = new ObjectMapper().readTree(exchange.getRequestBody());
            JsonNode name = question.path("SchemaId");
            String id =
                    question.path("SchemaVersionNumber").path("LatestVersion").asBoolean()
                            ? name.path("RegistryName").asText() + "/"
                                    + name.path("SchemaName").asText()
                            : question.path("SchemaVersionId").asText();
            asked.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + " " + id);
            String trouble = troubles.poll();
            if (trouble != null) {
                send(exchange, trouble.startsWith("Access") ? 400 : 500, "{\"__type\":\"" + trouble + "\"}");
            } else if (id.equals(KNOWN) || id.equals("default-registry/shop.orders")) {
                send(
                        exchange,
                        200,
                        """
                        {"SchemaVersionId":"%s","SchemaDefinition":"\\"int\\"","DataFormat":"AVRO","VersionNumber":4,
                         "Status":"AVAILABLE"}"""
                                .formatted(KNOWN));
            } else {
                send(exchange, 400, "{\"__type\":\"EntityNotFoundException\",\"Message\":\"Schema is not found.\"}");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Schemas schemas() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new Glue("eu-central-1", url, null).open(Duration.ofMillis(1));
    }

    @Test
    void aSchemaIsAskedForOnceByItsVersion() {
        Schemas schemas = schemas();

        assertThat(schemas.schema(KNOWN)).isEqualTo(new RegisteredSchema("AVRO", "\"int\"", List.of()));
        assertThat(schemas.schema(KNOWN)).isNotNull();
        assertThat(schemas.schema(OTHER)).isNull();
        assertThat(schemas.schema("17")).isNull();
        assertThat(asked).containsExactly("AWSGlue.GetSchemaVersion " + KNOWN, "AWSGlue.GetSchemaVersion " + OTHER);
    }

    @Test
    void theLatestVersionIsAskedForByTheTopicsName() {
        LatestSchema latest = schemas().latest("shop.orders-value").orElseThrow();

        assertThat(latest).isEqualTo(new LatestSchema(KNOWN, 4, new RegisteredSchema("AVRO", "\"int\"", List.of())));
        assertThat(schemas().latest("shop.orders-key")).isEmpty();
        assertThat(asked)
                .containsExactly(
                        "AWSGlue.GetSchemaVersion default-registry/shop.orders-value",
                        "AWSGlue.GetSchemaVersion default-registry/shop.orders",
                        "AWSGlue.GetSchemaVersion default-registry/shop.orders-key");
    }

    @Test
    void aRegistryMayHaveAnotherName() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        assertThat(new Glue("eu-central-1", url, "mine")
                        .open(Duration.ofMillis(1))
                        .latest("a-value"))
                .isEmpty();
        assertThat(asked).containsExactly("AWSGlue.GetSchemaVersion mine/a-value", "AWSGlue.GetSchemaVersion mine/a");
    }

    @Test
    void whatIsUpNeedNotKnowAnything() {
        schemas().require();

        assertThat(asked).containsExactly("AWSGlue.GetSchemaVersion 00000000-0000-0000-0000-000000000000");
    }

    @Test
    void troubleIsWaitedForAndRefusalIsNot() {
        troubles.addAll(List.of("InternalServiceException", "InternalServiceException"));
        assertThat(schemas().schema(KNOWN)).isNotNull();
        assertThat(asked).hasSize(3);

        troubles.add("AccessDeniedException");
        assertThatThrownBy(() -> schemas().require())
                .isInstanceOf(RegistryUnavailable.class)
                .hasMessageContaining("AccessDenied");
        assertThat(asked).hasSize(4);

        server.stop(0);
        assertThatThrownBy(() -> schemas().schema(KNOWN)).isInstanceOf(RegistryUnavailable.class);
    }
}
