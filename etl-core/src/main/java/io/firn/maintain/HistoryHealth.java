package io.firn.maintain;

import java.time.Duration;
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
 * @param ages how many snapshots are of which age
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
        List<Aged> ages,
        List<Ref> refs,
        long metadataBytes,
        int metadataFiles,
        int manifests,
        long manifestBytes,
        int smallManifests) {

    private static final Duration[] BELOW = {
        Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(100_000)
    };
    private static final String[] NAMES = {"the last hour", "the last day", "the last week", "the last month", "older"};

    /** How many snapshots were made in a time, and not in a shorter one. */
    public record Aged(String made, int snapshots) {}

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
                ages(times),
                refs,
                table.io().newInputFile(metadata.metadataFileLocation()).getLength(),
                metadata.previousFiles().size(),
                manifests.size(),
                manifests.stream().mapToLong(ManifestFile::length).sum(),
                (int) manifests.stream()
                        .filter(manifest -> isSmall(manifest, table))
                        .count());
    }

    private static List<Aged> ages(List<Instant> times) {
        int[] counts = new int[BELOW.length];
        Instant now = Instant.now();
        for (Instant time : times) {
            int bin = 0;
            while (Duration.between(time, now).compareTo(BELOW[bin]) > 0) {
                bin++;
            }
            counts[bin]++;
        }
        List<Aged> ages = new ArrayList<>();
        for (int bin = 0; bin < counts.length; bin++) {
            ages.add(new Aged(NAMES[bin], counts[bin]));
        }
        return ages;
    }

    /** Whether a manifest is much smaller than the table's are to be. */
    static boolean isSmall(ManifestFile manifest, Table table) {
        return manifest.length() < manifestTarget(table) / 2;
    }

    static long manifestTarget(Table table) {
        return PropertyUtil.propertyAsLong(table.properties(), "commit.manifest.target-size-bytes", 8L << 20);
    }
}
