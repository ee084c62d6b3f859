package io.firn.jobs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import io.firn.Durations;
import io.firn.ExitCode;
import io.firn.schema.JsonPath;
import io.firn.table.FileSize;
import io.firn.table.TableName;

/** The command line. */
@Command(
        name = "firn",
        description = "Raw JSON events and change streams become Apache Iceberg tables, driven by YAML.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            QuickstartCommand.class,
            InitCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            ApplyCommand.class,
            DdlCommand.class,
            RunCommand.class,
            BackfillCommand.class,
            SubmitCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            HealthCommand.class,
            MaintainCommand.class,
            VerifyCommand.class,
            RollbackCommand.class,
            EraseCommand.class,
            ResetCommand.class,
            RewindCommand.class,
            ReplayQuarantineCommand.class,
            SqlCommand.class,
            SqlSnippetsCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; also when an equal run was faster",
            "1:failed",
            "2:the command line or the configuration is wrong",
            "3:the quality gate closed: a dump's tables as they were, a topic's batch not taken; the quarantine says why",
            "4:the source is not ready",
            "5:a rollback by hand was found, or other runs kept winning",
            "6:plan --detailed-exitcode: there is something to do"
        })
public final class Firn implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Firn.class);

    @Mixin
    private Shared shared;

    @Spec
    private CommandSpec spec;

    private Firn() {}

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command line and writes its result where {@code --result} says. */
    private static int execute(String... args) {
        CommandLine line = commandLine();
        Shared shared = ((Firn) line.getCommand()).shared;
        int exit = line.execute(args);
        shared.close();
        String location = shared.result() == null ? CommandResult.location(args) : shared.result();
        if (location != null) {
            try {
                shared.told().result(exit, args).write(location);
            } catch (IOException | RuntimeException e) {
                System.err.println("firn: the result cannot be written to " + location + ": " + e.getMessage());
                return Math.max(exit, ExitCode.FAILED.code());
            }
        }
        return exit;
    }

    Shared shared() {
        return shared;
    }

    static CommandLine commandLine() {
        Firn firn = new Firn();
        IExecutionExceptionHandler failures = (failure, command, parsed) -> firn.failed(failure);
        CommandLine line = new CommandLine(firn);
        IParameterExceptionHandler usage = line.getParameterExceptionHandler();
        return line.setParameterExceptionHandler((wrong, parsed) -> {
                    firn.shared.told().failed(wrong.getMessage());
                    return usage.handleParseException(wrong, parsed);
                })
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(LocalDate.class, Firn::day)
                .registerConverter(Instant.class, Firn::time)
                .registerConverter(Duration.class, plain(Durations::parse))
                .registerConverter(FileSize.class, plain(FileSize::parse))
                .registerConverter(TableName.class, plain(TableName::parse))
                .registerConverter(JsonPath.class, plain(JsonPath::parse))
                .setExecutionExceptionHandler(failures);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("\"" + text + "\" is no day; write it as 2026-11-20");
        }
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("\"" + text + "\" is no time; write it as 2026-11-20T10:00:00Z");
        }
    }

    /** A parser whose message is for people, without the exception's name. */
    private static <T> ITypeConverter<T> plain(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private int failed(Exception failure) {
        Failure told = Failure.of(failure);
        String message = shared.located(told.message());
        System.err.println(message);
        shared.told().failed(message);
        LOG.info("firn failed", failure);
        if (told.unexpected()) {
            System.err.println(
                    "FIRN_LOG=info shows where. Nothing that was published is undone; running again is safe.");
        }
        return told.exit().code();
    }
}
