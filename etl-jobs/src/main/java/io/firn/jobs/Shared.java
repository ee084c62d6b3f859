package io.firn.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import io.firn.ExitCode;
import io.firn.FetchedProject;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.Pipeline;
import io.firn.Project;
import io.firn.config.Overrides;
import io.firn.source.TopicSource;

/** The options that every command has. */
@Command
final class Shared {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Use the values under profiles.NAME of the YAML files.")
    private String profile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Override one value of the YAML files, such as source.path=/data/{date}/.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "text|json",
            scope = ScopeType.INHERIT,
            defaultValue = "text",
            description = "How the result is printed to stdout (default: text).")
    private Console.Output output = Console.Output.TEXT;

    @Option(
            names = "--project",
            paramLabel = "FOLDER",
            scope = ScopeType.INHERIT,
            description = "The project's folder, on S3 too (default: the working directory); PIPELINE lies in it.")
    private String location;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Write what the command came to there as JSON, on S3 too: clusters lose exit codes.")
    private String result;

    private final Told told = new Told();
    private FetchedProject fetched;

    Overrides overrides() {
        return Overrides.of(profile, settings);
    }

    Console console() {
        return new Console(output, told);
    }

    /** Null: none. */
    String profile() {
        return profile;
    }

    /** Where the command's result goes besides stdout; null: nowhere, or the command line was not understood. */
    String result() {
        return result;
    }

    Told told() {
        return told;
    }

    LoadedPipeline pipeline(Path named) {
        Path file = folder().resolve(named);
        if (!Files.isRegularFile(file)) {
            String where = location == null ? "" : " in the project " + location;
            throw new FirnException(
                    ExitCode.USAGE, "there is no file " + named + where + "; name a pipeline's YAML file");
        }
        LoadedPipeline pipeline = Pipeline.load(file, overrides());
        if (fetched != null) {
            fetched.check(pipeline.project());
            fetched.check(pipeline.pipeline());
        }
        return pipeline;
    }

    /** A pipeline over topics. */
    LoadedPipeline topics(Path file) {
        LoadedPipeline pipeline = pipeline(file);
        if (!(pipeline.pipeline().source() instanceof TopicSource)) {
            throw new FirnException(
                    ExitCode.USAGE,
                    file + " reads no topics; what a dump loaded is taken back by firn rollback, and --replace loads it"
                            + " anew");
        }
        return pipeline;
    }

    /**
     * A pipeline over dumps.
     *
     * @param instead what to do with topics
     */
    LoadedPipeline dumps(Path file, String instead) {
        LoadedPipeline pipeline = pipeline(file);
        if (pipeline.pipeline().source() instanceof TopicSource) {
            throw new FirnException(ExitCode.USAGE, file + " reads topics; " + instead);
        }
        return pipeline;
    }

    Project project() {
        Project project = Project.load(folder(), overrides());
        if (fetched != null) {
            fetched.check(project);
        }
        return project;
    }

    /** Where the project lies: the working directory, or what {@code --project} names, fetched where it is elsewhere. */
    Path folder() {
        if (location == null) {
            return Path.of("");
        }
        if (!location.contains("://")) {
            return Path.of(location);
        }
        if (fetched == null) {
            fetched = FetchedProject.of(location);
        }
        return fetched.folder();
    }

    /** A message about files of a fetched project, with their addresses instead of where their copies lie. */
    String located(String message) {
        return fetched == null ? message : message.replace(fetched.folder() + "/", location.replaceFirst("/*$", "/"));
    }

    void close() {
        if (fetched != null) {
            fetched.close();
        }
    }
}
