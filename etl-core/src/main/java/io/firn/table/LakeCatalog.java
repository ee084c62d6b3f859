package io.firn.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.IcebergBuild;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ValidationException;

import io.firn.schema.Column;
import io.firn.table.TableChange.Effect;
import io.firn.table.TableChange.OfSchema;

/** An open catalog. Sees every commit of other processes; may be used by several threads. */
public final class LakeCatalog implements Closeable {
    private static final int SCHEMA_TRIES = 20;

    private final Catalog catalog;
    private final LedgerStore ledgers;

    private LakeCatalog(Catalog catalog, LedgerStore ledgers) {
        this.catalog = catalog;
        this.ledgers = ledgers;
    }

    /**
     * Opens a catalog; what it needs on the local disk is made.
     *
     * @param definition with its secrets resolved
     * @param hadoop settings for file systems; not changed
     */
    public static LakeCatalog open(String name, CatalogDefinition definition, Configuration hadoop) {
        Configuration files = new Configuration(hadoop);
        definition.hadoopSettings().forEach(files::set);
        prepare(definition);
        Catalog catalog = CatalogUtil.buildIcebergCatalog(name, definition.icebergProperties(), files);
        return new LakeCatalog(catalog, new LedgerStore(definition.stateLocation(), files));
    }

    /** The version of Iceberg on the class path; null: it does not say. */
    public static String icebergVersion() {
        String version = IcebergBuild.version();
        return "unspecified".equals(version) ? null : version;
    }

    /** Whether there is something to open; false where {@link #open} would make a new catalog on the local disk. */
    public static boolean exists(CatalogDefinition definition) {
        return !definition.jdbcUrl().startsWith(SqliteFile.PREFIX) || SqliteFile.exists(definition.jdbcUrl());
    }

    /** What {@link #ensure} would do where there is no table. */
    public static SchemaPlan creation(TableDefinition definition, List<Column> columns, LoadColumns loadColumns) {
        return SchemaPlan.creation(TableLayout.of(definition, columns, loadColumns));
    }

    /** {@link #creation} of a table of dumps. */
    public static SchemaPlan creation(TableDefinition definition, List<Column> columns) {
        return creation(definition, columns, LoadColumns.DUMP);
    }

    /**
     * Makes what a catalog needs on the local disk and in this process; for those that open it by other means than
     * {@link #open}.
     */
    public static void prepare(CatalogDefinition definition) {
        if (definition.type() == CatalogDefinition.Type.GLUE) {
            GlueRetries.prepare();
        }
        if (definition.jdbcUrl().startsWith(SqliteFile.PREFIX)) {
            SqliteFile.prepare(definition.jdbcUrl());
        }
        if (definition.jdbcUrl().startsWith("jdbc:")) {
            JdbcDrivers.shareWithIceberg();
        }
    }

    /** The table as it is now, if it exists. */
    public Optional<LakeTable> find(TableName name) {
        return load(name).map(table -> new LakeTable(name, table, ledgers));
    }

    /**
     * What {@link #ensure} would do.
     *
     * @param columns the table's own columns, without the load columns
     */
    public SchemaPlan plan(TableDefinition definition, List<Column> columns, LoadColumns loadColumns) {
        TableLayout wanted = TableLayout.of(definition, columns, loadColumns);
        return load(definition.table())
                .map(table -> between(table, wanted, definition))
                .orElseGet(() -> SchemaPlan.creation(wanted));
    }

    /** {@link #plan} of a table of dumps. */
    public SchemaPlan plan(TableDefinition definition, List<Column> columns) {
        return plan(definition, columns, LoadColumns.DUMP);
    }

