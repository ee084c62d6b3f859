package io.firn.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import io.firn.LoadedPipeline;
import io.firn.ResolvedConfig;

@Command(name = "config", description = "Show the configuration.", subcommands = ConfigCommand.Show.class)
final class ConfigCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "config show --resolved PIPELINE prints every value");
    }

    @Command(
            name = "show",
            description =
                    "Print a pipeline: as written, or --resolved with where each value comes from; secrets as ***.")
    static final class Show implements Callable<Integer> {
        @ParentCommand
        private ConfigCommand config;

        @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
        private Path file;

        @Option(names = "--resolved", description = "Each with defaults, profile and overrides applied.")
        private boolean resolved;

        @Override
        public Integer call() throws IOException {
            Shared shared = config.firn.shared();
            LoadedPipeline pipeline = shared.pipeline(file);
            String text = resolved ? ResolvedConfig.print(pipeline) : Files.readString(file);
            shared.console().line(text.stripTrailing());
            return 0;
        }
    }
}
