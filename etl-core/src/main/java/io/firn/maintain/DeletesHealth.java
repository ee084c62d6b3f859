package io.firn.maintain;

import java.util.ArrayList;
import java.util.List;

/**
 * What says that rows of data files are gone.
 *
 * @param positionFiles position delete files
 * @param vectors deletion vectors
 * @param equalityFiles equality delete files
 * @param bytes of all of them
 * @param dangling of data files that the table holds no more
 * @param perFile how many data files need how many of them to be read
 */
public record DeletesHealth(
        long positionFiles, long vectors, long equalityFiles, long bytes, long dangling, List<PerFile> perFile) {
    private static final int[] UP_TO = {0, 1, 5, 20, 100, Integer.MAX_VALUE};
    private static final String[] NAMES = {"none", "1", "2 - 5", "6 - 20", "21 - 100", "more than 100"};

    /** Data files that need so many deletes. */
    public record PerFile(String deletes, long files) {}

    static DeletesHealth of(TableFiles files) {
        long[] counts = new long[UP_TO.length];
        for (PartitionFiles partition : files.partitions()) {
            for (FileFacts file : partition.files()) {
                int bin = 0;
                while (file.deleteFiles() > UP_TO[bin]) {
                    bin++;
                }
                counts[bin]++;
            }
        }
        List<PerFile> perFile = new ArrayList<>();
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                perFile.add(new PerFile(NAMES[bin], counts[bin]));
            }
        }
        return new DeletesHealth(
                files.positionDeleteFiles(),
                files.deletionVectors(),
                files.equalityDeleteFiles(),
                files.deleteBytes(),
                files.danglingDeletes(),
                perFile);
    }
}
