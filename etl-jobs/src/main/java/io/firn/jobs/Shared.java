package io.firn.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import io.firn.ExitCode;
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

    Overrides overrides() {
        return Overrides.of(profile, settings);
    }

    Console console() {
        return new Console(output);
    }

    LoadedPipeline pipeline(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FirnException(ExitCode.USAGE, "there is no file " + file + "; name a pipeline's YAML file");
        }
        return Pipeline.load(file, overrides());
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

    /** The project of the working directory. */
    Project project() {
        return Project.load(Path.of(""), overrides());
    }
}
