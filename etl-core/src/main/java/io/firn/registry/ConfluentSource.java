package io.firn.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Confluent's REST interface, as far as schemas are read from it. Its text shows no secret. */
final class ConfluentSource implements CachedSchemas.Source {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int MOST_REFERENCES = 1_000;

    private final String url;
    private final String authorization;
    private transient HttpClient http;

    /** @param authorization what the header of that name says; null: there is none */
    ConfluentSource(String url, String authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    @Override
    public String place() {
        return url;
    }

    @Override
    public void ping() throws CachedSchemas.Busy {
        answer("/schemas/types");
    }

    @Override
    public Optional<RegisteredSchema> fetch(String id) throws CachedSchemas.Busy {
        if (!id.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        JsonNode found = answer("/schemas/ids/" + id);
        return found == null ? Optional.empty() : Optional.of(schema(found));
    }

    @Override
    public Optional<LatestSchema> latest(String subject) throws CachedSchemas.Busy {
        JsonNode found = answer("/subjects/" + encoded(subject) + "/versions/latest");
        return found == null
                ? Optional.empty()
                : Optional.of(new LatestSchema(
                        found.path("id").asText(), found.path("version").asInt(), schema(found)));
    }

    private RegisteredSchema schema(JsonNode found) throws CachedSchemas.Busy {
        Set<String> references = new LinkedHashSet<>();
        collect(found, references, 0);
        String kind = found.path("schemaType").asText(RegisteredSchema.AVRO);
        return new RegisteredSchema(kind, found.path("schema").asText(), List.copyOf(references));
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void collect(JsonNode schema, Set<String> texts, int depth) throws CachedSchemas.Busy {
        for (JsonNode reference : schema.path("references")) {
            JsonNode named = answer("/subjects/"
                    + encoded(reference.path("subject").asText()) + "/versions/"
                    + reference.path("version").asInt());
            if (named == null || depth > MOST_REFERENCES || texts.size() > MOST_REFERENCES) {
                throw unusable("it lacks a schema that another one names", null);
            }
            collect(named, texts, depth + 1);
            texts.add(named.path("schema").asText());
        }
    }

    /** What it says; null where it says that there is no such thing. */
    private JsonNode answer(String path) throws CachedSchemas.Busy {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER)
                .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response;
        try {
            response = client().send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CachedSchemas.Busy(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable("interrupted", e);
        }
        int status = response.statusCode();
        if (status >= 500 || status == 429 || status == 408) {
            throw new CachedSchemas.Busy("it answers with status " + status, null);
        }
        JsonNode body = json(response.body());
        if (status == 404 && body.has("error_code")) {
            return null;
        }
        if (status != 200) {
            boolean refused = status == 401 || status == 403;
            throw unusable(
                    "it answers with status " + status
                            + (refused
                                    ? "; check user and password, or the token"
                                    : "; check that url ends where /schemas begins"),
                    null);
        }
        return body;
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private RegistryUnavailable unusable(String why, Throwable cause) {
        return new RegistryUnavailable(url, why, cause);
    }

    private synchronized HttpClient client() {
        if (http == null) {
            http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        }
        return http;
    }
}
