package io.firn.table;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.spark.sql.SparkSession;

/** The catalog that Spark's statements commit to, with something done around their commits. */
public final class FaultyCatalog extends JdbcCatalog {
    private static final Map<String, Hooks> HOOKS = new ConcurrentHashMap<>();
    private Hooks hooks;

    /** Each is done once. */
    private static final class Hooks {
        private Runnable before = () -> {};
        private Runnable after = () -> {};
        private Runnable read = () -> {};
    }

    /** A session whose next commit has this done before and after it. */
    static SparkSession session(SparkSession shared, Path directory, Runnable before, Runnable after) {
        Hooks hooks = new Hooks();
        hooks.before = before;
        hooks.after = after;
        return session(shared, directory, hooks);
    }

    /** A session that has this done before it first reads a table. */
    static SparkSession session(SparkSession shared, Path directory, Runnable read) {
        Hooks hooks = new Hooks();
        hooks.read = read;
        return session(shared, directory, hooks);
    }

    private static SparkSession session(SparkSession shared, Path directory, Hooks hooks) {
        HOOKS.put(directory.toString(), hooks);
        SparkSession spark = TestLake.session(shared, directory);
        spark.conf().unset("spark.sql.catalog.lake.type");
        spark.conf().set("spark.sql.catalog.lake.catalog-impl", FaultyCatalog.class.getName());
        spark.conf().set("spark.sql.catalog.lake.faults", directory.toString());
        return spark;
    }

    @Override
    public void initialize(String name, Map<String, String> properties) {
        hooks = HOOKS.get(properties.get("faults"));
        super.initialize(name, properties);
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier identifier) {
        // A branch's name is tried as a table's first.
        if (!identifier.name().startsWith("branch_")) {
            Runnable read = hooks.read;
            hooks.read = () -> {};
            read.run();
        }
        return new Faulty(super.newTableOps(identifier), hooks);
    }

    private record Faulty(TableOperations real, Hooks hooks) implements TableOperations {
        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            Runnable before = hooks.before;
            Runnable after = hooks.after;
            hooks.before = () -> {};
            hooks.after = () -> {};
            before.run();
            real.commit(base, metadata);
            after.run();
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
            return real.locationProvider();
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
}
