package io.firn.parquet;

import java.util.Arrays;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

/**
 * What all files of one thread use in turn while a page is put together: room, and the compressor with its native
 * memory. To be closed.
 */
public final class Scratch implements AutoCloseable {
    private static final int KEPT = 1 << 22;

    private final PageBuffer page = new PageBuffer(new Memory());
    private int[] ints = new int[1024];
    private byte[] compressed = new byte[1024];
    private ZstdCompressCtx zstd;
    private int level;

    /** An empty buffer for a page. */
    PageBuffer page() {
        page.clear(KEPT);
        return page;
    }

    int[] ints(int count) {
        if (ints.length < count) {
            ints = new int[Math.max(count, ints.length * 2)];
        }
        return ints;
    }

    /** Compresses by zstd. */
    byte[] compress(PageBuffer source, int wantedLevel) {
        if (zstd == null) {
            zstd = new ZstdCompressCtx();
            level = Integer.MIN_VALUE;
        }
        if (level != wantedLevel) {
            level = wantedLevel;
            zstd.setLevel(level);
        }
        int bound = Math.toIntExact(Zstd.compressBound(source.length()));
        if (compressed.length < bound) {
            compressed = new byte[Math.max(bound, Math.min(KEPT, compressed.length * 2))];
        }
        int length = zstd.compressByteArray(compressed, 0, compressed.length, source.bytes(), 0, source.length());
        byte[] exact = Arrays.copyOf(compressed, length);
        if (compressed.length > KEPT) {
            compressed = new byte[1024];
        }
        return exact;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}
