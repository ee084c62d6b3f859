package io.firn.table;

import java.io.IOException;

import org.apache.iceberg.DataFile;
import org.apache.spark.sql.catalyst.InternalRow;

/** A data file that is being written. For one thread; ends with {@link #close} or {@link #discard}. */
interface OpenFile {
    void write(InternalRow row);

    long rows();

    /** About the length the file would have now; costs as much as writing a few rows. */
    long length();

    /** What it holds in memory, about. */
    long held();

    /** Whether it holds a stream, which are few. */
    boolean holdsStream();

    DataFile close() throws IOException;

    /** Closes what is open; the file's content means nothing. */
    void discard() throws IOException;

    String location();
}
