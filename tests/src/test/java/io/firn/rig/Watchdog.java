package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends servers and removes their files when this JVM ends, in whatever way: a shell that reads from a pipe of this JVM
 * what there is to end, and does so when the pipe closes, which even {@code kill -9} of this JVM brings about.
 */
final class Watchdog {
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            pids=' '
            while read -r verb what; do
              case $verb in
                watch) pids="$pids$what " ;;
                forget) pids=$(echo "$pids" | sed "s/ $what / /") ;;
                remove) folder=$what ;;
              esac
            done
            for pid in $pids; do kill -9 "$pid"; done 2>/dev/null
            sleep 0.2
            rm -rf "$folder"
            """;

    private final Path folder;
    private final Writer orders;

    /** Creates the folder that dies with this JVM. */
    Watchdog() {
        try {
            folder = Files.createTempDirectory("firn-rig");
            Process shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            orders = shell.outputWriter(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        order("remove " + folder);
    }

    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void watch(long pid) {
        order("watch " + pid);
    }

    void forget(long pid) {
        order("forget " + pid);
    }

    private synchronized void order(String line) {
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the watchdog is gone", e);
        }
    }
}
