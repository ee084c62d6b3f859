package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final String TEXT =
            "{\"a\":1}\n\r\n  \t\n{\"bb\":22}\r\nx\n{\"a long line\":\"that is longer than the others\"}\n\n\nlast";

    private record Line(String text, long offset, long number, long length, boolean overlong) {}

    @Test
    void linesAcrossChunksOfEverySize() throws IOException {
        for (int chunk = 1; chunk < 100; chunk++) {
            assertThat(read(TEXT, 0, Long.MAX_VALUE, 1000, chunk))
                    .as("chunk " + chunk)
                    .containsExactly(
                            line("{\"a\":1}", 0, 1),
                            line("{\"bb\":22}", 14, 4),
                            line("x", 25, 5),
                            line("{\"a long line\":\"that is longer than the others\"}", 27, 6),
                            line("last", 78, 9));
        }
    }

    @Test
    void byteOrderMarksAreDroppedAtTheStartOnly() throws IOException {
        for (int chunk = 1; chunk < 10; chunk++) {
            assertThat(read("\uFEFFa\n\uFEFFb", 0, Long.MAX_VALUE, 100, chunk))
                    .containsExactly(line("a", 3, 1), new Line("\uFEFFb", 5, 2, 4, false));
            assertThat(read("\uFEFF", 0, Long.MAX_VALUE, 100, chunk)).isEmpty();
            assertThat(read("", 0, Long.MAX_VALUE, 100, chunk)).isEmpty();
            assertThat(read("\u00ef", 0, Long.MAX_VALUE, 100, chunk)).hasSize(1);
        }
    }

    @Test
    void splitsGiveEachLineOnce() throws IOException {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        List<String> all = texts(read(TEXT, 0, Long.MAX_VALUE, 1000, 16));
        for (int chunk : new int[] {1, 3, 8, 64}) {
            for (int first = 1; first < bytes.length; first++) {
                for (int second = first; second < bytes.length; second += 7) {
                    List<Line> parts = new ArrayList<>(read(TEXT, 0, first, 1000, chunk));
                    List<Line> rest = new ArrayList<>();
                    if (second > first) {
                        rest.addAll(read(TEXT, first, second, 1000, chunk));
                    }
                    rest.addAll(read(TEXT, second, bytes.length, 1000, chunk));
                    assertThat(rest).allMatch(line -> line.number() == 0);
                    assertThat(rest).allMatch(line -> TEXT.startsWith(line.text(), (int) line.offset()));
                    parts.addAll(rest);
                    assertThat(texts(parts))
                            .as("split at " + first + " and " + second)
                            .isEqualTo(all);
                }
            }
        }
    }

    @Test
    void linesThatAreTooLongArePassedOver() throws IOException {
        for (int chunk = 1; chunk < 40; chunk++) {
            for (String end : new String[] {"\n", "\r\n", "\r\r\n"}) {
                String text = "12345" + end + "123456" + end + "b\n" + "y".repeat(70) + end + "c" + end + "z".repeat(9);
                long extra = (long) end.length() - (end.equals("\n") ? 1 : 2);
                List<Line> lines = read(text, 0, Long.MAX_VALUE, 5, chunk);
                List<Line> expected = new ArrayList<>();
                String tail = "\r".repeat((int) extra);
                expected.add(new Line("12345" + tail, 0, 1, 5 + extra, extra > 0));
                long at = 5L + end.length();
                expected.add(new Line(null, at, 2, 6 + extra, true));
                at += 6 + end.length();
                expected.add(new Line("b", at, 3, 1, false));
                at += 2;
                expected.add(new Line(null, at, 4, 70 + extra, true));
                at += 70 + end.length();
                expected.add(new Line("c" + tail, at, 5, 1 + extra, false));
                at += 1 + end.length();
                expected.add(new Line(null, at, 6, 9, true));
                assertThat(lines)
                        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("text")
                        .isEqualTo(expected);
                for (int i = 0; i < lines.size(); i++) {
                    String kept = lines.get(i).text();
                    assertThat(kept)
                            .isEqualTo(
                                    text.substring((int) lines.get(i).offset()).substring(0, kept.length()));
                }
            }
        }
    }

    @Test
    void theHeadOfALineThatIsTooLongIsKept() throws IOException {
        String huge = "0123456789".repeat(100_000);
        LineReader reader =
                LineReader.of(new ByteArrayInputStream(Samples.utf8("a\n" + huge + "\nb\n" + huge)), 50_000);
        assertThat(reader.next()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.isOverlong()).isTrue();
            assertThat(reader.length()).isEqualTo(1_000_000);
            assertThat(new String(reader.bytes(), reader.from(), reader.to() - reader.from(), StandardCharsets.UTF_8))
                    .isEqualTo(huge.substring(0, LineReader.KEPT_OF_OVERLONG));
            assertThat(reader.next()).isEqualTo(i == 0);
        }
    }

    private static Line line(String text, long offset, long number) {
        return new Line(text, offset, number, text.length(), false);
    }

    private static List<String> texts(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }

    private static List<Line> read(String text, long start, long end, int max, int chunk) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        in.skipNBytes(start);
        LineReader reader = LineReader.of(in, start, end, max, chunk);
        List<Line> lines = new ArrayList<>();
        while (reader.next()) {
            lines.add(new Line(
                    new String(reader.bytes(), reader.from(), reader.to() - reader.from(), StandardCharsets.UTF_8),
                    reader.offset(),
                    reader.lineNumber(),
                    reader.length(),
                    reader.isOverlong()));
        }
        return lines;
    }
}
