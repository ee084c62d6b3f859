package io.firn.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import io.firn.maintain.CompactFiles;
import io.firn.maintain.ComputeStatistics;
import io.firn.maintain.ExpireData;
import io.firn.maintain.ExpireSnapshots;
import io.firn.maintain.RewriteManifests;
import io.firn.maintain.Verb;
import io.firn.table.FileSize;

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
        private long used;

        CompactFiles compaction() {
            Duration left = longest == null ? null : longest.minus(Duration.between(began, Instant.now()));
            return new CompactFiles(
                    most == null ? null : Math.max(0, most.bytes() - used),
                    left == null || !left.isNegative() ? left : Duration.ZERO,
                    bytes -> used += bytes);
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

        @Override
        public Integer call() {
            return upkeep.run(maintain.shared(), "compact", (catalogs, table) -> List.of(budget.compaction()));
        }
    }

    @Command(
            name = "expire-snapshots",
            description = {
                "Forget states of tables that are older than retention.snapshots says, and delete files that only they",
                "held. Tags and branches stay; a tag consumer-NAME keeps all that came after it."
            })
    static final class Snapshots implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Override
        public Integer call() {
            return upkeep.run(
                    maintain.shared(), "expire-snapshots", (catalogs, table) -> List.of(new ExpireSnapshots()));
        }
    }

    @Command(
            name = "expire-data",
            description = "Take out partitions that are older than retention.data says, without reading their files.")
    static final class Data implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Override
        public Integer call() {
            return upkeep.run(maintain.shared(), "expire-data", (catalogs, table) -> List.of(new ExpireData()));
        }
    }

    @Command(name = "rewrite-manifests", description = "Join small manifests, so that queries plan faster.")
    static final class Manifests implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Override
        public Integer call() {
            return upkeep.run(
                    maintain.shared(), "rewrite-manifests", (catalogs, table) -> List.of(new RewriteManifests()));
        }
    }

    @Command(
            name = "compute-statistics",
            description =
                    "Count the distinct values of columns, for planners of joins, once a tenth of the rows changed.")
    static final class Statistics implements Callable<Integer> {
        @ParentCommand
        private MaintainCommand maintain;

        @Mixin
        private Upkeep upkeep;

        @Override
        public Integer call() {
            return upkeep.run(
                    maintain.shared(), "compute-statistics", (catalogs, table) -> List.of(new ComputeStatistics()));
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

        @Override
        public Integer call() {
            return upkeep.run(maintain.shared(), "all", (catalogs, table) -> {
                List<Verb> verbs = new ArrayList<>();
                verbs.add(new ExpireData());
                verbs.add(budget.compaction());
                verbs.add(new RewriteManifests());
                verbs.add(new ExpireSnapshots());
                verbs.add(new ComputeStatistics());
                return verbs;
            });
        }
    }
}
