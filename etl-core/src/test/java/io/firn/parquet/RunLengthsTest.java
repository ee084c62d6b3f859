package io.firn.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;

import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet's own decoder reads back what is encoded. */
class RunLengthsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 13, 16, 17, 24, 31})
    void parquetReadsItBack(int width) throws IOException {
        Random random = new Random(width);
        for (int round = 0; round < 200; round++) {
            int count = 1 + random.nextInt(2000);
            int longest = 1 + random.nextInt(30);
            int[] values = new int[count];
            for (int i = 0; i < count; ) {
                int value = (int) (random.nextLong() & ((1L << width) - 1));
                for (int run = 1 + random.nextInt(longest); run > 0 && i < count; run--) {
                    values[i++] = value;
                }
            }
            PageBuffer out = new PageBuffer(new Memory());

            RunLengths.encode(values, count, width, out);

            RunLengthBitPackingHybridDecoder decoder =
                    new RunLengthBitPackingHybridDecoder(width, new ByteArrayInputStream(out.copy()));
            for (int i = 0; i < count; i++) {
                assertThat(decoder.readInt()).isEqualTo(values[i]);
            }
        }
    }
}
