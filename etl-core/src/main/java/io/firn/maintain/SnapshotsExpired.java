package io.firn.maintain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What expiry did.
 *
 * @param expired snapshots that went, or would
 * @param kept snapshots that stay
 * @param before those made before that time went, but for branches, tags and the least number
 * @param heldBy the reader's tag for which younger ones stayed; null: none
 * @param dataFiles that were deleted
 * @param deleteFiles that were deleted
 * @param manifests and lists of manifests that were deleted
 * @param refused why nothing was done; null: nothing kept it from being done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotsExpired(
        Status status,
        int expired,
        int kept,
        Instant before,
        String heldBy,
        long dataFiles,
        long deleteFiles,
        long manifests,
        String refused)
        implements Maintained {

    static SnapshotsExpired refused(String why) {
        return new SnapshotsExpired(Status.REFUSED, 0, 0, null, null, 0, 0, 0, why);
    }

    @Override
    @JsonIgnore
    public String summary() {
        if (status == Status.REFUSED) {
            return refused;
        }
        String held =
                heldBy == null ? "" : "; tag " + heldBy + " keeps all since " + before.truncatedTo(ChronoUnit.SECONDS);
        return switch (status) {
            case NOTHING_TO_DO -> "all %,d snapshots are to be kept%s".formatted(kept, held);
            case PLANNED -> "would expire %,d snapshots and keep %,d%s".formatted(expired, kept, held);
            default ->
                "expired %,d snapshots, kept %,d; deleted %,d data files, %,d delete files, %,d manifests%s"
                        .formatted(expired, kept, dataFiles, deleteFiles, manifests, held);
        };
    }
}
