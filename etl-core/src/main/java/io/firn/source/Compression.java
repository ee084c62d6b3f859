package io.firn.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

import com.github.luben.zstd.ZstdInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** How a file is compressed, told from its first bytes, never from its name. */
enum Compression {
    PLAIN,
    GZIP,
    ZSTD;

    private static final int MAGIC = 4;

    static Compression of(byte[] head, int length) {
        if (length >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
            return GZIP;
        }
        boolean zstd = length >= MAGIC
                && (head[0] & 0xff) == 0x28
                && (head[1] & 0xff) == 0xb5
                && (head[2] & 0xff) == 0x2f
                && (head[3] & 0xff) == 0xfd;
        return zstd ? ZSTD : PLAIN;
    }

    /**
     * The plain bytes of a stream. All members or frames are read, and a cut or damaged one throws: the JDK's own gzip
     * stream silently stops after the first member when the network is slow, and ignores what follows it.
     */
    static InputStream inflate(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, 1 << 18);
        in.mark(MAGIC);
        byte[] head = new byte[MAGIC];
        int length = in.readNBytes(head, 0, MAGIC);
        in.reset();
        return switch (of(head, length)) {
            case PLAIN -> in;
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
            case ZSTD -> new ZstdInputStream(in);
        };
    }
}
