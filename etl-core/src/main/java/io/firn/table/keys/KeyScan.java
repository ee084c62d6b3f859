package io.firn.table.keys;

import java.util.Arrays;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Another scan, of which only rows are read that may have one of the keys. What that scan planned stays as it is: where a
 * file cannot be read by columns, its own readers do it, and rows without the keys come along.
 */
final class KeyScan implements SupportsReportStatistics, SupportsRuntimeV2Filtering {
    private final Scan scan;
    private final KeyHashes keys;
    private final KeyHasher hasher;

    /** @param scan reports statistics and filters at run time too */
    KeyScan(Scan scan, KeyHashes keys, KeyHasher hasher) {
        this.scan = scan;
        this.keys = keys;
        this.hasher = hasher;
    }

    @Override
    public StructType readSchema() {
        return scan.readSchema();
    }

    @Override
    public String description() {
        return "rows that may have a key of " + scan.description();
    }

    @Override
    public Statistics estimateStatistics() {
        return ((SupportsReportStatistics) scan).estimateStatistics();
    }

    @Override
    public NamedReference[] filterAttributes() {
        return ((SupportsRuntimeV2Filtering) scan).filterAttributes();
    }

    @Override
    public void filter(Predicate[] predicates) {
        ((SupportsRuntimeV2Filtering) scan).filter(predicates);
    }

    @Override
    public Batch toBatch() {
        return new KeyBatch(scan.toBatch());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyScan that && that.scan.equals(scan) && that.keys == keys;
    }

    @Override
    public int hashCode() {
        return scan.hashCode();
    }

    private final class KeyBatch implements Batch {
        private final Batch batch;
        private InputPartition[] partitions;

        private KeyBatch(Batch batch) {
            this.batch = batch;
        }

        @Override
        public InputPartition[] planInputPartitions() {
            if (partitions == null) {
                partitions = batch.planInputPartitions();
            }
            return partitions;
        }

        @Override
        public PartitionReaderFactory createReaderFactory() {
            boolean byColumns = Arrays.stream(planInputPartitions()).allMatch(ScanPartition::readByColumns);
            return byColumns ? new Readers(keys, hasher) : batch.createReaderFactory();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof KeyBatch that && that.batch.equals(batch) && that.keys() == keys;
        }

        @Override
        public int hashCode() {
            return batch.hashCode();
        }

        private KeyHashes keys() {
            return keys;
        }
    }

    private record Readers(KeyHashes keys, KeyHasher hasher) implements PartitionReaderFactory {
        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            throw new UnsupportedOperationException("only read by columns");
        }

        @Override
        public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
            return new KeyScanReader(ScanPartition.of(partition).orElseThrow(), keys, hasher);
        }

        @Override
        public boolean supportColumnarReads(InputPartition partition) {
            return true;
        }
    }
}
