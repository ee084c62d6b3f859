package io.firn.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a source writes in place of a value that it does not have: text, or the same as bytes, in an array or a map. */
public final class Placeholder {
    private final List<byte[]> forms;

    public Placeholder(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        String plain = '"' + text + '"';
        String base64 = '"' + Base64.getEncoder().encodeToString(bytes) + '"';
        String numbers = IntStream.range(0, bytes.length)
                .mapToObj(i -> Byte.toString(bytes[i]))
                .collect(Collectors.joining(",", "[", "]"));
        forms = List.of(
                plain.getBytes(UTF_8),
                base64.getBytes(UTF_8),
                ('[' + plain + ']').getBytes(UTF_8),
                ('[' + base64 + ']').getBytes(UTF_8),
                numbers.getBytes(UTF_8),
                ('{' + plain + ':' + plain + '}').getBytes(UTF_8));
    }

    boolean standsAt(JsonScanner in) {
        byte c = in.bytes[in.at];
        if (c != '"' && c != '[' && c != '{') {
            return false;
        }
        for (byte[] form : forms) {
            int stop = in.at + form.length;
            if (form[0] == c
                    && stop <= in.end
                    && form[1] == in.bytes[in.at + 1]
                    && Arrays.equals(form, 0, form.length, in.bytes, in.at, stop)) {
                return true;
            }
        }
        return false;
    }
}
