package io.firn.decode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ways in which a line may be damaged. */
public enum Mutation {
    FLIP {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            if (line.length == 0) {
                return line;
            }
            byte[] out = line.clone();
            out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
            return out;
        }
    },
    PUT_BYTE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            byte[] odd = {0, '\n', '\t', '"', '\\', '{', '}', '[', ']', ',', ':', 'e', '.', '-', '0', (byte) 0xED, -1};
            byte[] one = {odd[random.nextInt(odd.length)]};
            int at = random.nextInt(line.length + 1);
            return join(line, 0, at, one, line, at, line.length);
        }
    },
    TRUNCATE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            return Arrays.copyOf(line, random.nextInt(line.length + 1));
        }
    },
    DUPLICATE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            int from = random.nextInt(line.length + 1);
            int to = Math.min(line.length, from + random.nextInt(60));
            return join(line, 0, to, new byte[0], line, from, line.length);
        }
    },
    DELETE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            int from = random.nextInt(line.length + 1);
            int to = Math.min(line.length, from + 1 + random.nextInt(20));
            return join(line, 0, from, new byte[0], line, to, line.length);
        }
    },
    SPLICE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            byte[] other = others.get(random.nextInt(others.size()));
            int from = random.nextInt(other.length + 1);
            return join(line, 0, random.nextInt(line.length + 1), new byte[0], other, from, other.length);
        }
    },
    VALUE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            return replaceValue(line, random, value -> ODD_VALUES.get(random.nextInt(ODD_VALUES.size())));
        }
    },
    NEST {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            int levels = random.nextInt(10) == 0 ? 990 + random.nextInt(15) : 1 + random.nextInt(3);
            boolean array = random.nextBoolean();
            return replaceValue(
                    line,
                    random,
                    value -> (array ? "[" : "{\"n\":").repeat(levels) + value + (array ? "]" : "}").repeat(levels));
        }
    },
    SPACE {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            return replaceValue(line, random, value -> " \t" + value + "\r ");
        }
    },
    ESCAPE_LETTER {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            if (line.length == 0) {
                return line;
            }
            int at = random.nextInt(line.length);
            for (int n = 0; n < line.length && !Character.isLetter(line[at] & 0x7f); n++) {
                at = (at + 1) % line.length;
            }
            byte[] escape = String.format("\\u%04x", line[at] & 0xff).getBytes(StandardCharsets.US_ASCII);
            return join(line, 0, at, escape, line, at + 1, line.length);
        }
    },
    REPEAT_KEY {
        @Override
        public byte[] apply(byte[] line, List<byte[]> others, Random random) {
            Matcher pair = Pattern.compile("\"[^\"\\\\]*\":(\"[^\"\\\\]*\"|-?\\d+|true|false|null)")
                    .matcher(new String(line, StandardCharsets.ISO_8859_1));
            List<int[]> spans = new ArrayList<>();
            while (pair.find()) {
                spans.add(new int[] {pair.start(), pair.end()});
            }
            if (spans.isEmpty()) {
                return line;
            }
            int[] span = spans.get(random.nextInt(spans.size()));
            int at = random.nextBoolean() ? span[0] : spans.get(random.nextInt(spans.size()))[0];
            byte[] copied = Arrays.copyOfRange(line, span[0], span[1] + 1);
            copied[copied.length - 1] = ',';
            return join(line, 0, at, copied, line, at, line.length);
        }
    };

    private static final Pattern VALUE_PATTERN =
            Pattern.compile(":\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)");
    private static final List<String> ODD_VALUES = List.of(
            "0",
            "-0",
            "-0.0",
            "1",
            "-1",
            "3.0",
            "1e3",
            "1E+2",
            "1.5e1",
            "15e-1",
            "150e-1",
            "3.5",
            "1e400",
            "-1e400",
            "1e-400",
            "1e999999999",
            "1e-999999999",
            "0e999999999",
            "1e99999999999999999999",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "92233720368547758070e-1",
            "99999999999999999999",
            "0.1",
            "1.20",
            "1.23",
            "1.234",
            "9999999.99",
            "10000000",
            "9999999.990",
            "0.30000000000000004",
            "9007199254740993",
            "16777217",
            "1.00000017881393432617187499",
            "3.4028235e38",
            "3.4028236e38",
            "1e-46",
            "5e-324",
            "2.2250738585072011e-308",
            "123456789012345678",
            "1234567890123456789",
            "00",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "1e+",
            "-",
            "NaN",
            "Infinity",
            "tru",
            "nul",
            "null",
            "true",
            "false",
            "[]",
            "{}",
            "[1,]",
            "{\"a\":1,}",
            "[,]",
            "\"\"",
            "\"3\"",
            "\"text\"",
            "\"2021-07-21\"",
            "\"2021-02-29\"",
            "\"2020-02-29\"",
            "\"2021-07-21T06:00:00Z\"",
            "\"2021-07-21T06:00:00\"",
            "\"2021-07-21T06:00Z\"",
            "\"2021-07-21T24:00:00Z\"",
            "\"2021-07-21T23:59:60Z\"",
            "\"2021-07-21T06:00:00.1234560Z\"",
            "\"2021-07-21T06:00:00.1234567Z\"",
            "\"2021-07-21T06:00:00.Z\"",
            "\"2021-07-21T06:00:00+0530\"",
            "\"2021-07-21T06:00:00+18:01\"",
            "\"2021-07-21T06:00:00-18:00\"",
            "\"2021-07-21T06:00:00+02\"",
            "\"2021-07-21T06:00:00+02:\"",
            "\"0001-01-01T00:00:00+00:01\"",
            "\"9999-12-31T23:59:59-00:01\"",
            "\"0000-12-31T23:59:59Z\"",
            "\"2021-07-21 06:00:00+02:00\"",
            "\"21.07.2021 06:00:00\"",
            "\"31.06.2021 06:00:00\"",
            "\"Zg==\"",
            "\"Zh==\"",
            "\"Zg\"",
            "\"Zm9=\"",
            "\"Z g=\"",
            "\"00\"",
            "\"0\"",
            "\"0g\"",
            "\"01020304\"",
            "\"123e4567-e89b-12d3-a456-42661417400\"",
            "\"123E4567-e89b-12d3-a456-426614174000\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\\u0000\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "253402300800",
            "253402300799.999999",
            "253402300799.9999999",
            "-62135596800.000001",
            "253402300800000",
            "-62135596800000",
            "0.001",
            "0.0001",
            "1626847200.1234560");

    /** A way to make another text of a value. */
    private interface Rewrite {
        String of(String value);
    }

    /** The line, damaged; {@code others} are lines to take pieces of. */
    public abstract byte[] apply(byte[] line, List<byte[]> others, Random random);

    /** One of them, most often another value. */
    public static Mutation any(Random random) {
        // Values are what decoding is about.
        return random.nextInt(3) == 0 ? VALUE : values()[random.nextInt(values().length)];
    }

    private static byte[] replaceValue(byte[] line, Random random, Rewrite rewrite) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        Matcher value = VALUE_PATTERN.matcher(text);
        int count = (int) VALUE_PATTERN.matcher(text).results().count();
        if (count == 0) {
            return line;
        }
        for (int n = random.nextInt(count); n >= 0; n--) {
            if (!value.find()) {
                return line;
            }
        }
        String rewritten = rewrite.of(value.group(1));
        return join(
                line,
                0,
                value.start(1),
                rewritten.getBytes(StandardCharsets.ISO_8859_1),
                line,
                value.end(1),
                line.length);
    }

    private static byte[] join(byte[] a, int aFrom, int aTo, byte[] middle, byte[] b, int bFrom, int bTo) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(a, aFrom, aTo - aFrom);
        out.writeBytes(middle);
        out.write(b, bFrom, Math.max(0, bTo - bFrom));
        return out.toByteArray();
    }
}
