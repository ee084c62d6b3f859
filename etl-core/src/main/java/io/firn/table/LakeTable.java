package io.firn.table;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.types.Types.NestedField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.schema.Column;

/** A table as it was when last loaded; {@link #refresh} reads it again. For one thread. */
public final class LakeTable {
    /** What follows a table's name in that of the view that shows columns whose type changed as one. */
    public static final String UNIFIED = "_unified";

    static final Logger LOG = LoggerFactory.getLogger(LakeTable.class);

    private final TableName name;
    private final Table table;
    private final LedgerStore ledgers;

    LakeTable(TableName name, Table table, LedgerStore ledgers) {
        this.name = name;
        this.table = table;
        this.ledgers = ledgers;
    }

    public TableName name() {
        return name;
    }

    public UUID uuid() {
        return table.uuid();
    }

    public String location() {
        return table.location();
    }

    /** The current snapshot; null: there is none. */
    public Long snapshot() {
        Snapshot current = table.currentSnapshot();
        return current == null ? null : current.snapshotId();
    }

    /** Reads the table's state again. */
    public void refresh() {
        table.refresh();
    }

    /**
     * What a pipeline has loaded. Throws {@link RollbackDetected} when the table's data was taken back behind the
     * ledger, {@link LedgerLost} when the ledger's files are damaged.
     */
    public Ledger ledger(String pipeline) {
        LedgerPointer pointer = pointer(pipeline);
        if (pointer != null) {
            History.check(this, StatePointer.ledgerProperty(pipeline), pointer);
        }
        return Ledger.load(ledgers, name, pipeline, pointer);
    }

    /**
     * What a pipeline has taken of its topics; empty: nothing yet. Throws {@link RollbackDetected} when the table's data
     * was taken back behind the position.
     *
     * @param pipeline any text; a table that several topics feed one by one has a position for each
     */
    public Optional<TopicPosition> position(String pipeline) {
        return Optional.ofNullable(positionPointer(pipeline)).map(PositionPointer::position);
    }

    /** As {@link #position}, also of a table whose data was taken back behind it. */
    public Optional<TopicPosition> lastPosition(String pipeline) {
        String property = StatePointer.positionProperty(pipeline);
        if (!(state(property) instanceof PositionPointer pointer)) {
            return Optional.empty();
        }
        History.checkTable(this, property, pointer);
        return Optional.of(pointer.position());
    }

    /**
     * Sets a position by hand, together with an empty snapshot: a run that is about to publish comes to nothing. Throws
     * {@link TableException} when there is none.
     *
     * @param next what it becomes; asked anew each time that somebody else was first
     */
    public PositionSet setPosition(String pipeline, UnaryOperator<TopicState> next) {
        return new Rollback(this).setPosition(pipeline, next);
    }

    /**
     * What tasks need to write files for this table.
     *
     * @param columns the columns of the rows in order, load columns included
     */
    public WriteTarget writeTarget(List<Column> columns) {
        return WriteTarget.of(name, table, columns);
    }

    /** The columns that runs added since the data had them, in the table's order. */
    public List<EvolvedColumn> evolved() {
        return EvolvedColumn.of(table.schema(), table.properties());
    }

    /** The names of all columns. */
    public List<String> columns() {
        return table.schema().columns().stream().map(NestedField::name).toList();
    }

    /** The table's columns without Firn's own, and without those of types that Firn does not write. */
    public List<Column> ownColumns() {
        return LiveTable.columns(table.schema());
    }

    /** Whether rows that were written before a column existed read something else than null in it. */
    public boolean hasInitialDefault(String column) {
        NestedField field = table.schema().findField(column);
        return field != null && field.initialDefault() != null;
    }

    /** Columns in which older rows are still to take what the source says they have. */
    public List<NewDefaults.Backfill> backfills() {
        return NewDefaults.open(table);
    }

    /** Notes that older rows have taken it. */
    public void backfilled(NewDefaults.Backfill done) {
        table.updateProperties().remove(NewDefaults.PROPERTY + done.column()).commit();
    }

