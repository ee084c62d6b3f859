package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.firn.decode.LineReader;
import io.firn.source.Bundle.Slice;
import io.firn.table.SourceFile;

class BundleTest {
    @Test
    void smallFilesShareBundlesAndKeepTheirOrder() {
        List<SourceFile> files = List.of(file("a", 40), file("b", 50), file("c", 30), file("d", 0), file("e", 70));

        assertThat(sizes(Bundle.pack(files, file -> true, 100)))
                .containsExactly(List.of("a 0-40", "b 0-50"), List.of("c 0-30", "d 0-0", "e 0-70"));
    }

    @Test
    void onlyWhatIsPlainIsCut() {
        List<SourceFile> files = List.of(file("plain", 250), file("gzip", 250), file("b", 20));

        assertThat(sizes(Bundle.pack(files, file -> file.path().equals("plain"), 100)))
                .containsExactly(
                        List.of("plain 0-100"),
                        List.of("plain 100-200"),
                        List.of("plain 200-250"),
                        List.of("gzip 0-250"),
                        List.of("b 0-20"));
    }

    @Test
    void noFileNoBundle() {
        assertThat(Bundle.pack(List.of(), file -> true, 100)).isEmpty();
    }

    @Test
    void eachLineOfACutFileArrivesOnce() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            byte[] content = content(random);
            List<String> expected = lines(LineReader.of(new ByteArrayInputStream(content), 1000));
            SourceFile file = file("large", content.length);
            List<String> found = new ArrayList<>();
            for (Bundle bundle : Bundle.pack(List.of(file), any -> true, 1 + random.nextInt(60))) {
                for (Slice slice : bundle.slices()) {
                    byte[] rest = Arrays.copyOfRange(content, (int) slice.start(), content.length);
                    found.addAll(
                            lines(LineReader.split(new ByteArrayInputStream(rest), slice.start(), slice.end(), 1000)));
                }
            }
            assertThat(found).as("round %d", round).isEqualTo(expected);
        }
    }

    /** Lines of all lengths, with blank ones, carriage returns, and at times no newline at the end. */
    private static byte[] content(Random random) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(12);
        for (int line = 0; line < lines; line++) {
            text.append(Integer.toString(line).repeat(random.nextInt(40)));
            text.append(random.nextInt(4) == 0 ? "\r\n" : "\n");
        }
        return (random.nextBoolean() ? text + "end" : text.toString()).getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> lines(LineReader reader) throws Exception {
        List<String> lines = new ArrayList<>();
        while (reader.next()) {
            lines.add(reader.offset() + " "
                    + new String(
                            reader.bytes(), reader.from(), reader.to() - reader.from(), StandardCharsets.US_ASCII));
        }
        return lines;
    }

    private static SourceFile file(String path, long size) {
        return new SourceFile(path, null, 0, size, 0);
    }

    private static List<List<String>> sizes(List<Bundle> bundles) {
        return bundles.stream()
                .map(bundle -> bundle.slices().stream()
                        .map(slice -> slice.file().path() + " " + slice.start() + "-" + slice.end())
                        .toList())
                .toList();
    }
}
