package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Stands before a server and lets some of its answers fail. */
public final class FaultProxy {
    private static final Set<String> OF_THIS_HOP =
            Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

    static {
        // Else each answer on a kept connection waits 40 ms for the other side's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final HttpClient client;
    private final URI behind;
    private final Faults faults;
    private final Watcher watcher;

    /** What is asked, and how a refusal looks. */
    interface Watcher {
        /** Sees a request before its fate is known; a body in chunks is not taken apart. */
        void asked(String method, URI uri, Headers headers, byte[] body);

        /** The body of a 503. */
        String refusal();
    }

    private FaultProxy(HttpServer server, ExecutorService threads, URI behind, Faults faults, Watcher watcher) {
        this.server = server;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
        this.behind = behind;
        this.faults = faults;
        this.watcher = watcher;
    }

    static FaultProxy before(String endpoint, Faults faults, Watcher watcher) {
        ExecutorService threads = Executors.newCachedThreadPool(Rig::daemon);
        HttpServer server = listening(threads);
        FaultProxy proxy = new FaultProxy(server, threads, URI.create(endpoint), faults, watcher);
        server.createContext("/", proxy::handle);
        server.start();
        return proxy;
    }

    static HttpServer listening(ExecutorService threads) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
            HttpServer server = HttpServer.create(address, 100);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            watcher.asked(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders(), body);
            switch (faults.next()) {
                case REFUSED -> {
                    byte[] refusal = watcher.refusal().getBytes(StandardCharsets.UTF_8);
                    boolean head = exchange.getRequestMethod().equals("HEAD");
                    exchange.sendResponseHeaders(503, head ? -1 : refusal.length);
                    if (!head) {
                        exchange.getResponseBody().write(refusal);
                    }
                }
                case CUT -> {
                    HttpResponse<byte[]> unused = forward(exchange, body);
                }
                case ANSWERED -> answer(exchange, forward(exchange, body));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Without an answer this cuts the connection.
            exchange.close();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(behind + exchange.getRequestURI().toString()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 && !Set.of("PUT", "POST").contains(exchange.getRequestMethod())
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            // The stand-in of S3 encrypts nothing and refuses to be asked.
            if (!OF_THIS_HOP.contains(lower) && !lower.startsWith("x-amz-server-side-encryption")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> from) throws IOException {
        boolean hasBody = !exchange.getRequestMethod().equals("HEAD") && from.statusCode() != 304;
        from.headers().map().forEach((name, values) -> {
            if (!OF_THIS_HOP.contains(name) || (!hasBody && name.equals("content-length"))) {
                exchange.getResponseHeaders().put(name, List.copyOf(values));
            }
        });
        byte[] body = from.body();
        exchange.sendResponseHeaders(from.statusCode(), hasBody && body.length > 0 ? body.length : -1);
        if (hasBody && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
