package io.firn.table;

import java.util.List;

/** How staged data meets a table's rows. */
public sealed interface Write permits Write.AddFiles, Write.ReplaceAll, Merge {

    /** Adds staged files; none: only the table's state changes. */
    record AddFiles(List<StagedFile> files) implements Write {
        public AddFiles {
            files = List.copyOf(files);
        }
    }

    /** Puts staged files in the place of all rows. */
    record ReplaceAll(List<StagedFile> files) implements Write {
        public ReplaceAll {
            files = List.copyOf(files);
        }
    }
}
