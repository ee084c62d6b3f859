package io.firn.parquet;

/** What the buffers of one open file hold, in bytes; each buffer tells of its own growth. */
final class Memory {
    private long held;

    void add(long bytes) {
        held += bytes;
    }

    long held() {
        return held;
    }
}