    /** The columns that name a row; empty if it has none. */
    public List<String> idColumns() {
        return table.schema().identifierFieldNames().stream().sorted().toList();
    }

    /** The rows that all pipelines' ledgers say each source file gave. */
    public Map<String, Long> rowsByLedger() {
        Map<String, Long> rows = new HashMap<>();
        for (String pipeline : pipelines()) {
            Ledger ledger = ledger(pipeline);
            for (LocalDate day : ledger.days()) {
                ledger.day(day).forEach(file -> rows.merge(file.path(), file.rows(), Long::sum));
            }
        }
        return rows;
    }

    /** The pipelines that feed it, each with the topics that it has read; none for dumps. */
    public SortedMap<String, SortedSet<String>> topicsRead() {
        SortedMap<String, SortedSet<String>> feeds = new TreeMap<>();
        pipelines().forEach(pipeline -> feeds.put(pipeline, new TreeSet<>()));
        positions().forEach((feed, position) -> {
            // Where topics feed a table one by one, each has a position: pipeline.topic.
            String pipeline = feed.replaceFirst("\\..*", "");
            feeds.computeIfAbsent(pipeline, name -> new TreeSet<>())
                    .addAll(position.state().topics().keySet());
        });
        return feeds;
    }

    /** The snapshot that a tag names; throws {@link TableException} when there is no such tag. */
    public long tagged(String tag) {
        SnapshotRef ref = table.refs().get(tag);
        if (ref == null || !ref.isTag()) {
            List<String> tags = table.refs().entrySet().stream()
                    .filter(known -> known.getValue().isTag())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            throw new TableException("Table " + name + " has no tag " + tag + "; "
                    + (tags.isEmpty() ? "it has none at all" : "it has " + String.join(", ", tags)));
        }
        return ref.snapshotId();
    }

    /** Whether topics feed it. */
    public boolean hasPositions() {
        return !positions().isEmpty();
    }

    /** The states that main went through and that are not expired, the latest first. */
    public List<TableVersion> versions() {
        return TableVersion.of(table);
    }

    /** What became of its schema. */
    public SchemaHistory schemaHistory() {
        return SchemaHistory.of(table);
    }

    /** Deletes staged files that are not to be published, as far as that is possible. */
    public void discard(List<StagedFile> staged) {
        staged.forEach(file -> Discard.file(table, file.path()));
    }

    /** Takes data, ledgers and positions back to an earlier snapshot together; returns the snapshot that does so. */
    public long rollback(long snapshot) {
        return new Rollback(this).to(snapshot);
    }

    /**
     * Replaces a lost ledger by what the source says and the table holds. Throws {@link TableException} when the table
     * changed since its rows were counted.
     *
     * @param counted the current snapshot when the rows were counted; null: there was none
     * @param days the source files by day
     * @param rowsByFile the table's rows counted by {@link LoadColumns#FILE}
     */
    public Ledger rebuildLedger(
            String pipeline, Map<LocalDate, List<SourceFile>> days, Map<String, Long> rowsByFile, Long counted) {
        return new Rollback(this).rebuild(pipeline, days, rowsByFile, counted);
    }

    /** Branches of runs that began longer than {@code age} ago. */
    public List<String> leftoverBranches(Duration age) {
        return BranchName.leftovers(table, Instant.now().minus(age));
    }

    /** Drops branches of runs that began longer than {@code age} ago; returns their names. */
    public List<String> dropLeftoverBranches(Duration age) {
        return leftoverBranches(age).stream()
                .filter(branch -> BranchName.drop(table, branch))
                .toList();
    }

    /**
     * Files of ledgers that were written before a time and that neither the table nor any of its snapshots names. Throws
     * {@link LedgerLost} when a ledger that one of them names cannot be read.
     */
    public List<Path> supersededLedgers(Instant before) throws IOException {
        return new LedgerFiles(this).superseded(before);
    }

