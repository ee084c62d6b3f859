package io.firn.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.TableDefinition.Mode;

/** Tries each right that Firn needs of a catalog, its warehouse and its state, on things of its own that it removes. */
public final class CatalogProbe {
    private static final byte[] BYTES = {'f', 'i', 'r', 'n'};

    private final List<Tried> tried = new ArrayList<>();
    private Long writtenAt;

    private CatalogProbe() {}

    /**
     * A right and whether it is there.
     *
     * @param place where it was tried
     * @param right put, get, list or delete an object; create, read, update or drop a table
     * @param failure why not; null: it is there
     */
    public record Tried(String place, String right, String failure) {}

    /** What was found. */
    public record Found(List<Tried> tried, Long writtenAt) {}

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /**
     * Tries all of them.
     *
     * @param tables one of each namespace; they need not exist
     */
    public static Found of(LakeCatalog lake, List<TableName> tables) {
        CatalogProbe probe = new CatalogProbe();
        String mark = "firn_doctor_" + UUID.randomUUID().toString().substring(0, 8);
        tables.forEach(table -> probe.table(lake, table.sibling(mark)));
        probe.state(lake.state(), mark, lake.hadoop());
        return new Found(List.copyOf(probe.tried), probe.writtenAt);
    }

    private void table(LakeCatalog lake, TableName name) {
        String place = "namespace " + name.catalog() + "." + String.join(".", name.namespace());
        TableDefinition definition =
                new TableDefinition(name, null, null, List.of(), List.of(), null, Mode.APPEND, null, null);
        Column column = new Column("id", Scalar.LONG, null, null, false, null);
        Namespace namespace = Namespace.of(name.namespace().toArray(String[]::new));
        boolean madeNamespace = lake.catalog() instanceof SupportsNamespaces all && !all.namespaceExists(namespace);
        boolean created = step(
                place,
                "create a table",
                () -> lake.ensure(definition, List.of(column), new ChangeOrigin("doctor", null, null)));
        if (!created) {
            return;
        }
        try {
            List<Table> read = new ArrayList<>();
            if (step(
                    place,
                    "read a table",
                    () -> read.add(lake.find(name).orElseThrow().table()))) {
                Table table = read.get(0);
                objects(table.io(), table.location() + "/data/" + name.name());
                step(place, "update a table", () -> table.updateProperties()
                        .set("firn.doctor", "1")
                        .commit());
            }
        } finally {
            step(place, "drop a table", () -> lake.catalog()
                    .dropTable(TableIdentifier.of(namespace, name.name()), true));
            if (madeNamespace) {
                step(place, "drop a namespace", () -> ((SupportsNamespaces) lake.catalog()).dropNamespace(namespace));
            }
        }
    }

    private void objects(FileIO io, String file) {
        String place = "warehouse " + file.replaceFirst("/[^/]*/[^/]*$", "/");
        boolean put = step(place, "put an object", () -> {
            try (OutputStream out = io.newOutputFile(file).create()) {
                out.write(BYTES);
            }
        });
        if (!put) {
            return;
        }
        step(place, "get an object", () -> {
            try (InputStream in = io.newInputFile(file).newStream()) {
                same(in.readAllBytes());
            }
        });
        if (io instanceof SupportsPrefixOperations listed) {
            step(place, "list objects", () -> {
                if (!listed.listPrefix(file.replaceFirst("/[^/]*$", "/"))
                        .iterator()
                        .hasNext()) {
                    throw new IOException("the object that was put is not listed");
                }
            });
        }
        step(place, "delete an object", () -> {
            io.deleteFile(file);
            if (io.newInputFile(file).exists()) {
                throw new IOException("the object is still there");
            }
        });
    }

    private void state(Path root, String mark, Configuration hadoop) {
        String place = "state " + root;
        Path file = new Path(root, mark + "/" + mark);
        boolean put = step(place, "put an object", () -> {
            try (OutputStream out = files(file, hadoop).create(file, true)) {
                out.write(BYTES);
            }
        });
        if (!put) {
            return;
        }
        step(place, "get an object", () -> {
            try (InputStream in = files(file, hadoop).open(file)) {
                same(in.readAllBytes());
            }
        });
        step(
                place,
                "list objects",
                () -> writtenAt =
                        files(file, hadoop).listStatus(file.getParent())[0].getModificationTime());
        step(place, "delete an object", () -> {
            if (!files(file, hadoop).delete(file, false) || files(file, hadoop).exists(file)) {
                throw new IOException("the object is still there");
            }
            // A folder where there are folders; nothing where there are none.
            files(file, hadoop).delete(file.getParent(), true);
        });
    }

    private static FileSystem files(Path path, Configuration hadoop) throws IOException {
        return path.getFileSystem(hadoop);
    }

    private static void same(byte[] read) throws IOException {
        if (!Arrays.equals(read, BYTES)) {
            throw new IOException("another object came back than was put");
        }
    }

    private boolean step(String place, String right, Step step) {
        String failure = null;
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            failure = e.getMessage() == null
                    ? e.toString()
                    : e.getMessage().lines().findFirst().orElse("");
        }
        tried.add(new Tried(place, right, failure));
        return failure == null;
    }
}
