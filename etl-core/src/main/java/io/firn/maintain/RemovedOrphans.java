package io.firn.maintain;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.firn.maintain.OrphanSearch.Found;

/**
 * What {@link RemoveOrphans} did to a table, or would do.
 *
 * @param status how it ended
 * @param refusal why nothing was removed; null: it was safe
 * @param listed files under the table's location, and what they hold
 * @param candidates files to remove, and what they hold
 * @param removed those of them that are gone
 * @param failed those that could not be deleted
 * @param kept files that no snapshot of the table named and that stay all the same, by reason
 * @param manifest where it is written which files were to be removed; null: none were
 * @param branches of dead runs that were dropped
 * @param staging folders of dead runs' staged data that were dropped
 * @param ledgers superseded files of ledgers that were dropped
 * @param notes what else to know: candidates of a dry run, folders that were not looked at
 */
public record RemovedOrphans(
        Status status,
        String refusal,
        Size listed,
        Size candidates,
        long removed,
        long failed,
        SortedMap<String, Long> kept,
        String manifest,
        List<String> branches,
        List<String> staging,
        List<String> ledgers,
        List<String> notes)
        implements Maintained {

    /** How much that is. */
    public record Size(long files, long bytes) {
        static final Size NONE = new Size(0, 0);

        static Size of(List<ListedFile> files) {
            return new Size(
                    files.size(), files.stream().mapToLong(ListedFile::bytes).sum());
        }

        @Override
        public String toString() {
            return String.format("%,d files (%,d bytes)", files, bytes);
        }
    }

    /** What is known of it while it goes on. */
    static final class Draft {
        private static final int SHOWN = 50;

        private final SortedMap<String, Long> kept = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();
        private Reaping reaped = new Reaping(List.of(), List.of(), List.of());
        private Size listed = Size.NONE;
        private Size candidates = Size.NONE;
        private long removed;
        private long failed;
        private String manifest;

        void reaped(Reaping what) {
            reaped = what;
        }

        void listed(List<ListedFile> files) {
            listed = Size.of(files);
        }

        Size listed() {
            return listed;
        }

        void found(Found found, List<String> more) {
            candidates = Size.of(found.orphans());
            kept.putAll(found.kept());
            notes.addAll(more);
        }

        void writtenDown(String where) {
            manifest = where;
        }

        RemovedOrphans refused(String why) {
            return end(Status.REFUSED, why);
        }

        RemovedOrphans planned(List<ListedFile> orphans) {
            orphans.stream().limit(SHOWN).forEach(file -> notes.add("would remove " + file.location()));
            if (orphans.size() > SHOWN) {
                notes.add(String.format("and %,d more", orphans.size() - SHOWN));
            }
            return end(orphans.isEmpty() && reaped.isEmpty() ? Status.NOTHING_TO_DO : Status.PLANNED, null);
        }

        RemovedOrphans done(OrphanRemoval removal) {
            removed = removal.removed();
            failed = removal.failed();
            if (removal.spared() > 0) {
                kept.put("named by a table by the time they were to go", removal.spared());
            }
            if (failed > 0) {
                return end(Status.PARTLY, null);
            }
            return end(removed == 0 && reaped.isEmpty() ? Status.NOTHING_TO_DO : Status.DONE, null);
        }

        private RemovedOrphans end(Status status, String refusal) {
            return new RemovedOrphans(
                    status,
                    refusal,
                    listed,
                    candidates,
                    removed,
                    failed,
                    kept,
                    manifest,
                    reaped.branches(),
                    reaped.staging(),
                    reaped.ledgers(),
                    List.copyOf(notes));
        }
    }

    @Override
    public String summary() {
        String files =
                switch (status) {
                    case REFUSED -> "nothing was removed: " + refusal;
                    case PLANNED -> "would remove " + candidates + " of " + listed;
                    case DONE -> String.format("removed %,d of %s", removed, candidates);
                    case PARTLY ->
                        String.format(
                                "removed %,d of %s, %,d could not be deleted; the next run tries again",
                                removed, candidates, failed);
                    case NOTHING_TO_DO -> "no orphans among " + listed;
                };
        List<String> parts = new ArrayList<>(List.of(files));
        long stay = kept.values().stream().mapToLong(Long::longValue).sum();
        if (stay > 0) {
            parts.add(String.format("kept %,d that are not named", stay));
        }
        if (!branches.isEmpty()) {
            parts.add(branches.size() + " branches of dead runs");
        }
        if (!staging.isEmpty()) {
            parts.add(staging.size() + " folders of dead runs");
        }
        if (!ledgers.isEmpty()) {
            parts.add(ledgers.size() + " superseded ledger files");
        }
        return String.join("; ", parts);
    }

    @Override
    public List<String> details() {
        Stream<String> reaped = Stream.of(
                        branches.stream().map(branch -> "branch " + branch),
                        staging.stream().map(folder -> "staged data " + folder),
                        ledgers.stream().map(file -> "superseded ledger " + file))
                .flatMap(lines -> lines);
        List<String> lines = new ArrayList<>();
        if (manifest != null) {
            lines.add("what was removed is listed in " + manifest);
        }
        kept.forEach((why, count) -> lines.add(String.format("kept %,d: %s", count, why)));
        lines.addAll(notes);
        lines.addAll(reaped.toList());
        return lines;
    }
}