    /**
     * Makes the table what its definition says: created, or given the columns and properties that it lacks, columns
     * widened whose type is to hold more, and columns relaxed that need no value any more, all in one commit. Throws
     * {@link SchemaConflict} when it differs otherwise. Several runs may do this at once.
     *
     * @param columns the table's own columns, without the load columns
     * @param origin who makes the table so, for its history
     */
    public LakeTable ensure(
            TableDefinition definition, List<Column> columns, LoadColumns loadColumns, ChangeOrigin origin) {
        return ensure(definition, columns, loadColumns, origin, NewDefaults.NONE);
    }

    /** The same, where rows that are there have values in new columns. */
    public LakeTable ensure(
            TableDefinition definition,
            List<Column> columns,
            LoadColumns loadColumns,
            ChangeOrigin origin,
            NewDefaults defaults) {
        TableName name = definition.table();
        TableLayout wanted = TableLayout.of(definition, columns, loadColumns);
        RuntimeException rival = null;
        for (int tries = 0; tries < SCHEMA_TRIES; tries++) {
            Optional<Table> present = load(name);
            if (present.isEmpty()) {
                boolean unused = create(name, wanted, origin);
                continue;
            }
            SchemaPlan plan = defaults.in(between(present.get(), wanted, definition), present.get());
            if (!plan.conflicts().isEmpty()) {
                throw new SchemaConflict("Table " + name + " exists and is not what its definition says; nothing was"
                        + " loaded:\n  " + String.join("\n  ", plan.conflicts()));
            }
            if (plan.inPlace()) {
                return new LakeTable(name, present.get(), ledgers);
            }
            try {
                evolve(present.get(), plan, origin);
            } catch (RuntimeException e) {
                rival = comingAgain(e, tries);
            }
        }
        throw neverIn(name, rival);
    }

    /**
     * Makes the view {@code <table>_unified} that shows columns which share a path as one. Where the catalog has no views,
     * or does not make this one, its SQL is logged: rows are loaded all the same.
     *
     * @param columns the table's
     */
    public void unify(TableName table, List<Column> columns) {
        UnifiedView view = new UnifiedView(table, columns);
        String why = "the catalog has no views";
        try {
            if (view.ensure(catalog)) {
                return;
            }
        } catch (RuntimeException e) {
            why = "its view of columns as one could not be made, " + e.getMessage();
        }
        LakeTable.LOG.warn("firn table {}: {}; this shows its columns as one: {}", table, why, view.sql());
    }

    /** {@link #ensure} for a table of dumps. */
    public LakeTable ensure(TableDefinition definition, List<Column> columns, ChangeOrigin origin) {
        return ensure(definition, columns, LoadColumns.DUMP, origin);
    }

    /**
     * Gives a table columns that the data has and its definition lacks, with what Firn has to remember of them, in one
     * commit. False: the table changed since {@code seen} was loaded, and nothing was done.
     *
     * @param columns all of the table's own columns, as they are to be
     * @param evolved those among them that the definition lacks
     * @param origin the run that adds them
     */
    public boolean grow(
            LakeTable seen,
            TableDefinition definition,
            List<Column> columns,
            LoadColumns loadColumns,
            List<EvolvedColumn> evolved,
            ChangeOrigin origin) {
        TableLayout wanted = TableLayout.of(definition, columns, loadColumns);
        SchemaPlan plan = between(seen.table(), wanted, definition);
        if (!plan.conflicts().isEmpty()) {
            throw new SchemaConflict("Table " + seen.name() + " cannot take the columns that the data has; nothing was"
                    + " loaded:\n  " + String.join("\n  ", plan.conflicts()));
        }
        Map<String, String> properties = new TreeMap<>(plan.properties());
        evolved.forEach(column -> properties.put(column.property(), column.json()));
        try {
            evolve(seen.table(), new SchemaPlan(false, plan.changes(), properties, List.of()), origin);
            return true;
        } catch (RuntimeException e) {
            comingAgain(e, 0);
            LakeTable.LOG.info("firn table {}: changed while columns were added, {}", seen.name(), e.getMessage());
            return false;
        }
    }

