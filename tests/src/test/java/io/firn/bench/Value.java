package io.firn.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Writes one random JSON value. */
@FunctionalInterface
interface Value {
    void write(LineBuffer out, SplittableRandom random);

    static Value whole(int below) {
        return (out, random) -> out.digits(random.nextInt(below));
    }

    static Value number(long from, long below) {
        return (out, random) -> out.digits(random.nextLong(from, below));
    }

    /** Prices and scores: two digits after the point. */
    static Value cents(int below) {
        return (out, random) -> {
            int cents = random.nextInt(below);
            out.digits(cents / 100).put('.').put('0' + cents / 10 % 10).put('0' + cents % 10);
        };
    }

    static Value truth(double likely) {
        byte[] yes = ascii("true");
        byte[] no = ascii("false");
        return (out, random) -> out.put(random.nextDouble() < likely ? yes : no);
    }

    static Value oneOf(String... texts) {
        byte[][] quoted = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            quoted[i] = ascii('"' + texts[i] + '"');
        }
        return (out, random) -> out.put(quoted[random.nextInt(quoted.length)]);
    }

    /** Text that is nearly always different: a prefix, then hexadecimal digits. */
    static Value hex(String prefix, int digits) {
        byte[] start = ascii('"' + prefix);
        return (out, random) -> out.put(start).hex(random, digits).put('"');
    }

    static Value uuid() {
        return (out, random) -> out.put('"')
                .hex(random, 8)
                .put('-')
                .hex(random, 4)
                .put('-')
                .hex(random, 4)
                .put('-')
                .hex(random, 4)
                .put('-')
                .hex(random, 12)
                .put('"');
    }

    static Value address() {
        return (out, random) -> out.put('"')
                .digits(random.nextInt(1, 224))
                .put('.')
                .digits(random.nextInt(256))
                .put('.')
                .digits(random.nextInt(256))
                .put('.')
                .digits(random.nextInt(256))
                .put('"');
    }

    /** Words of a small vocabulary; what people type and read. */
    static Value words(int from, int below) {
        String[] vocabulary = ("red blue light running shoe leather bag summer dress cotton shirt wireless phone case"
                        + " kitchen table lamp garden chair steel bottle winter jacket kids toy book travel set")
                .split(" ");
        byte[][] words = new byte[vocabulary.length][];
        for (int i = 0; i < words.length; i++) {
            words[i] = ascii(vocabulary[i]);
        }
        return (out, random) -> {
            out.put('"');
            int count = random.nextInt(from, below);
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    out.put(' ');
                }
                out.put(words[random.nextInt(words.length)]);
            }
            out.put('"');
        };
    }

    /** Any moment of a day, to the millisecond. */
    static Value moment(String date) {
        byte[] start = ascii('"' + date + 'T');
        return (out, random) -> {
            int millis = random.nextInt(86_400_000);
            int seconds = millis / 1000;
            out.put(start)
                    .twoDigits(seconds / 3600)
                    .put(':')
                    .twoDigits(seconds / 60 % 60)
                    .put(':')
                    .twoDigits(seconds % 60)
                    .put('.')
                    .put('0' + millis / 100 % 10)
                    .twoDigits(millis % 100)
                    .put('Z')
                    .put('"');
        };
    }

    static Value list(Value element, int below) {
        return (out, random) -> {
            out.put('[');
            int count = random.nextInt(below);
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    out.put(',');
                }
                element.write(out, random);
            }
            out.put(']');
        };
    }

    /** An object of keys and values in turn. */
    static Value object(Object... keysAndValues) {
        int fields = keysAndValues.length / 2;
        byte[][] keys = new byte[fields][];
        Value[] values = new Value[fields];
        for (int i = 0; i < fields; i++) {
            keys[i] = ascii((i == 0 ? "{\"" : ",\"") + keysAndValues[2 * i] + "\":");
            values[i] = (Value) keysAndValues[2 * i + 1];
        }
        return (out, random) -> {
            for (int i = 0; i < fields; i++) {
                out.put(keys[i]);
                values[i].write(out, random);
            }
            out.put('}');
        };
    }

    default Value orNull(double likely) {
        byte[] none = ascii("null");
        return (out, random) -> {
            if (random.nextDouble() < likely) {
                out.put(none);
            } else {
                write(out, random);
            }
        };
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
