package io.firn.parquet;

import java.util.Arrays;

/**
 * The repetition and definition levels of one page. A page without nulls keeps none of the latter: that they are all the
 * highest is known.
 */
final class Levels {
    private static final byte[] NONE = {};

    private final Memory memory;
    private final int maxRepetition;
    private final int maxDefinition;
    private byte[] repetitions = NONE;
    private byte[] definitions = NONE;
    private boolean someAbsent;
    private int count;
    private int absent;

    Levels(int maxRepetition, int maxDefinition, Memory memory) {
        this.maxRepetition = maxRepetition;
        this.maxDefinition = maxDefinition;
        this.memory = memory;
    }

    int count() {
        return count;
    }

    /** The entries without a value: null, or below something that is null or empty. */
    int absent() {
        return absent;
    }

    void present(int repetition) {
        if (maxRepetition > 0) {
            repetition(repetition);
        }
        if (someAbsent) {
            definition(maxDefinition);
        }
        count++;
    }

    void absent(int repetition, int definition) {
        if (maxRepetition > 0) {
            repetition(repetition);
        }
        if (!someAbsent) {
            someAbsent = true;
            definitions = room(definitions, count);
            Arrays.fill(definitions, 0, count, (byte) maxDefinition);
        }
        definition(definition);
        count++;
        absent++;
    }

    /** Both kinds as a page of version 1 has them, each after its length. */
    void write(PageBuffer out, Scratch scratch) {
        if (maxRepetition > 0) {
            write(repetitions, maxRepetition, out, scratch);
        }
        if (maxDefinition == 0) {
            return;
        }
        if (someAbsent) {
            write(definitions, maxDefinition, out, scratch);
        } else {
            int at = out.length();
            out.putInt(0);
            RunLengths.repeat(maxDefinition, count, RunLengths.bitWidth(maxDefinition), out);
            out.setInt(at, out.length() - at - 4);
        }
    }

    void clear() {
        count = 0;
        absent = 0;
        someAbsent = false;
    }

    private void write(byte[] levels, int max, PageBuffer out, Scratch scratch) {
        int[] values = scratch.ints(count);
        for (int i = 0; i < count; i++) {
            values[i] = levels[i];
        }
        int at = out.length();
        out.putInt(0);
        RunLengths.encode(values, count, RunLengths.bitWidth(max), out);
        out.setInt(at, out.length() - at - 4);
    }

    private void repetition(int level) {
        if (count == repetitions.length) {
            repetitions = room(repetitions, count);
        }
        repetitions[count] = (byte) level;
    }

    private void definition(int level) {
        if (count >= definitions.length) {
            definitions = room(definitions, count);
        }
        definitions[count] = (byte) level;
    }

    private byte[] room(byte[] levels, int wanted) {
        int length = Math.max(16, Math.max(levels.length, wanted * 2));
        memory.add((long) length - levels.length);
        return Arrays.copyOf(levels, length);
    }
}
