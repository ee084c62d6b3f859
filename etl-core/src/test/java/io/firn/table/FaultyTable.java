package io.firn.table;

import java.util.HashMap;
import java.util.Map;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** A table on real operations whose commits can be disturbed: before, after, or instead of being applied. */
public final class FaultyTable implements TableOperations {
    private final TableOperations real;
    private final Map<Integer, Runnable> before = new HashMap<>();
    private final Map<Integer, Runnable> after = new HashMap<>();
    private final Map<Integer, RuntimeException> failing = new HashMap<>();
    private Runnable beforeEvery = () -> {};
    private Runnable beforeCommit = () -> {};
    private int commits;
    private int publishes;

    FaultyTable(Table table) {
        this.real = ((HasTableOperations) table).operations();
    }

    /** A table with something done before its next commit, once. */
    public static LakeTable beforeNextCommit(LakeTable table, Runnable action) {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforeCommit = action;
        return faulty.lake(table);
    }

    LakeTable lake(LakeTable like) {
        return new LakeTable(like.name(), new BaseTable(this, like.name().text()), like.ledgers());
    }

    void beforePublish(int nth, Runnable action) {
        before.put(nth, action);
    }

    void afterPublish(int nth, Runnable action) {
        after.put(nth, action);
    }

    void beforeEveryPublish(Runnable action) {
        beforeEvery = action;
    }

    void failCommit(int nth, RuntimeException failure) {
        failing.put(nth, failure);
    }

    int publishes() {
        return publishes;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        Runnable action = beforeCommit;
        beforeCommit = () -> {};
        action.run();
        RuntimeException failure = failing.get(++commits);
        if (failure != null) {
            throw failure;
        }
        boolean publishing = metadata.properties().entrySet().stream()
                .anyMatch(e -> StatePointer.isProperty(e.getKey())
                        && !e.getValue().equals(base.properties().get(e.getKey())));
        if (!publishing) {
            real.commit(base, metadata);
            return;
        }
        publishes++;
        beforeEvery.run();
        before.getOrDefault(publishes, () -> {}).run();
        real.commit(base, metadata);
        after.getOrDefault(publishes, () -> {}).run();
    }

    @Override
    public TableMetadata current() {
        return real.current();
    }

    @Override
    public TableMetadata refresh() {
        return real.refresh();
    }

    @Override
    public FileIO io() {
        return real.io();
    }

    @Override
    public EncryptionManager encryption() {
        return real.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return real.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return LocationProviders.locationsFor(current().location(), current().properties());
    }

    @Override
    public long newSnapshotId() {
        return real.newSnapshotId();
    }

    @Override
    public TableOperations temp(TableMetadata uncommitted) {
        return real.temp(uncommitted);
    }
}