    /** How a declared table differs from what is there; changes nothing. */
    public TableDiff diff(TableDefinition declared) {
        return load(declared.table())
                .map(table -> TableDiff.between(TableState.of(table), declared))
                .orElseGet(() -> TableDiff.creation(declared));
    }

    /** What {@link #diff} says where there is no table, for catalogs that do not exist yet. */
    public static TableDiff newTable(TableDefinition declared) {
        return TableDiff.creation(declared);
    }

    /**
     * Makes a declared table what its definition says, in one commit, and returns what was done. Throws
     * {@link SchemaConflict}, with the table as it was, when a change is refused or destructive and not allowed. Several
     * processes may do this at once.
     *
     * @param origin who makes the table so, for its history
     */
    public TableDiff apply(TableDefinition declared, Destructive destructive, ChangeOrigin origin) {
        RuntimeException rival = null;
        TableDiff unanswered = null;
        for (int tries = 0; tries < SCHEMA_TRIES; tries++) {
            Optional<Table> present = load(declared.table());
            if (present.isEmpty()) {
                if (create(declared.table(), TableLayout.declared(declared), origin)) {
                    return TableDiff.creation(declared);
                }
                continue;
            }
            TableDiff diff = TableDiff.between(TableState.of(present.get()), declared);
            destructive.check(diff);
            if (diff.inPlace()) {
                return unanswered == null ? diff : unanswered;
            }
            try {
                Transaction transaction = begun(present.get());
                diff.apply(transaction);
                SchemaHistory.record(transaction, present.get(), origin, made(diff));
                transaction.commitTransaction();
                return diff;
            } catch (RuntimeException e) {
                rival = comingAgain(e, tries);
                unanswered = Unanswered.is(e) ? diff : unanswered;
            }
        }
        throw neverIn(declared.table(), rival);
    }

    /** The definition of a live table, as a file under {@code ddl/} would say it; empty: there is no such table. */
    public Optional<TableDefinition> definition(TableName name) {
        return load(name).map(table -> LiveTable.definition(name, TableState.of(table)));
    }

    /** Iceberg's own, for upkeep. */
    public Catalog catalog() {
        return catalog;
    }

    /** Where Firn keeps what belongs to no table, for Hadoop's file systems: ledgers, staged data, reports. */
    public Path state() {
        return ledgers.root();
    }

    /** The settings of its file systems; not to be changed. */
    public Configuration hadoop() {
        return ledgers.hadoop();
    }

    /** The tables of a table's namespace that Firn has names for, in order; none if there is no such namespace. */
    public List<TableName> tablesBeside(TableName any) {
        Namespace namespace = Namespace.of(any.namespace().toArray(String[]::new));
        if (!(catalog instanceof SupportsNamespaces namespaces) || !isThere(namespaces, namespace)) {
            return List.of();
        }
        String prefix = any.catalog() + "." + String.join(".", any.namespace()) + ".";
        return catalog.listTables(namespace).stream()
                .filter(table -> TableName.isPart(table.name()))
                .map(table -> TableName.parse(prefix + table.name()))
                .sorted(Comparator.comparing(TableName::text))
                .toList();
    }

    private static boolean isThere(SupportsNamespaces namespaces, Namespace namespace) {
        try {
            return namespaces.namespaceExists(namespace);
        } catch (ValidationException e) {
            // Glue knows namespaces of one level only, and says so to whoever asks for another.
            return false;
        }
    }

