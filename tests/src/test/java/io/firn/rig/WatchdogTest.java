package io.firn.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

class WatchdogTest {
    /** A JVM with something to end and something not to. */
    static final class Owner {
        public static void main(String[] args) throws IOException {
            Watchdog watchdog = new Watchdog();
            Process server = new ProcessBuilder("sleep", "100").start();
            Process ended = new ProcessBuilder("sleep", "100").start();
            watchdog.watch(server.pid());
            watchdog.watch(ended.pid());
            watchdog.forget(ended.pid());
            System.out.println(server.pid() + " " + ended.pid() + " " + watchdog.folder("data"));
            System.in.read();
        }
    }

    @Test
    void whatAKilledJvmLeftIsEnded() throws IOException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .start();
        BufferedReader said = owner.inputReader(StandardCharsets.UTF_8);
        String[] words = said.readLine().split(" ");
        ProcessHandle server = ProcessHandle.of(Long.parseLong(words[0])).orElseThrow();
        ProcessHandle forgotten = ProcessHandle.of(Long.parseLong(words[1])).orElseThrow();
        Path folder = Path.of(words[2]);
        assertThat(folder).exists();

        owner.destroyForcibly();

        Await.until("the server ended and its files are gone", () -> !server.isAlive() && !Files.exists(folder));
        assertThat(forgotten.isAlive()).isTrue();
        forgotten.destroyForcibly();
    }
}
