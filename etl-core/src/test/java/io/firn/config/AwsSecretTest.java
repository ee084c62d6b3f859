package io.firn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of AWS Secrets Manager, by the real client and a stand-in that answers as the service does. */
class AwsSecretTest {
    private static final Map<String, String> SETTINGS =
            Map.of("aws.region", "eu-west-1", "aws.accessKeyId", "id", "aws.secretAccessKey", "key");

    private HttpServer server;
    private String asked;
    private int status = 200;
    private String answer;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestHeaders().getFirst("X-Amz-Target") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        SETTINGS.forEach(System::setProperty);
        System.setProperty(
                "aws.endpointUrl", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty("aws.endpointUrl");
    }

    @Test
    void aKeyOfTheSecret() {
        answer =
                "{\"Name\":\"prod/db\",\"SecretString\":\"{\\\"user\\\":\\\"firn\\\",\\\"password\\\":\\\"s3cr3t\\\"}\"}";

        assertThat(Secrets.resolve("jdbc:x?p=${secret:aws-sm:prod/db#password}"))
                .isEqualTo("jdbc:x?p=s3cr3t");
        assertThat(asked).isEqualTo("secretsmanager.GetSecretValue {\"SecretId\":\"prod/db\"}");
    }

    @Test
    void whyThereIsNoneWithoutTheSecretItself() {
        answer = "{\"SecretString\":\"{\\\"user\\\":\\\"firn\\\"}\"}";
        refused("secret prod/db of AWS Secrets Manager has no key \"password\"");
        answer = "{\"SecretString\":\"s3cr3t\"}";
        refused("secret prod/db of AWS Secrets Manager is no JSON object with a key \"password\"");
        status = 400;
        answer = "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"no\"}";
        refused("cannot be had: ResourceNotFoundException; look at its name and region, and allow"
                + " secretsmanager:GetSecretValue on it");
    }

    private static void refused(String why) {
        assertThatThrownBy(() -> Secrets.resolve("${secret:aws-sm:prod/db#password}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cr3t");
    }
}
