package io.firn.rig;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The tests run in several JVMs: what is installed under {@code target} is installed by one of them. */
final class OneJvm {
    private OneJvm() {}

    interface Work {
        void run() throws IOException;
    }

    /** Does the work while no other JVM does any at the folder. Within a JVM the caller keeps threads apart. */
    static void at(Path folder, Work work) throws IOException {
        Path file = folder.toAbsolutePath().resolveSibling(folder.getFileName() + ".lock");
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            work.run();
        }
    }
}
