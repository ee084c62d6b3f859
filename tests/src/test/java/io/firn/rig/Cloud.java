package io.firn.rig;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

import com.sun.net.httpserver.Headers;

/** Stand-ins of S3, Glue and a REST catalog for one test, behind faults of its own, and all that they are asked for. */
public final class Cloud implements AutoCloseable {
    private final Faults faults;
    private final Requests requests = new Requests();
    private final S3Server storage;
    private final FaultProxy s3;
    private final GlueServer glue;
    private final Watchdog watchdog;
    private RestCatalogServer rest;

    Cloud(Watchdog watchdog, S3Server storage, Faults faults) {
        this.watchdog = watchdog;
        this.storage = storage;
        this.faults = faults;
        s3 = FaultProxy.before(storage.endpoint(), faults, new S3Watcher());
        glue = GlueServer.start(faults, requests);
    }

    public Faults faults() {
        return faults;
    }

    public Requests requests() {
        return requests;
    }

    public GlueServer glue() {
        return glue;
    }

    /** S3 without faults in between, for those who check. */
    public S3Server storage() {
        return storage;
    }

    /** Where S3 is, as Firn is to see it. */
    public String s3Endpoint() {
        return s3.endpoint();
    }

    /**
     * Starts the REST catalog; returns where it is, as Firn is to see it.
     *
     * @param warehouse where it puts tables
     */
    public String startRest(String warehouse) {
        rest = RestCatalogServer.start(watchdog, storage, warehouse);
        return FaultProxy.before(rest.endpoint(), faults, new RestWatcher()).endpoint();
    }

    @Override
    public void close() {
        if (rest != null) {
            rest.stop();
        }
    }

    /** What a catalog's {@code properties} say so that it meets the stand-ins, and waits less than in earnest. */
    public Map<String, String> properties() {
        return new TreeMap<>(Map.of(
                "glue.endpoint", glue.endpoint(),
                "s3.endpoint", s3.endpoint(),
                "s3.path-style-access", "true",
                "s3.access-key-id", "key",
                "s3.secret-access-key", "secret",
                "client.region", "eu-west-1",
                "s3.retry.min-wait-ms", "5",
                "s3.retry.max-wait-ms", "100",
                "client.credentials-provider", "software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider"));
    }

    private final class S3Watcher implements FaultProxy.Watcher {
        private final S3Actions actions = new S3Actions();

        @Override
        public void asked(String method, URI uri, Headers headers, byte[] body) {
            requests.add(actions.of(method, uri, headers, body));
        }

        @Override
        public String refusal() {
            return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
                    + "<Message>Please reduce your request rate.</Message></Error>";
        }
    }

    private static final class RestWatcher implements FaultProxy.Watcher {
        @Override
        public void asked(String method, URI uri, Headers headers, byte[] body) {
            // A REST catalog has no rights of AWS.
        }

        @Override
        public String refusal() {
            return "{\"error\":{\"message\":\"slow down\",\"type\":\"ServiceUnavailableException\",\"code\":503}}";
        }
    }
}
