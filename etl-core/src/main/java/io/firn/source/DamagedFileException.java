package io.firn.source;

import java.io.IOException;

/** A compressed file that cannot be inflated to its end: cut, or damaged. Reading it again gives the same. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;
    private final String path;

    DamagedFileException(String path, IOException cause) {
        super("the file cannot be inflated to its end (" + cause.getMessage() + "); no row of it was loaded", cause);
        this.path = path;
    }

    public String path() {
        return path;
    }
}
