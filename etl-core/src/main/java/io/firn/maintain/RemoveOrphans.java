package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.LocationUtil;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.OrphanSearch.Found;
import io.firn.maintain.RemovedOrphans.Size;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.Orphans;

/**
 * Removes files under a table's location that no snapshot names, and what dead runs left: branches, staged data,
 * superseded ledgers. Files that are younger than a floor stay: a running job may be about to commit them.
 *
 * @param neighbours the tables of the table's catalog
 * @param olderThan how old a file has to be; null: as the table says ({@link Orphans#OLDER_THAN}), else three days
 * @param floor whether {@code olderThan} may be less than three days
 * @param maxShare the part of the files or bytes under the location that may go at once, 0.3; with fewer than a hundred
 *     to go it is not asked
 * @param inventory the address of an S3 Inventory's manifest.json that says what lies there; null: the store is asked
 */
public record RemoveOrphans(
        Neighbours neighbours, Duration olderThan, AgeFloor floor, double maxShare, String inventory) implements Verb {
    /** The part of a table's files or bytes that may go at once. */
    public static final double MAX_SHARE = 0.3;

    static final Logger LOG = LoggerFactory.getLogger(RemoveOrphans.class);

    private static final int NEVER_TOO_MANY = 100;

    /** Throws IllegalArgumentException when a part of it makes no sense. */
    public RemoveOrphans {
        if (!(maxShare >= 0 && maxShare <= 1)) {
            throw new IllegalArgumentException(
                    "the share of a table that may be removed is between 0 and 1, not " + maxShare);
        }
        if (olderThan != null && olderThan.isNegative()) {
            throw new IllegalArgumentException("files cannot be older than " + olderThan);
        }
    }

    /** As tables and defaults say. */
    public static RemoveOrphans of(Neighbours neighbours) {
        return new RemoveOrphans(neighbours, null, AgeFloor.KEPT, MAX_SHARE, null);
    }

    @Override
    public String name() {
        return "remove-orphans";
    }

    @Override
    public Maintained run(SparkSession spark, LakeTable lake, Execution execution) {
        RemovedOrphans.Draft result = new RemovedOrphans.Draft();
        try {
            lake.refresh();
            Duration age = floor.age(lake, olderThan);
            checkDeletable(lake.table());
            stop(lake, "begin");
            LakeCatalog catalog = neighbours.catalog();
            Instant now = StoreClock.now(folder(lake), catalog.hadoop());
            Duration ledgerAge = age.compareTo(Orphans.FLOOR) > 0 ? age : Orphans.FLOOR;
            result.reaped(Reaping.of(lake, catalog, now, now.minus(ledgerAge), execution));
            stop(lake, "list");
            S3Inventory given = inventory == null ? null : S3Inventory.read(spark, inventory);
            List<ListedFile> listed = given == null
                    ? Listing.of(lake.table())
                    : given.files(LocationUtil.stripTrailingSlash(lake.table().location()));
            result.listed(listed);
            stop(lake, String.format("listed %,d files", listed.size()));
            Instant known = given != null && given.created().isBefore(now) ? given.created() : now;
            Found found = new OrphanSearch(spark, lake, listed).find(known.minus(age), neighbours);
            result.found(found, notes(lake.table()));
            checkShare(Size.of(found.orphans()), result.listed());
            return execution == Execution.DO ? remove(lake, found, result) : result.planned(found.orphans());
        } catch (Refused e) {
            LOG.warn("firn {} {}: refused, {}", name(), lake.name(), e.getMessage());
            return result.refused(e.getMessage());
        }
    }

    private Maintained remove(LakeTable lake, Found found, RemovedOrphans.Draft result) {
        OrphanRemoval removal = new OrphanRemoval(lake, found.live());
        if (!found.orphans().isEmpty()) {
            stop(lake, "write down");
            result.writtenDown(OrphanRemoval.writeDown(
                    found.orphans(), folder(lake), neighbours.catalog().hadoop()));
            stop(lake, "remove");
            removal.remove(found.orphans());
        }
        stop(lake, "end");
        return result.done(removal);
    }

    private void stop(LakeTable lake, String where) {
        LOG.info("firn {} {}: {}", name(), lake.name(), where);
    }

    private static void checkDeletable(Table table) {
        if (!PropertyUtil.propertyAsBoolean(table.properties(), TableProperties.GC_ENABLED, true)) {
            throw new Refused("the table has gc.enabled=false, so other tables may need its files; set gc.enabled=true"
                    + " when none does");
        }
    }

    private void checkShare(Size go, Size all) {
        if (go.files() >= NEVER_TOO_MANY
                && (go.files() > maxShare * all.files() || go.bytes() > maxShare * all.bytes())) {
            throw new Refused(String.format(
                    "%s of the %s under the location would go, more than the share of %s that may go at once; see with"
                            + " --dry-run --max-share 1 which they are, and if that is right, run with a higher --max-share",
                    go, all, maxShare));
        }
    }

    /** Where Firn keeps what belongs to the upkeep of a table; in no warehouse. */
    private Path folder(LakeTable lake) {
        return new Path(
                new Path(neighbours.catalog().state(), "maintenance"),
                lake.name().text());
    }

    private static List<String> notes(Table table) {
        String location = ListedFile.key(table.location());
        return Stream.of(TableProperties.WRITE_DATA_LOCATION, TableProperties.WRITE_METADATA_LOCATION)
                .map(table.properties()::get)
                .filter(folder -> folder != null && !ListedFile.isBelow(ListedFile.key(folder), location))
                .map(folder -> "not looked at, since other tables may use it, too: " + folder)
                .toList();
    }
}
