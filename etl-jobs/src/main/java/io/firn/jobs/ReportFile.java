package io.firn.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.firn.ExitCode;
import io.firn.FirnException;

/** A file that tells of what is done already. */
final class ReportFile {
    private ReportFile() {}

    /** Writes it, with the folders that it lies in. */
    static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new FirnException(
                    ExitCode.FAILED,
                    "all was done as asked, but the report cannot be written to " + file + ": " + e.getMessage());
        }
    }
}
