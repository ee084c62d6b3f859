package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Iceberg's own REST catalog, over a SQLite file and tables on S3. */
public final class RestCatalogServer {
    private final ServerProcess process;
    private final int port;

    private RestCatalogServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param warehouse where it puts tables */
    static RestCatalogServer start(Watchdog watchdog, S3Server s3, String warehouse) {
        int port = Ports.free();
        Path folder = watchdog.folder("rest-" + port);
        try {
            Path settings = Files.writeString(
                    folder.resolve("catalog.properties"),
                    """
                    type=jdbc
                    uri=jdbc:sqlite:%s
                    jdbc.schema-version=V1
                    jdbc.busy_timeout=60000
                    warehouse=%s
                    io-impl=org.apache.iceberg.aws.s3.S3FileIO
                    s3.endpoint=%s
                    s3.path-style-access=true
                    s3.access-key-id=a
                    s3.secret-access-key=b
                    client.region=eu-west-1
                    """
                            .formatted(folder.resolve("catalog.db"), warehouse, s3.endpoint()));
            ServerProcess process = ServerProcess.startRest(
                    watchdog, folder, "io.firn.servers.RestCatalog", Integer.toString(port), settings.toString());
            process.awaitPort(port);
            return new RestCatalogServer(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    void stop() {
        process.stop();
    }
}
