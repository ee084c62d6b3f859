package io.firn.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Config;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.config.Problem;

@Command(
        name = "validate",
        description = {
            "Tell everything that is wrong in pipelines, tables of ddl/ and firn.yaml.",
            "Each problem with file, line and column. Offline."
        })
final class ValidateCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files of pipelines or of tables under ddl/, or firn.yaml.")
    private List<Path> files;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        Path folder = firn.shared().folder();
        List<Path> resolved = files.stream().map(folder::resolve).toList();
        for (Path file : resolved) {
            if (!Files.isRegularFile(file)) {
                throw new FirnException(ExitCode.USAGE, "there is no file " + file);
            }
        }
        List<Problem> problems = Config.validate(resolved, firn.shared().overrides());
        if (problems.isEmpty()) {
            console.result(
                    problems, files.size() == 1 ? files.get(0) + " is valid" : files.size() + " files are valid");
            return ExitCode.OK.code();
        }
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append(problem).append('\n'));
        console.result(problems, text.toString());
        console.note(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
        return ExitCode.USAGE.code();
    }
}
