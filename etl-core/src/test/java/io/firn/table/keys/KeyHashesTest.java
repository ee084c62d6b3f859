package io.firn.table.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 1_000, 65_535, 65_536})
    void knowsItsOwnAndFewOthers(int count) {
        long[] hashes = new Random(count).longs(count).toArray();

        KeyHashes known = new KeyHashes(hashes, null);

        assertThat(LongStream.of(hashes).allMatch(known::mayContain)).isTrue();
        long mistaken = new Random(-1).longs(100_000).filter(known::mayContain).count();
        assertThat(mistaken).isLessThan(500);
    }
}
