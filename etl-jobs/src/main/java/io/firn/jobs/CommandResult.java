package io.firn.jobs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

import io.firn.ExitCode;
import io.firn.Json;
import io.firn.RunResult;
import io.firn.Session;

/**
 * What a command came to, for whoever started it on a cluster, which loses exit codes (option {@code --result}).
 *
 * @param exit the process's exit code
 * @param code its name
 * @param command the words of the command line up to its first option
 * @param reason what a person is told of a failure; null: none
 * @param result what {@code --output json} prints; null: the command failed before there was one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CommandResult(int exit, ExitCode code, List<String> command, String reason, Object result) {
    private static final String OPTION = "--result";

    static CommandResult of(int exit, String[] arguments, String failure, Object result) {
        ExitCode code = Arrays.stream(ExitCode.values())
                .filter(known -> known.code() == exit)
                .findFirst()
                .orElse(ExitCode.FAILED);
        String problems = result instanceof RunResult run && exit != 0 ? String.join("\n", run.problems()) : null;
        List<String> command = Stream.of(arguments)
                .takeWhile(argument -> !argument.startsWith("-"))
                .toList();
        return new CommandResult(exit, code, command, failure == null ? problems : failure, result);
    }

    /** Where the result is to be written, told by a command line that is wrong elsewhere; null: nowhere. */
    static String location(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(OPTION + "=")) {
                return arguments[i].substring(OPTION.length() + 1);
            }
            if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
                return arguments[i + 1];
            }
        }
        return null;
    }

    /** Throws IOException when it cannot be written; what the command did stands. */
    void write(String location) throws IOException {
        Path path = new Path(location);
        try (FSDataOutputStream out = path.getFileSystem(Session.hadoop()).create(path, true)) {
            out.write(Json.document(this).getBytes(StandardCharsets.UTF_8));
        }
    }
}
