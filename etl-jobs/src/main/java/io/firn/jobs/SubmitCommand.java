package io.firn.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Emr;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.Json;
import io.firn.LoadedPipeline;
import io.firn.Project;
import io.firn.Schedule;
import io.firn.Session;
import io.firn.source.JsonDump;
import io.firn.table.SourceFile;

/** Checks and measures here; the request is built by the Python that the DAGs use too. */
@Command(
        name = "submit",
        description = {
            "Run a pipeline on EMR: build the request from the YAML, its size and time limit from the day's bytes and the",
            "SLA, send it and wait for the result. --print shows it, with the reasons, and sends nothing."
        })
final class SubmitCommand implements Callable<Integer> {
    private static final String BUILDER = "airflow/firn_airflow/submit.py";

    /** What runs jobs. */
    enum Target {
        EC2,
        SERVERLESS,
        EKS
    }

    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file, in the project's folder.")
    private Path file;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "ec2|serverless|eks",
            description = "A cluster of EC2 machines that lives as long as the job, EMR Serverless, or EMR on EKS.")
    private Target target;

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "The day to load, 2026-11-20 (default: yesterday, UTC).")
    private LocalDate date;

    @Option(names = "--print", description = "Show the request as AWS CLI and JSON, with the reasons for its sizes.")
    private boolean print;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadedPipeline pipeline = firn.shared().pipeline(file);
        Emr emr = pipeline.project().emr();
        if (emr == null) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "firn.yaml says nothing of EMR; give it the key \"emr\" with the jar, project, logs, results and "
                            + name() + (firn.shared().profile() == null ? ", or choose a --profile that has it" : ""));
        }
        boolean dump = pipeline.pipeline().source() instanceof JsonDump;
        RunCommand.refuse(date != null && !dump, "--date", "topics have no days; a run takes what they hold now");
        List<String> command = new ArrayList<>(List.of("run"));
        if (dump) {
            command.add("--date");
            command.add(day(pipeline).toString());
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pipeline", description(pipeline));
        document.put("emr", emr);
        document.put("target", name());
        document.put("file", inProject());
        document.put("command", command);
        document.put("profile", firn.shared().profile());
        document.put(
                "bytes",
                dump ? bytes((JsonDump) pipeline.pipeline().source(), day(pipeline), pipeline.project()) : null);
        document.put("print", print);
        return build(Json.line(document));
    }

    private String name() {
        return target.name().toLowerCase(Locale.ROOT);
    }

    private LocalDate day(LoadedPipeline pipeline) {
        return date == null ? RunCommand.defaultDate(pipeline) : date;
    }

    private static Map<String, Object> description(LoadedPipeline pipeline) {
        Schedule schedule = pipeline.pipeline().schedule();
        Map<String, Object> times = new LinkedHashMap<>();
        times.put("cron", schedule.cron());
        times.put("timezone", schedule.timezone());
        times.put("sla", schedule.sla().toSeconds() + "s");
        if (schedule.dailyVolume() != null) {
            times.put("daily-volume", schedule.dailyVolume().bytes() + "B");
        }
        boolean dump = pipeline.pipeline().source() instanceof JsonDump;
        return Map.of(
                "pipeline",
                pipeline.pipeline().pipeline(),
                "source",
                Map.of("type", dump ? "json-dump" : "debezium"),
                "schedule",
                times);
    }

    /** The file as the job finds it below the project's folder on S3. */
    private String inProject() {
        Path folder = firn.shared().folder().toAbsolutePath().normalize();
        Path absolute = folder.resolve(file).normalize();
        if (!absolute.startsWith(folder)) {
            throw new FirnException(
                    ExitCode.USAGE, file + " lies outside of the project; run firn submit in the folder of firn.yaml");
        }
        return folder.relativize(absolute).toString();
    }

    /** Null where the day cannot be listed from here: the pipeline's daily-volume then says its size. */
    private Long bytes(JsonDump dump, LocalDate day, Project project) {
        try {
            List<SourceFile> files = dump.list(day, Session.hadoop(project));
            return files.isEmpty()
                    ? null
                    : files.stream().mapToLong(SourceFile::size).sum();
        } catch (RuntimeException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            firn.shared().console().note("firn: the day's files cannot be listed from here: " + why);
            return null;
        }
    }

    private static int build(String document) throws IOException, InterruptedException {
        Path builder = Path.of(System.getProperty("firn.home", "")).resolve(BUILDER);
        if (!Files.exists(builder)) {
            throw new FirnException(
                    ExitCode.USAGE, "there is no " + builder + "; firn submit is run by the launcher of a release");
        }
        Process python;
        try {
            python = new ProcessBuilder("python3", builder.toString())
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new FirnException(
                    ExitCode.USAGE, "python3 cannot be started: " + e.getMessage() + ". Install Python 3.10 or later");
        }
        try (OutputStream in = python.getOutputStream()) {
            in.write(document.getBytes(StandardCharsets.UTF_8));
        }
        return python.waitFor();
    }
}
