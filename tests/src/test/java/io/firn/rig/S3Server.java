package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An S3 stand-in; its buckets are folders, and who asks is not asked. */
public final class S3Server {
    private final ServerProcess process;
    private final Path root;
    private final int port;

    private S3Server(ServerProcess process, Path root, int port) {
        this.process = process;
        this.root = root;
        this.port = port;
    }

    static S3Server start(Watchdog watchdog) {
        Path folder = watchdog.folder("s3");
        Path root = folder.resolve("buckets");
        int port = Ports.free();
        try {
            Files.createDirectories(root);
            Files.writeString(
                    folder.resolve("logback.xml"),
                    """
                    <configuration>
                      <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d{HH:mm:ss.SSS} %p %c{1}: %m%n</pattern></encoder>
                      </appender>
                      <root level="WARN"><appender-ref ref="out"/></root>
                    </configuration>
                    """);
            Path settings = Files.writeString(
                    folder.resolve("s3proxy.properties"),
                    """
                    s3proxy.endpoint=http://127.0.0.1:%d
                    s3proxy.authorization=none
                    s3proxy.ignore-unknown-headers=true
                    jclouds.provider=filesystem-nio2
                    jclouds.filesystem.basedir=%s
                    """
                            .formatted(port, root));
            ServerProcess process = ServerProcess.startS3(
                    watchdog, folder, "org.gaul.s3proxy.Main", "--properties", settings.toString());
            process.awaitPort(port);
            return new S3Server(process, root, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new bucket. */
    public String bucket(String name) {
        try {
            Files.createDirectories(root.resolve(name));
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an object is there, as its disk says. */
    public boolean holds(String location) {
        return Files.isRegularFile(root.resolve(location.replaceFirst("s3[an]?://", "")));
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }
}
