package io.firn;

/** Is told how far a run is; from one thread at a time. */
public interface RunListener {
    /** Hears nothing. */
    RunListener SILENT = new RunListener() {};

    /** Bytes of source files read so far, of those that have to be read. */
    default void reading(long bytes, long total) {}

    /** Tables published so far, of those that get rows. */
    default void publishing(int tables, int total) {}
}
