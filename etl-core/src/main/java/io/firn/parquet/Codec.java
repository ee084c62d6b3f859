package io.firn.parquet;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** How pages are compressed. */
public sealed interface Codec {
    byte[] compress(PageBuffer page, Scratch scratch);

    CompressionCodecName parquet();

    /** Not at all. */
    record Uncompressed() implements Codec {
        @Override
        public byte[] compress(PageBuffer page, Scratch scratch) {
            return page.copy();
        }

        @Override
        public CompressionCodecName parquet() {
            return CompressionCodecName.UNCOMPRESSED;
        }
    }

    /** Zstandard. */
    record Zstd(int level) implements Codec {
        @Override
        public byte[] compress(PageBuffer page, Scratch scratch) {
            return scratch.compress(page, level);
        }

        @Override
        public CompressionCodecName parquet() {
            return CompressionCodecName.ZSTD;
        }
    }
}
