package io.firn.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import io.firn.Maintenance;
import io.firn.maintain.AgeFloor;
import io.firn.maintain.CompactFiles;
import io.firn.maintain.CompactFiles.Extent;
import io.firn.maintain.Compacted;
import io.firn.maintain.ComputeStatistics;
import io.firn.maintain.ExpireData;
import io.firn.maintain.ExpireSnapshots;
import io.firn.maintain.Neighbours;
import io.firn.maintain.RemoveOrphans;
import io.firn.maintain.RewriteManifests;
import io.firn.maintain.Verb;
import io.firn.table.FileSize;
import io.firn.table.LakeCatalog;

@Command(
        name = "maintain",
        description = {
            "Keep tables in shape. May run beside anything that writes to them, and again after it was killed.",
            "firn health shows what there is to do."
        },
        subcommands = {
            MaintainCommand.Compact.class,
            MaintainCommand.Snapshots.class,
            MaintainCommand.Data.class,
            MaintainCommand.OrphanFiles.class,
            MaintainCommand.Manifests.class,
            MaintainCommand.Statistics.class,
            MaintainCommand.All.class
        })
final class MaintainCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "maintain what? compact, expire-snapshots, ... or all; firn help maintain lists them");
    }

    Shared shared() {
        return firn.shared();
    }

    /** How much a job may rewrite, whatever the number of tables. */
    static final class Budget {
        @Option(
                names = "--max-bytes",
                paramLabel = "SIZE",
                description = "Rewrite no more than that, 100GB; what gains most for each byte comes first.")
        private FileSize most;

        @Option(
                names = "--max-duration",
                paramLabel = "TIME",
                description = "Begin no further rewrite after that time, 30m.")
        private Duration longest;

        private final Instant began = Instant.now();

        /** What is left of it for the next table. */
        CompactFiles compaction(Extent extent, List<Maintenance.Table> done) {
            long used = done.stream()
                    .flatMap(table -> table.actions().stream())
                    .mapToLong(action -> action.result() instanceof Compacted c
                            ? c.rewritten().bytes()
                            : 0)
                    .sum();
            Duration left = longest == null ? null : longest.minus(Duration.between(began, Instant.now()));
            return new CompactFiles(
                    extent,
                    most == null ? null : Math.max(0, most.bytes() - used),
                    left != null && left.isNegative() ? Duration.ZERO : left);
        }
    }

    /** How orphans are told and removed. */
    static final class OrphanOptions {
        @Option(
                names = "--older-than",
                paramLabel = "TIME",
                description = "How old files have to be (default: the table's orphans.older-than, else 3d).")
        private Duration olderThan;

        @Option(
                names = "--below-floor",
                description = "Let --older-than be less than three days: only while nothing writes to the tables.")
        private boolean belowFloor;

        @Option(
                names = "--max-share",
                paramLabel = "SHARE",
                defaultValue = "0.3",
                description =
                        "Refuse to remove 100 files or more that are more than that part of a table's files or bytes"
                                + " (default: 0.3).")
        private double maxShare;

        @Option(
                names = "--inventory",
                paramLabel = "ADDRESS",
                description = "Take the files from an S3 Inventory, by the address of its manifest.json.")
        private String inventory;

        private final Map<LakeCatalog, Neighbours> neighbours = new HashMap<>();

        RemoveOrphans removal(LakeCatalog catalog) {
            return new RemoveOrphans(
                    neighbours.computeIfAbsent(catalog, Neighbours::of),
                    olderThan,
                    belowFloor ? AgeFloor.OVERRIDDEN : AgeFloor.KEPT,
                    maxShare,
                    inventory);
        }
    }

    /** A verb that has no options of its own. */
    abstract static class Plain implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        abstract Verb verb();

        @Override
        public Integer call() {
            return upkeep.run(maintain.shared(), verb().name(), (catalog, done) -> List.of(verb()));
        }
    }

    @Command(
            name = "compact",
            description = {
                "Rewrite small files, files many of whose rows are deleted, files out of order, and scattered deletes,",
                "where ten scans are spared as much as is rewritten."
            })
    static final class Compact implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Mixin
        private Budget budget;

        @Option(
                names = "--rewrite-all",
                description =
                        "Rewrite all files, so that they follow what the table says now: partitioning, order, codec.")
        private boolean all;

        @Override
        public Integer call() {
            Extent extent = all ? Extent.ALL : Extent.WORTH_IT;
            return upkeep.run(
                    maintain.shared(), "compact", (catalog, done) -> List.of(budget.compaction(extent, done)));
        }
    }

    @Command(
            name = "expire-snapshots",
            description = {
                "Forget states of tables that are older than retention.snapshots says, and delete files that only they",
                "held. Tags and branches stay; a tag consumer-NAME keeps all that came after it."
            })
    static final class Snapshots extends Plain {
        @Override
        Verb verb() {
            return new ExpireSnapshots();
        }
    }

    @Command(
            name = "expire-data",
            description = "Take out partitions that are older than retention.data says, without reading their files.")
    static final class Data extends Plain {
        @Override
        Verb verb() {
            return new ExpireData();
        }
    }

    @Command(
            name = "remove-orphans",
            description = {
                "Remove files under tables' locations that no state of them names, and what dead runs left: branches,",
                "staged data, superseded ledgers. What is removed is written down first."
            })
    static final class OrphanFiles implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Mixin
        private OrphanOptions options;

        @Override
        public Integer call() {
            return upkeep.run(
                    maintain.shared(), "remove-orphans", (catalog, done) -> List.of(options.removal(catalog)));
        }
    }

    @Command(name = "rewrite-manifests", description = "Join small manifests, so that queries plan faster.")
    static final class Manifests extends Plain {
        @Override
        Verb verb() {
            return new RewriteManifests();
        }
    }

    @Command(
            name = "compute-statistics",
            description =
                    "Count the distinct values of columns, for planners of joins, once a tenth of the rows changed.")
    static final class Statistics extends Plain {
        @Override
        Verb verb() {
            return new ComputeStatistics();
        }
    }

    @Command(
            name = "all",
            description =
                    "All of them: data, files, manifests, snapshots, orphans, statistics, each as tables need it.")
    static final class All implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Mixin
        private Budget budget;

        private final Map<LakeCatalog, Neighbours> neighbours = new HashMap<>();

        @Override
        public Integer call() {
            return upkeep.run(maintain.shared(), "all", (catalog, done) -> {
                List<Verb> verbs = new ArrayList<>();
                verbs.add(new ExpireData());
                verbs.add(budget.compaction(Extent.WORTH_IT, done));
                verbs.add(new RewriteManifests());
                verbs.add(new ExpireSnapshots());
                verbs.add(RemoveOrphans.of(neighbours.computeIfAbsent(catalog, Neighbours::of)));
                verbs.add(new ComputeStatistics());
                return verbs;
            });
        }
    }
}
