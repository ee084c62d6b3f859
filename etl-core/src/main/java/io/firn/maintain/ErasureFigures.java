package io.firn.maintain;

import java.util.List;

/** What {@link RowErasure} finds, does, and proves. */
public final class ErasureFigures {
    private ErasureFigures() {}

    /**
     * Where rows are.
     *
     * @param stored rows in files that main or another reference names, those too that deletes hide
     * @param files how many files of main those are in
     * @param bytes the size of these files
     * @param refs tags and branches that show rows, or whose metadata remembers files that may have held them
     * @param older snapshots besides main's head
     */
    public record Found(long stored, int files, long bytes, List<String> refs, int older) {}

    /**
     * What was done.
     *
     * @param rows that main showed
     * @param files that were replaced
     * @param bytes the size of these files
     * @param manifests that were written anew
     */
    public record Erased(long rows, int files, int written, long bytes, int manifests, int snapshots) {
        /** The two together. */
        public Erased plus(Erased more) {
            return new Erased(
                    rows + more.rows,
                    files + more.files,
                    written + more.written,
                    bytes + more.bytes,
                    manifests + more.manifests,
                    snapshots + more.snapshots);
        }
    }

    /**
     * What reading all files that any snapshot names came to.
     *
     * @param rows that were read
     * @param matches rows that should not be there
     * @param manifests of main
     * @param stale those among them that remember removed files
     */
    public record Proof(int files, long rows, long matches, int manifests, int stale) {
        public boolean holds() {
            return matches == 0 && stale == 0;
        }
    }

    /**
     * Files that no snapshot names.
     *
     * @param listed whether the storage could be listed
     */
    public record Unnamed(int files, long bytes, boolean listed) {}
}