    /** The table at a glance; a ledger that is damaged or cannot be read does not hide the rest, it shows no totals. */
    public TableStatus status() {
        Snapshot current = table.currentSnapshot();
        Map<String, String> summary = current == null ? Map.of() : current.summary();
        SortedMap<String, Ledger.Totals> totals = new TreeMap<>();
        for (String pipeline : pipelines()) {
            try {
                totals.put(
                        pipeline,
                        Ledger.load(ledgers, name, pipeline, pointer(pipeline)).totals());
            } catch (TableException e) {
                totals.put(pipeline, null);
            }
        }
        return new TableStatus(
                name,
                table.location(),
                current == null ? null : current.snapshotId(),
                current == null ? null : Instant.ofEpochMilli(current.timestampMillis()),
                Long.parseLong(summary.getOrDefault("total-records", "0")),
                Long.parseLong(summary.getOrDefault("total-data-files", "0")),
                Long.parseLong(summary.getOrDefault("total-files-size", "0")),
                totals,
                positions(),
                lastPublished(),
                BranchName.leftovers(table, Instant.MAX));
    }

    /** When Firn last published to it, as far as its history says; null: never. */
    public Instant lastPublished() {
        return TableVersion.of(table).stream()
                .filter(version -> version.run() != null)
                .map(TableVersion::committed)
                .findFirst()
                .orElseGet(() -> positions().values().stream()
                        .map(TopicPosition::published)
                        .max(Comparator.naturalOrder())
                        .orElse(null));
    }

    /** How many rows left it on purpose; the ledgers still count them. */
    public long removedRows() {
        return RemovedRows.of(table);
    }

    /**
     * Adds to a transaction of upkeep that rows leave on purpose with it. Such a transaction is all or nothing: it throws
     * Iceberg's CommitFailedException where anything else was committed since it began, and is to be made anew.
     */
    public static void removing(Transaction transaction, long rows) {
        RemovedRows.add(transaction, rows);
    }

    /**
     * A transaction on a table as it is now that is never re-applied to a later state: it throws Iceberg's
     * CommitFailedException where anything else was committed since it began, and is to be made anew.
     */
    public static Transaction allOrNothing(Table table) {
        Transaction transaction = table.newTransaction();
        RemovedRows.pin(transaction);
        return transaction;
    }

    /** Iceberg's own, for upkeep; like this table it shows a state until it is refreshed. */
    public Table table() {
        return table;
    }

    /** Those of a table's branches to which runs that began after {@code since} are writing, and mean to publish. */
    public static Set<String> publishing(Set<String> refs, Instant since) {
        Set<String> running = new TreeSet<>(refs);
        running.removeIf(branch -> !BranchName.isMadeAfter(branch, since));
        return running;
    }

    LedgerStore ledgers() {
        return ledgers;
    }

    /** The pipelines that have a ledger for this table. */
    SortedSet<String> pipelines() {
        SortedSet<String> pipelines = new TreeSet<>();
        for (String key : stateProperties()) {
            if (key.startsWith(LedgerPointer.PREFIX)) {
                pipelines.add(StatePointer.pipeline(key));
            }
        }
        return pipelines;
    }

    /** The properties that hold ledgers and positions. */
    SortedSet<String> stateProperties() {
        return table.properties().keySet().stream()
                .filter(StatePointer::isProperty)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The pipelines that have a position, each with what it is. */
    SortedMap<String, TopicPosition> positions() {
        SortedMap<String, TopicPosition> positions = new TreeMap<>();
        for (String key : stateProperties()) {
            if (state(key) instanceof PositionPointer position) {
                positions.put(StatePointer.pipeline(key), position.position());
            }
        }
        return positions;
    }

    /** The pointer that a property holds; null: there is no such property. */
    StatePointer state(String property) {
        String json = table.properties().get(property);
        return json == null ? null : StatePointer.parse(property, json);
    }

    PositionPointer positionPointer(String pipeline) {
        String property = StatePointer.positionProperty(pipeline);
        StatePointer pointer = state(property);
        if (pointer != null) {
            History.check(this, property, pointer);
        }
        return (PositionPointer) pointer;
    }

    LedgerPointer pointer(String pipeline) {
        return (LedgerPointer) state(StatePointer.ledgerProperty(pipeline));
    }
}
