package io.firn.maintain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.PropertyUtil;

import io.firn.table.LakeTable;

/**
 * What a table keeps of its past, and the metadata that each query reads before it reads data.
 *
 * @param snapshots how many there are
 * @param oldest when the first of them was made; null: there is none
 * @param newest when the last was made
 * @param refs branches and tags beside main
 * @param metadataBytes size of the current metadata.json
 * @param metadataFiles earlier ones that are kept
 * @param manifests of the current snapshot
 * @param manifestBytes their size
 * @param smallManifests those that could be joined with others
 */
public record HistoryHealth(
        int snapshots,
        Instant oldest,
        Instant newest,
        List<Ref> refs,
        long metadataBytes,
        int metadataFiles,
        int manifests,
        long manifestBytes,
        int smallManifests) {

    /** A branch or tag, and when its snapshot was made. */
    public record Ref(String name, String kind, Instant snapshot) {}

    static HistoryHealth of(LakeTable lake, List<ManifestFile> manifests) {
        Table table = lake.table();
        TableMetadata metadata = ((HasTableOperations) table).operations().current();
        List<Instant> times = new ArrayList<>();
        for (Snapshot snapshot : table.snapshots()) {
            times.add(Instant.ofEpochMilli(snapshot.timestampMillis()));
        }
        times.sort(Comparator.naturalOrder());
        List<Ref> refs = new ArrayList<>();
        table.refs().forEach((name, ref) -> {
            if (!name.equals(SnapshotRef.MAIN_BRANCH)) {
                Snapshot at = table.snapshot(ref.snapshotId());
                refs.add(new Ref(
                        name,
                        ref.isTag() ? "tag" : "branch",
                        at == null ? null : Instant.ofEpochMilli(at.timestampMillis())));
            }
        });
        refs.sort(Comparator.comparing(Ref::name));
        return new HistoryHealth(
                times.size(),
                times.isEmpty() ? null : times.get(0),
                times.isEmpty() ? null : times.get(times.size() - 1),
                refs,
                table.io().newInputFile(metadata.metadataFileLocation()).getLength(),
                metadata.previousFiles().size(),
                manifests.size(),
                manifests.stream().mapToLong(ManifestFile::length).sum(),
                (int) manifests.stream()
                        .filter(manifest -> isSmall(manifest, table))
                        .count());
    }

    /** Whether a manifest is much smaller than the table's are to be. */
    static boolean isSmall(ManifestFile manifest, Table table) {
        return manifest.length() < manifestTarget(table) / 2;
    }

    static long manifestTarget(Table table) {
        return PropertyUtil.propertyAsLong(table.properties(), "commit.manifest.target-size-bytes", 8L << 20);
    }
}
