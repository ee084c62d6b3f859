package io.firn.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.LoadedPipeline;
import io.firn.Session;
import io.firn.TopicPositions;
import io.firn.TopicStanding;
import io.firn.source.TopicSource;
import io.firn.table.FileSize;
import io.firn.table.LakeTable;
import io.firn.table.Ledger;
import io.firn.table.TableName;
import io.firn.table.TableStatus;

@Command(
        name = "status",
        description =
                "Show a pipeline's tables: days loaded, rows, files, bytes; or how far they are behind their topics.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Override
    public Integer call() {
        LoadedPipeline pipeline = firn.shared().pipeline(file);
        if (pipeline.pipeline().source() instanceof TopicSource) {
            return topics(pipeline);
        }
        List<TableName> names = Stream.concat(
                        pipeline.events().stream().map(event -> event.target().table()),
                        Stream.of(pipeline.quarantine()))
                .toList();
        List<TableStatus> found = new ArrayList<>();
        TextTable table = new TextTable("table", "rows", "files", "bytes", "days", "last day", "committed");
        try (Catalogs catalogs = new Catalogs(pipeline.project(), Session.hadoop())) {
            for (TableName name : names) {
                Optional<TableStatus> status = catalogs.find(name).map(LakeTable::status);
                status.ifPresent(found::add);
                row(table, name, status.orElse(null), pipeline.pipeline().pipeline());
            }
        }
        firn.shared().console().result(found, table.print());
        return 0;
    }

    private int topics(LoadedPipeline pipeline) {
        try (Catalogs catalogs = new Catalogs(pipeline.project(), Session.hadoop())) {
            List<TopicStanding> standing = TopicPositions.standing(pipeline, catalogs);
            TextTable table = new TextTable("table", "behind", "oldest unread", "last publish", "next offsets");
            StringBuilder problems = new StringBuilder();
            if (standing.isEmpty()) {
                problems.append("\n! no topic of that name is there yet\n");
            }
            for (TopicStanding t : standing) {
                table.row(t.table(), t.behind(), age(t.oldest()), age(t.published()), offsets(t));
                if (t.problem() != null) {
                    problems.append("\n! ")
                            .append(t.table())
                            .append(": ")
                            .append(t.problem())
                            .append('\n');
                }
            }
            firn.shared().console().result(standing, table.print() + problems);
        }
        return 0;
    }

    private static String age(Instant time) {
        return time == null ? null : Ages.text(Duration.between(time, Instant.now()));
    }

    private static String offsets(TopicStanding table) {
        StringBuilder text = new StringBuilder();
        table.next().forEach((topic, offsets) -> {
            text.append(text.isEmpty() ? "" : "; ").append(topic);
            offsets.forEach((partition, offset) ->
                    text.append(' ').append(partition).append('=').append(offset));
        });
        return text.toString();
    }

    private static void row(TextTable table, TableName name, TableStatus status, String pipeline) {
        if (status == null) {
            table.row(name.text(), null, null, null, null, "not created yet", null);
            return;
        }
        Ledger.Totals loaded = status.ledgers().get(pipeline);
        table.row(
                name.text(),
                status.rows(),
                status.files(),
                FileSize.text(status.bytes()),
                loaded == null ? null : loaded.days(),
                loaded == null || loaded.lastDay() == null
                        ? null
                        : loaded.lastDay().toString(),
                status.committed() == null ? null : status.committed().toString());
    }
}
