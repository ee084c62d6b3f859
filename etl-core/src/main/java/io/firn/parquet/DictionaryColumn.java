package io.firn.parquet;

import java.util.Arrays;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;

/**
 * A column that tries a dictionary for each chunk and goes on plainly where it does not pay: at once when nearly all
 * values differ, after the first page when that came out larger, and for later pages when the dictionary is full.
 */
abstract class DictionaryColumn extends ColumnWriter {
    private static final int SAMPLE = 1024;
    /** Of the sample; more distinct values than that do not end in a dictionary of a sensible size. */
    private static final double MOSTLY_DISTINCT = 0.97;

    final PageBuffer plain;
    private int[] ids = new int[16];
    private int count;
    /** The present page's values are in the dictionary. */
    private boolean inDictionary = true;
    /** No page of the chunk has ended with the dictionary. */
    private boolean undecided = true;

    DictionaryColumn(ColumnDescriptor column, FileSettings settings, Memory memory) {
        super(column, settings, memory);
        plain = new PageBuffer(memory);
        memory.add(16 * 4);
    }

    final boolean inDictionary() {
        return inDictionary;
    }

    final void putId(int id) {
        if (count == ids.length) {
            memory.add(count * 4L);
            ids = Arrays.copyOf(ids, count * 2);
        }
        ids[count++] = id;
    }

    /** The distinct values. */
    abstract int distinct();

    /** What the dictionary takes as a page. */
    abstract int dictionaryBytes();

    /** What the present page would take plainly. */
    abstract long plainBytes();

    abstract void putPlain(int id);

    /** Notes a value that the page holds. */
    abstract void see(int id);

    abstract void putDictionary(PageBuffer out);

    abstract void newDictionary();

    abstract void dropDictionary();

    @Override
    final int valueBytes() {
        return inDictionary ? count : plain.length();
    }

    @Override
    final boolean isDue() {
        if (!inDictionary) {
            return false;
        }
        if (undecided && count >= SAMPLE && distinct() > MOSTLY_DISTINCT * count) {
            giveUp();
            return false;
        }
        return dictionaryBytes() > settings.dictionaryBytes();
    }

    @Override
    final Encoding encode(PageBuffer out, Scratch scratch) {
        if (inDictionary && undecided && !pays()) {
            giveUp();
        }
        if (!inDictionary) {
            out.put(plain.bytes(), 0, plain.length());
            plain.clear(2 * settings.pageBytes());
            return Encoding.PLAIN;
        }
        undecided = false;
        int width = width();
        out.put(width);
        RunLengths.encode(ids, count, width, out);
        boolean[] seen = new boolean[distinct()];
        for (int i = 0; i < count; i++) {
            if (!seen[ids[i]]) {
                seen[ids[i]] = true;
                see(ids[i]);
            }
        }
        count = 0;
        if (dictionaryBytes() > settings.dictionaryBytes()) {
            inDictionary = false;
        }
        return Encoding.RLE_DICTIONARY;
    }

    private boolean pays() {
        return dictionaryBytes() + (long) count * width() / 8 < plainBytes();
    }

    private int width() {
        return RunLengths.bitWidth(Math.max(0, distinct() - 1));
    }

    /** Writes plainly what the first page holds so far. */
    private void giveUp() {
        for (int i = 0; i < count; i++) {
            putPlain(ids[i]);
        }
        count = 0;
        memory.add((16L - ids.length) * 4);
        ids = new int[16];
        dropDictionary();
        inDictionary = false;
    }

    @Override
    final DictionaryPage endDictionary(Scratch scratch) {
        DictionaryPage page = null;
        if (!undecided) {
            PageBuffer out = scratch.page();
            putDictionary(out);
            byte[] body = settings.codec().compress(out, scratch);
            page = new DictionaryPage(BytesInput.from(body), out.length(), distinct(), Encoding.PLAIN);
            dropDictionary();
        }
        newDictionary();
        inDictionary = true;
        undecided = true;
        return page;
    }
}
