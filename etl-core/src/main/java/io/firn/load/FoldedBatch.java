package io.firn.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.firn.change.SnapshotMark;
import io.firn.change.StrangeSchema;
import io.firn.table.StagedFile;

/**
 * What a batch of a topic came to, staged where nobody sees it yet. Counts close: {@code records} is the sum of
 * {@code rows}, {@code filtered}, {@code superseded}, {@code refused} and all of {@code skipped}.
 *
 * @param records read from Kafka
 * @param rows staged, one for each key where changes are folded
 * @param filtered rows that a filter left out; where rows are merged they are staged as deletes instead
 * @param superseded changes that a later one made void
 * @param skipped records that change no single row, by what they are
 * @param refused records in {@code quarantine}
 * @param unavailable the table's columns that some row does not know
 * @param first the least position of the rows, as text; null: there are none
 * @param truncated the last truncate, as text of its position; null: none
 * @param snapshots those of the whole table that rows were read of
 * @param mark of the last snapshot that rows were read of; null: of none
 * @param earliest the least place in PostgreSQL's log of a change that no snapshot read; {@code Long.MAX_VALUE}: none
 * @param logs the way of each partition's changes through the source's log, where they tell it
 * @param astray changes without a place in the log that are not where Kafka puts their key, though partitions were added
 * @param moved rows that go on under another key, as far as they were kept
 * @param tooLong whether more rows took another key than could be kept, and some need what they had under the former one
 * @param keyChanges those that the batch has a half of
 * @param strange the first schema of each partition that the columns do not take as it is, the oldest first: then what is
 *     staged is not what the records say
 * @param files data files of the table, where rows do not wait to be merged
 */
public record FoldedBatch(
        long records,
        long rows,
        long filtered,
        long superseded,
        SortedMap<String, Long> skipped,
        long refused,
        List<StagedFile> quarantine,
        Set<Integer> unavailable,
        String first,
        String truncated,
        Snapshots snapshots,
        SnapshotMark mark,
        long earliest,
        Map<Integer, LogTrail> logs,
        long astray,
        List<MovedRow> moved,
        boolean tooLong,
        KeyChanges keyChanges,
        List<StrangeSchema> strange,
        List<StagedFile> files) {

    static FoldedBatch of(Collection<ReadReport> read, Collection<FoldReport> folded) {
        SortedMap<String, Long> skipped = new TreeMap<>();
        List<StagedFile> quarantine = new ArrayList<>();
        read.forEach(report -> {
            report.skipped().forEach((kind, count) -> skipped.merge(kind, count, Long::sum));
            quarantine.addAll(report.quarantine());
        });
        folded.forEach(report -> quarantine.addAll(report.quarantine()));
        long changes = read.stream().mapToLong(ReadReport::changes).sum();
        long filtered = folded.stream().mapToLong(FoldReport::filtered).sum();
        long rows = folded.stream().mapToLong(FoldReport::rows).sum();
        long refusedByTransforms =
                folded.stream().mapToLong(FoldReport::refused).sum();
        return new FoldedBatch(
                read.stream().mapToLong(ReadReport::records).sum(),
                rows,
                filtered,
                changes
                        - rows
                        - filtered
                        - refusedByTransforms
                        + read.stream().mapToLong(ReadReport::superseded).sum(),
                skipped,
                refusedByTransforms
                        + read.stream().mapToLong(ReadReport::refused).sum(),
                quarantine,
                folded.stream()
                        .flatMap(report -> report.unavailable().stream().boxed())
                        .collect(Collectors.toSet()),
                folded.stream()
                        .map(FoldReport::first)
                        .filter(Objects::nonNull)
                        .min(String::compareTo)
                        .orElse(null),
                last(read.stream().map(ReadReport::truncated).toList()),
                Snapshots.of(read.stream().map(ReadReport::snapshots).toList()),
                read.stream().map(ReadReport::mark).reduce(null, SnapshotMark::later),
                read.stream().mapToLong(ReadReport::earliest).min().orElse(Long.MAX_VALUE),
                logs(read),
                read.stream().mapToLong(ReadReport::astray).sum(),
                folded.stream().flatMap(report -> report.moved().stream()).toList(),
                folded.stream().anyMatch(report -> report.forgotten() > 0)
                        && folded.stream().anyMatch(report -> report.lacking() > 0),
                KeyChanges.of(read.stream().map(ReadReport::keyChanges).toList()),
                firsts(read),
                folded.stream().flatMap(report -> report.files().stream()).toList());
    }

    /**
     * Where the batch has to end, by partition, so that it holds no half of a change of a key without the other.
     *
     * @param partitions all of the topic
     * @param atEnd whether it ends where the topic does
     * @param since deletes that were written before, in milliseconds, do not wait for their other half
     */
    public SortedMap<Integer, Long> ends(Set<Integer> partitions, boolean atEnd, long since) {
        return keyChanges.ends(partitions, atEnd, since);
    }

    /** Whether changes were told apart from rows of a snapshot that is not among {@code marks}, and may be older. */
    public boolean needs(List<SnapshotMark> marks) {
        return mark != null && earliest < mark.at().log() && !marks.contains(mark);
    }

    /**
     * The partitions where rows of the snapshot that the batch ended with cannot be told from what was written after it:
     * it has no row there, and PostgreSQL sends transactions as they commit.
     */
    public Set<Integer> unreached(Set<Integer> partitions) {
        Set<Integer> left = new TreeSet<>(mark == null ? Set.of() : partitions);
        left.removeAll(mark == null ? Set.of() : mark.from().keySet());
        return left;
    }

    /** More than one task may have read a partition. */
    private static Map<Integer, LogTrail> logs(Collection<ReadReport> read) {
        Map<Integer, LogTrail> logs = new HashMap<>();
        read.stream()
                .flatMap(report -> report.logs().entrySet().stream())
                .sorted(Comparator.comparingLong(
                        entry -> entry.getValue().first().offset()))
                .forEach(entry -> logs.merge(entry.getKey(), entry.getValue(), LogTrail::then));
        return logs;
    }

    private static List<StrangeSchema> firsts(Collection<ReadReport> read) {
        Map<Integer, StrangeSchema> first = new HashMap<>();
        read.forEach(report -> report.strange()
                .forEach(strange -> first.merge(
                        strange.partition(), strange, (one, other) -> one.offset() <= other.offset() ? one : other)));
        return first.values().stream().sorted(StrangeSchema.OLDEST_FIRST).toList();
    }

    /** Positions' text is in the positions' order. */
    private static String last(List<String> positions) {
        return positions.stream().filter(p -> p != null).max(String::compareTo).orElse(null);
    }
}
