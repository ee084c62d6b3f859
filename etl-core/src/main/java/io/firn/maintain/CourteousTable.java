package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

import io.firn.table.LakeTable;

/**
 * A table whose commits wait for a moment at which no run of Firn is about to publish. A run makes its branch by a
 * commit of its own, so a commit that saw no branch and gets in has disturbed nobody (design: Safety of maintenance).
 */
final class CourteousTable {
    /** A branch that is older was left by a run that died. */
    private static final Duration LONGEST_PUBLICATION = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static final Duration LOOK = Duration.ofMillis(200);

    private CourteousTable() {}

    /**
     * @param patience how long one commit waits for branches to go; then it is made all the same, and the writer tries
     *     again
     */
    static Table of(LakeTable table, Duration patience) {
        BaseTable own = (BaseTable) table.table();
        return new BaseTable(new Waiting(((HasTableOperations) own).operations(), table, patience), own.name());
    }

    /** Those of a table's references to which runs are writing that may still publish. */
    static Set<String> publishing(Set<String> refs) {
        return LakeTable.publishing(refs, Instant.now().minus(LONGEST_PUBLICATION));
    }

    /** One that waits as long as upkeep does. */
    static Table of(LakeTable table) {
        return of(table, PATIENCE);
    }

    /** Waits until no run is about to publish, as a commit to it would. */
    static void awaitQuiet(Table courteous) {
        ((Waiting) ((HasTableOperations) courteous).operations()).quiet();
    }

    private static final class Waiting implements TableOperations {
        private final TableOperations table;
        private final LakeTable lake;
        private final Duration patience;
        private final Set<String> dead = ConcurrentHashMap.newKeySet();

        private Waiting(TableOperations table, LakeTable lake, Duration patience) {
            this.table = table;
            this.lake = lake;
            this.patience = patience;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            TableMetadata now = quiet();
            if (base != null && !now.metadataFileLocation().equals(base.metadataFileLocation())) {
                throw new CommitFailedException("Table %s changed while its upkeep waited for a run", lake.name());
            }
            table.commit(base, metadata);
        }

        /** The table as it is when no run is about to publish, or patience is at its end. */
        private TableMetadata quiet() {
            Instant until = Instant.now().plus(patience);
            TableMetadata now = table.refresh();
            Set<String> waitingFor = publishing(now);
            while (!waitingFor.isEmpty() && Instant.now().isBefore(until)) {
                LockSupport.parkNanos(LOOK.toNanos());
                now = table.refresh();
                waitingFor = publishing(now);
            }
            // Whoever holds a branch for that long is dead, or slower than one can wait for.
            dead.addAll(waitingFor);
            return now;
        }

        private Set<String> publishing(TableMetadata now) {
            Set<String> branches = CourteousTable.publishing(now.refs().keySet());
            branches.removeAll(dead);
            return branches;
        }

        @Override
        public TableMetadata current() {
            return table.current();
        }

        @Override
        public TableMetadata refresh() {
            return table.refresh();
        }

        @Override
        public FileIO io() {
            return table.io();
        }

        @Override
        public EncryptionManager encryption() {
            return table.encryption();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return table.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return table.locationProvider();
        }

        @Override
        public TableOperations temp(TableMetadata uncommitted) {
            return table.temp(uncommitted);
        }

        @Override
        public long newSnapshotId() {
            return table.newSnapshotId();
        }

        @Override
        public boolean requireStrictCleanup() {
            return table.requireStrictCleanup();
        }
    }
}
