package io.firn.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.firn.maintain.ColumnHealth;
import io.firn.maintain.CompactionStep;
import io.firn.maintain.DeletesHealth;
import io.firn.maintain.HistoryHealth;
import io.firn.maintain.PartitionHealth;
import io.firn.maintain.SizeHistogram;
import io.firn.maintain.TableHealth;
import io.firn.table.FileSize;

/** A table's health for people at a terminal. */
final class HealthText {
    private static final int BAR = 40;
    private static final int MOST_PARTITIONS = 15;
    private static final int MOST_COLUMNS = 15;

    private final StringBuilder out = new StringBuilder();
    private final TableHealth health;

    private HealthText(TableHealth health) {
        this.health = health;
    }

    static String of(TableHealth health) {
        return new HealthText(health).text();
    }

    private String text() {
        line("%s (format %d)", health.table(), health.formatVersion());
        if (health.snapshot() == null) {
            line("  no snapshot yet");
            return out.toString();
        }
        line(
                "  %,d rows stored, %,d of them deleted (%s); %,d data files, %s; %d partitions",
                health.rows(),
                health.deletedRows(),
                percent(health.deletedRows(), health.rows()),
                health.cost().files(),
                FileSize.text(health.cost().bytes()),
                health.partitions().size());
        line("  a full scan costs %s: what it reads, and 4 MiB for each file that it opens", cost());
        line("");
        sizes();
        deletes(health.deletes());
        history(health.history());
        columns();
        partitions();
        outlook();
        return out.toString();
    }

    private String cost() {
        return FileSize.text(health.cost().total());
    }

    private void sizes() {
        line("file sizes");
        long most = health.sizes().shown().stream()
                .mapToLong(SizeHistogram.Bin::files)
                .max()
                .orElse(1);
        for (SizeHistogram.Bin bin : health.sizes().shown()) {
            line("  %-17s %,9d  %9s  %s", bin.sizes(), bin.files(), FileSize.text(bin.bytes()), bar(bin.files(), most));
        }
        line("");
    }

    private void deletes(DeletesHealth deletes) {
        if (deletes.positionFiles() + deletes.vectors() + deletes.equalityFiles() == 0) {
            line("no delete files");
            line("");
            return;
        }
        line(
                "deletes: %,d position delete files, %,d deletion vectors, %,d equality delete files, %s%s",
                deletes.positionFiles(),
                deletes.vectors(),
                deletes.equalityFiles(),
                FileSize.text(deletes.bytes()),
                deletes.dangling() == 0 ? "" : "; %,d of data files that are gone".formatted(deletes.dangling()));
        long most = deletes.perFile().stream()
                .mapToLong(DeletesHealth.PerFile::files)
                .max()
                .orElse(1);
        for (DeletesHealth.PerFile bin : deletes.perFile()) {
            line("  %-17s %,9d data files  %s", bin.deletes(), bin.files(), bar(bin.files(), most));
        }
        line("");
    }

    private void history(HistoryHealth history) {
        line(
                "%,d snapshots, the oldest %s; %,d manifests, %s, %,d of them small; metadata.json %s, %,d earlier ones",
                history.snapshots(),
                age(history.oldest()),
                history.manifests(),
                FileSize.text(history.manifestBytes()),
                history.smallManifests(),
                FileSize.text(history.metadataBytes()),
                history.metadataFiles());
        history.refs().forEach(ref -> line("  %s %s, %s", ref.kind(), ref.name(), age(ref.snapshot())));
        line("");
    }

    private void columns() {
        TextTable table = new TextTable("column", "type", "bytes", "share", "nulls", "compression");
        List<ColumnHealth> all = health.columns();
        all.stream()
                .limit(MOST_COLUMNS)
                .forEach(column -> table.row(
                        column.column(),
                        column.type(),
                        FileSize.text(column.bytes()),
                        percent(column.bytes(), Math.round(column.bytes() / Math.max(1e-12, column.share()))),
                        percent(column.nulls(), column.values()),
                        column.compression() == null
                                ? null
                                : String.format(Locale.ROOT, "%.1f times", column.compression())));
        out.append(table.print());
        more(all.size() - MOST_COLUMNS, "columns");
        line("");
    }

    private void partitions() {
        boolean ordered = !health.ordering().isEmpty();
        TextTable table = new TextTable(
                "partition",
                "files",
                "small",
                "sizes",
                "bytes",
                "deletes",
                "deleted rows",
                ordered ? "files a search opens" : "",
                "written",
                "scan costs",
                "could cost");
        for (PartitionHealth partition :
                health.partitions().stream().limit(MOST_PARTITIONS).toList()) {
            table.row(
                    partition.partition().isEmpty() ? "(the table)" : partition.partition(),
                    partition.cost().files(),
                    partition.smallFiles(),
                    partition.sizes().sparkline(),
                    FileSize.text(partition.cost().bytes()),
                    partition.cost().deleteFiles(),
                    partition.deletedRows(),
                    ordered ? partition.depth() : null,
                    age(partition.lastWritten()),
                    FileSize.text(partition.cost().total()),
                    partition.steps().isEmpty()
                            ? null
                            : FileSize.text(partition.after().total()));
        }
        out.append(table.print());
        more(health.partitions().size() - MOST_PARTITIONS, "partitions");
        line("");
    }

    private void outlook() {
        if (health.outlook().isEmpty()) {
            line("compaction: no rewrite is worth it");
        }
        for (TableHealth.Outlook way : health.outlook()) {
            line(
                    "compaction, %s: %d partitions, %s to rewrite; a scan would cost %s%s",
                    name(way.how()),
                    way.partitions(),
                    FileSize.text(way.bytes()),
                    FileSize.text(way.after().total()),
                    way.ordering() == 0
                            ? ""
                            : ", a search by %s read %s less"
                                    .formatted(String.join(", ", health.ordering()), FileSize.text(way.ordering())));
        }
        health.hot().forEach(partition -> line("hot, left until it cools: %s", partition));
    }

    static String name(CompactionStep.How how) {
        return how.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void more(int left, String what) {
        if (left > 0) {
            line("and %,d more %s; --output json has all", left, what);
        }
    }

    private static String bar(long value, long most) {
        return "#".repeat((int) Math.max(value == 0 ? 0 : 1, value * BAR / Math.max(1, most)));
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "0 %" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    private static String age(Instant time) {
        return time == null ? "long ago" : Ages.text(Duration.between(time, Instant.now()));
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
