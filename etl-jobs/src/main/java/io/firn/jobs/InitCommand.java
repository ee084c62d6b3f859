package io.firn.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.TopicInit;
import io.firn.TopicInit.Drafts;
import io.firn.init.DatedPath;
import io.firn.init.Inference;
import io.firn.init.Inference.Hints;
import io.firn.init.InferredPipeline;
import io.firn.init.InferredPipeline.Naming;
import io.firn.schema.JsonPath;

@Command(
        name = "init",
        description = {
            "Write a pipeline's YAML from a sample dump: its events, their columns and types.",
            "Every line of the sample loads with it as it is.",
            "With --topic: the same from a live topic and its schemas, with its tables' definitions under ddl/."
        })
final class InitCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..1",
            paramLabel = "SAMPLE",
            description = "A file, folder or glob of JSON lines; plain, gzip or zstd.")
    private String sample;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "Where the pipeline is written (default: NAME.yaml in the working directory).")
    private Path to;

    @Option(names = "--name", paramLabel = "NAME", description = "The pipeline's name (default: made of the sample's).")
    private String name;

    @Option(
            names = "--event-name",
            paramLabel = "PATH",
            description = "Where a line names its event, such as payload.type.")
    private JsonPath eventName;

    @ArgGroup(exclusive = false, heading = "%nFor a live topic:%n")
    private TopicOptions live;

    @Option(names = "--event-time", paramLabel = "PATH", description = "Where a line says when it happened.")
    private JsonPath eventTime;

    @Option(names = "--force", description = "Overwrite files that are there.")
    private boolean force;

    @Override
    public Integer call() {
        if ((sample == null) == (live == null)) {
            throw new FirnException(ExitCode.USAGE, "name either a SAMPLE, or a --topic with its --brokers");
        }
        return live == null ? dump() : topic();
    }

    private int topic() {
        String pipeline = name == null ? TopicInit.pipelineName(live.topic()) : name;
        Path file = to == null ? Path.of(pipeline + ".yaml") : to;
        Drafts drafts = live.init(file, new Hints(eventName, eventTime))
                .drafts(file, pipeline, live.table(), InitCommand::schema);
        // All or none: a pipeline that is new does not go with definitions that are not.
        drafts.files().keySet().forEach(this::refuseToOverwrite);
        drafts.files().forEach(InitCommand::write);
        List<String> written =
                drafts.files().keySet().stream().map(Path::toString).toList();
        firn.shared()
                .console()
                .result(
                        new Live(written, pipeline, drafts.records(), drafts.tables()),
                        "%s%nfrom %,d records of topic %s, for %s%nNext: look them over, then%n  firn validate %s%n  firn plan %s%n  firn run %s"
                                .formatted(
                                        String.join("\n", written),
                                        drafts.records(),
                                        live.topic(),
                                        String.join(", ", drafts.tables()),
                                        file,
                                        file,
                                        file));
        return 0;
    }

    /** What was written from a topic, for {@code --output json}. */
    record Live(List<String> files, String pipeline, long records, List<String> tables) {}

    private void refuseToOverwrite(Path file) {
        if (Files.exists(file) && !force) {
            throw new FirnException(
                    ExitCode.USAGE, file + " exists; name another with --to, or overwrite it with --force");
        }
    }

    private int dump() {
        Console console = firn.shared().console();
        DatedPath dated = DatedPath.of(sample);
        String pipeline = name == null ? Sample.pipelineName(dated.path()) : name;
        Path file = to == null ? Path.of(pipeline + ".yaml") : to;
        refuseToOverwrite(file);
        InferredPipeline inferred;
        try (Sample lines = Sample.open(sample)) {
            inferred = Inference.of(lines, new Hints(eventName, eventTime));
        }
        LocalDate day = dated.day() == null ? firstDay(inferred) : dated.day();
        String yaml = inferred.yaml(new Naming(
                schema(file, "pipeline.schema.json"),
                sample,
                pipeline,
                Sample.relativeTo(file, dated.path()),
                dated.day() == null ? day : null,
                pipeline.replace('-', '_')));
        write(file, yaml);
        console.result(
                new Written(
                        file.toString(),
                        pipeline,
                        day.toString(),
                        inferred.lines(),
                        inferred.events().size()),
                "%s: %,d events, from %,d lines%nNext: look it over, then%n  firn validate %s%n  firn run %s --date %s"
                        .formatted(file, inferred.events().size(), inferred.lines(), file, file, day));
        return 0;
    }

    /** What was written, for {@code --output json}. */
    record Written(String file, String pipeline, String date, long lines, int events) {}

    private static LocalDate firstDay(InferredPipeline inferred) {
        return inferred.firstDay() == null ? LocalDate.now(ZoneOffset.UTC) : inferred.firstDay();
    }

    /** Where the editor finds the schema; in an installed Firn it lies beside the library's sources. */
    static String schema(Path file, String name) {
        Path home = Path.of(System.getProperty("firn.home", "")).toAbsolutePath();
        Path schema = home.resolve("etl-core/src/main/resources/io/firn").resolve(name);
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder.startsWith(home) ? folder.relativize(schema).toString() : schema.toString();
    }

    private static void write(Path file, String yaml) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