    @Override
    public void close() {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static SchemaPlan between(Table table, TableLayout wanted, TableDefinition definition) {
        SchemaPlan plan = SchemaPlan.between(table, wanted);
        return definition.declared() ? plan.declared(TableDiff.between(TableState.of(table), definition)) : plan;
    }

    private Optional<Table> load(TableName name) {
        try {
            return Optional.of(catalog.loadTable(identifier(name)));
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }

    /** The failure of a change, where what is left to do is seen in the next turn: a rival's commit came between. */
    private static RuntimeException comingAgain(RuntimeException failure, int tries) {
        boolean rivalry = failure instanceof CommitFailedException
                || failure instanceof ValidationException
                || failure instanceof IllegalArgumentException;
        if (!rivalry && !Unanswered.is(failure)) {
            throw failure;
        }
        if (!rivalry) {
            Backoff.pause(tries);
        }
        return failure;
    }

    /** @param last why the last try failed; null: the table came and went */
    private static RetriesExhausted neverIn(TableName name, RuntimeException last) {
        boolean rivalry = last instanceof CommitFailedException || last == null;
        return new RetriesExhausted(
                "Table " + name + " could not be changed: "
                        + (rivalry ? "others kept changing it. Run again." : last.getMessage()),
                last);
    }

    /** False: a rival was first, or the catalog did not say what became of it; look again. */
    private boolean create(TableName name, TableLayout wanted, ChangeOrigin origin) {
        try {
            createNamespaces(name);
            catalog.buildTable(identifier(name), wanted.schema())
                    .withPartitionSpec(wanted.spec())
                    .withSortOrder(wanted.sortOrder())
                    .withLocation(wanted.location())
                    .withProperties(wanted.propertiesAtCreation())
                    .withProperties(SchemaHistory.creation(wanted.schema(), origin))
                    .create();
            return true;
        } catch (AlreadyExistsException | CommitFailedException e) {
            LakeTable.LOG.info("firn table {}: another run created it first", name);
            return false;
        } catch (RuntimeException e) {
            if (!Unanswered.is(e)) {
                throw e;
            }
            LakeTable.LOG.info("firn table {}: the catalog did not say whether it was created", name, e);
            Backoff.pause(1);
            return false;
        }
    }

    private void createNamespaces(TableName name) {
        if (!(catalog instanceof SupportsNamespaces namespaces)) {
            return;
        }
        for (int levels = 1; levels <= name.namespace().size(); levels++) {
            Namespace namespace =
                    Namespace.of(name.namespace().subList(0, levels).toArray(String[]::new));
            if (!namespaces.namespaceExists(namespace)) {
                try {
                    namespaces.createNamespace(namespace);
                } catch (RuntimeException e) {
                    // Catalogs differ in how they say that another run was first.
                    if (!namespaces.namespaceExists(namespace)) {
                        throw e;
                    }
                }
            }
        }
    }

    private static void evolve(Table table, SchemaPlan plan, ChangeOrigin origin) {
        Transaction transaction = begun(table);
        if (!plan.changes().isEmpty()) {
            UpdateSchema schema = transaction.updateSchema();
            plan.changes().forEach(change -> ((OfSchema) change).apply(schema));
            schema.commit();
        }
        if (!plan.properties().isEmpty()) {
            UpdateProperties properties = transaction.updateProperties();
            plan.properties().forEach(properties::set);
            properties.commit();
        }
        SchemaHistory.record(transaction, table, origin, made(plan));
        transaction.commitTransaction();
    }

    /** A transaction upon the state that the table was read in: what was found to do is still to do. */
    private static Transaction begun(Table table) {
        String read = TableUtil.metadataFileLocation(table);
        Transaction transaction = table.newTransaction();
        if (!Objects.equals(read, TableUtil.metadataFileLocation(table))) {
            throw new CommitFailedException("The table changed since it was read");
        }
        return transaction;
    }

    private static List<String> made(SchemaPlan plan) {
        List<String> changes = new ArrayList<>();
        plan.changes().forEach(change -> changes.add(change.text()));
        plan.properties().forEach((key, value) -> changes.add("set " + key + " = " + value));
        return changes;
    }

    private static List<String> made(TableDiff diff) {
        return diff.changes().stream()
                .filter(change -> change.effect() != Effect.NOTED)
                .map(TableChange::text)
                .toList();
    }

    private static TableIdentifier identifier(TableName name) {
        return TableIdentifier.of(Namespace.of(name.namespace().toArray(String[]::new)), name.name());
    }
}
