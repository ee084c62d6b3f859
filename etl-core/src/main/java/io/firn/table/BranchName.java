package io.firn.table;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;

/** The branches that publications write to before main sees them; a name says when its run made it. */
final class BranchName {
    private static final Pattern NAME = Pattern.compile("firn_[0-9a-f]{12}_([0-9a-f]{11,12})[0-9a-f]{8}");
    private static final int DROP_TRIES = 5;

    private BranchName() {}

    /** Names one try: the time, so that leftovers can be told from running ones, and chance. */
    static String attempt() {
        return Long.toHexString(System.currentTimeMillis())
                + UUID.randomUUID().toString().substring(0, 8);
    }

    static String of(String commit, String attempt) {
        return "firn_" + commit.substring(0, 12) + "_" + attempt;
    }

    static List<String> leftovers(Table table, Instant before) {
        return table.refs().keySet().stream()
                .filter(name -> {
                    Instant made = made(name);
                    return made != null && made.isBefore(before);
                })
                .sorted()
                .toList();
    }

    static boolean isMadeAfter(String branch, Instant since) {
        Instant made = made(branch);
        return made != null && made.isAfter(since);
    }

    /** When a publication made it; null: it is not one of ours. */
    private static Instant made(String branch) {
        Matcher match = NAME.matcher(branch);
        return match.matches() ? Instant.ofEpochMilli(Long.parseLong(match.group(1), 16)) : null;
    }

    /** Drops a branch if that is possible now; a leftover is harmless until {@link #leftovers} are dropped. */
    static boolean drop(Table table, String branch) {
        for (int tries = 0; tries < DROP_TRIES; tries++) {
            try {
                table.refresh();
                if (!table.refs().containsKey(branch)) {
                    return true;
                }
                table.manageSnapshots().removeBranch(branch).commit();
                return true;
            } catch (CommitFailedException e) {
                LakeTable.LOG.debug("branch {} not dropped yet: the table changed", branch);
            } catch (RuntimeException e) {
                if (!Unanswered.is(e)) {
                    LakeTable.LOG.info("branch {} is left behind", branch, e);
                    return false;
                }
                Backoff.pause(tries);
            }
        }
        return false;
    }
}
