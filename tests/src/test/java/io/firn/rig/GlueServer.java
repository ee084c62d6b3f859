package io.firn.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.firn.rig.Faults.Fate;

/**
 * The part of AWS Glue's data catalog that Iceberg uses, in memory. An update of another version of a table than the one
 * that is there is refused, as Glue does: commits are a true compare-and-swap.
 */
public final class GlueServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> databases = new TreeMap<>();
    private final Map<String, ObjectNode> tables = new TreeMap<>();
    private final Map<String, Integer> archived = new LinkedHashMap<>();
    private final Faults faults;
    private final Requests requests;
    private final HttpServer server;
    /** Updates that it still does before credentials expire; null: they do not. */
    private Integer updatesLeft;

    private GlueServer(Faults faults, Requests requests, HttpServer server) {
        this.faults = faults;
        this.requests = requests;
        this.server = server;
    }

    static GlueServer start(Faults faults, Requests requests) {
        ExecutorService threads = Executors.newCachedThreadPool(Rig::daemon);
        HttpServer server = FaultProxy.listening(threads);
        GlueServer glue = new GlueServer(faults, requests, server);
        server.createContext("/", glue::handle);
        server.start();
        return glue;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many old versions of its tables it was told to keep. */
    public synchronized int archivedVersions() {
        return archived.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Does the so-many-th update from now on without a word; by then credentials have expired, until {@link #renew}. */
    public synchronized void expireWith(int update) {
        updatesLeft = update;
    }

    public synchronized void renew() {
        updatesLeft = null;
    }

    private synchronized boolean expired() {
        return updatesLeft != null && updatesLeft == 0;
    }

    private synchronized Fate fate(String operation) {
        if (updatesLeft != null && operation.equals("UpdateTable") && --updatesLeft == 0) {
            return Fate.CUT;
        }
        return faults.next();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String operation = target.substring(target.indexOf('.') + 1);
            requests.add(GlueActions.of(operation, asked));
            if (expired()) {
                send(exchange, new Refused(400, "ExpiredTokenException", "The security token is expired").json(), 400);
                return;
            }
            Fate fate = fate(operation);
            if (fate == Fate.REFUSED) {
                send(exchange, new Refused(503, "ServiceUnavailableException", "come again").json(), 503);
                return;
            }
            try {
                JsonNode answer = answer(operation, asked);
                if (fate == Fate.ANSWERED) {
                    send(exchange, answer, 200);
                }
            } catch (Refused e) {
                if (fate == Fate.ANSWERED) {
                    send(exchange, e.json(), e.status);
                }
            }
        } finally {
            // Without an answer this cuts the connection.
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, JsonNode answer, int status) throws IOException {
        byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private synchronized JsonNode answer(String operation, JsonNode asked) throws Refused {
        return switch (operation) {
            case "CreateDatabase" -> createDatabase(asked.get("DatabaseInput"));
            case "GetDatabase" -> JSON.createObjectNode().set("Database", there(databases, name(asked)));
            case "GetDatabases" -> list("DatabaseList", databases, "");
            case "DeleteDatabase" -> delete(databases, name(asked));
            case "CreateTable" -> createTable(asked);
            case "GetTable" -> JSON.createObjectNode().set("Table", there(tables, table(asked, asked)));
            case "GetTables" -> list("TableList", tables, database(asked) + "/");
            case "UpdateTable" -> updateTable(asked);
            case "DeleteTable" -> delete(tables, table(asked, asked));
            default -> throw new Refused(400, "InvalidInputException", "this stand-in does not know " + operation);
        };
    }

    private JsonNode createDatabase(JsonNode input) throws Refused {
        String name = name(input);
        if (databases.containsKey(name)) {
            throw new Refused(400, "AlreadyExistsException", "Database already exists.");
        }
        databases.put(name, input.deepCopy());
        return JSON.createObjectNode();
    }

    private JsonNode createTable(JsonNode asked) throws Refused {
        there(databases, database(asked));
        String key = table(asked, asked.get("TableInput"));
        if (tables.containsKey(key)) {
            throw new Refused(400, "AlreadyExistsException", "Table already exists.");
        }
        tables.put(key, version(asked, 0));
        return JSON.createObjectNode();
    }

    private JsonNode updateTable(JsonNode asked) throws Refused {
        String key = table(asked, asked.get("TableInput"));
        String now = there(tables, key).get("VersionId").asText();
        if (asked.hasNonNull("VersionId") && !asked.get("VersionId").asText().equals(now)) {
            throw new Refused(400, "ConcurrentModificationException", "Update table failed due to concurrent changes.");
        }
        if (!asked.path("SkipArchive").asBoolean()) {
            archived.merge(key, 1, Integer::sum);
        }
        tables.put(key, version(asked, Integer.parseInt(now) + 1));
        return JSON.createObjectNode();
    }

    private static ObjectNode version(JsonNode asked, int version) {
        ObjectNode table = asked.get("TableInput").deepCopy();
        table.put("DatabaseName", database(asked));
        table.put("VersionId", Integer.toString(version));
        return table;
    }

    private static JsonNode list(String field, Map<String, ObjectNode> from, String prefix) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode all = answer.putArray(field);
        from.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                all.add(value);
            }
        });
        return answer;
    }

    private static JsonNode delete(Map<String, ObjectNode> from, String key) throws Refused {
        there(from, key);
        from.remove(key);
        return JSON.createObjectNode();
    }

    private static ObjectNode there(Map<String, ObjectNode> from, String key) throws Refused {
        ObjectNode found = from.get(key);
        if (found == null) {
            throw new Refused(400, "EntityNotFoundException", "Entity Not Found");
        }
        return found;
    }

    private static String table(JsonNode asked, JsonNode named) {
        return database(asked) + "/" + name(named);
    }

    private static String database(JsonNode asked) {
        return asked.get("DatabaseName").asText();
    }

    private static String name(JsonNode named) {
        return named.get("Name").asText();
    }

    /** An answer that is an error. */
    private static final class Refused extends Exception {
        private final int status;
        private final String type;

        Refused(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }

        JsonNode json() {
            return JSON.createObjectNode().put("__type", type).put("Message", getMessage());
        }
    }
}
