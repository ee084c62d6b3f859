package io.firn.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.firn.table.SourceFile;

/** What one task reads: whole files and slices of large plain files. */
public record Bundle(List<Slice> slices) implements Serializable {
    public Bundle {
        slices = List.copyOf(slices);
    }

    /** The bytes [start, end) of a file; lines that begin in them belong to the slice. */
    public record Slice(SourceFile file, long start, long end) implements Serializable {
        /** Whether it is the whole file, which alone may be compressed. */
        public boolean isWhole() {
            return start == 0 && end == file.size();
        }

        public long bytes() {
            return end - start;
        }
    }

    public long bytes() {
        return slices.stream().mapToLong(Slice::bytes).sum();
    }

    /** Fills bundles of about {@code target} bytes in listing order; cuts the files that {@code splittable} allows. */
    static List<Bundle> pack(List<SourceFile> files, Predicate<SourceFile> splittable, long target) {
        List<Bundle> bundles = new ArrayList<>();
        List<Slice> open = new ArrayList<>();
        long room = target;
        for (SourceFile file : files) {
            long step = file.size() > target && splittable.test(file) ? target : Math.max(file.size(), 1);
            for (long start = 0; start == 0 || start < file.size(); start += step) {
                Slice slice = new Slice(file, start, Math.min(start + step, file.size()));
                if (slice.bytes() > room && !open.isEmpty()) {
                    bundles.add(new Bundle(open));
                    open.clear();
                    room = target;
                }
                open.add(slice);
                room -= slice.bytes();
            }
        }
        if (!open.isEmpty()) {
            bundles.add(new Bundle(open));
        }
        return bundles;
    }
}
