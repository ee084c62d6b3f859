package io.firn.rig;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** One PostgreSQL with logical replication. */
public final class Postgres {
    private final int port;
    private final long pid;

    private Postgres(int port, long pid) {
        this.port = port;
        this.pid = pid;
    }

    static Postgres start(Watchdog watchdog) {
        Path folder = watchdog.folder("postgres");
        Path data = folder.resolve("data");
        Redirect log = Redirect.appendTo(folder.resolve("postgres.log").toFile());
        int port = Ports.free();
        try {
            // Its binaries stay where they were unpacked once; only the data is this JVM's.
            EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File("target/rig").getAbsoluteFile())
                    .setDataDirectory(data)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .setRegisterShutdownHook(false)
                    .setOutputRedirector(log)
                    .setErrorRedirector(log)
                    .setLocaleConfig("locale", "C.UTF-8")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("max_wal_senders", "50")
                    .setServerConfig("max_replication_slots", "50")
                    .setServerConfig("shared_buffers", "64MB")
                    .start();
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            watchdog.watch(pid);
            return new Postgres(port, pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return pid;
    }

    /** Creates a database, or takes it where a test created it before. */
    public PostgresDatabase database(String name) {
        PostgresDatabase server = new PostgresDatabase(port, "postgres");
        if (server.value("SELECT 1 FROM pg_database WHERE datname = '" + name + "'") == null) {
            server.execute("CREATE DATABASE " + name);
        }
        return new PostgresDatabase(port, name);
    }
}
