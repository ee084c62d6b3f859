package io.firn.jobs;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import io.firn.Json;

/** Where a command speaks: its result alone to stdout, everything else to stderr. */
final class Console {
    /** How the result is printed. */
    enum Output {
        TEXT,
        JSON
    }

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private final PrintStream err =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    /** The launcher knows: Java cannot tell whether stderr is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("firn.terminal");

    private final Output output;
    private final Told told;

    Console(Output output, Told told) {
        this.output = output;
        this.told = told;
    }

    /** The result: {@code text} for people, {@code json} as one JSON document. */
    void result(Object json, String text) {
        told.result(json);
        if (isJson()) {
            line(Json.line(json));
        } else {
            line(text.stripTrailing());
        }
        out.flush();
    }

    /** A line of the result, as it is. */
    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** A part of the result's last line, as it is. */
    void print(String text) {
        out.print(text);
    }

    /** Something to know that is not the result. */
    void note(String text) {
        err.println(text);
    }

    boolean isJson() {
        return output == Output.JSON;
    }

    /** One line on a terminal that is written over as work goes on; nothing where there is no terminal. */
    void progress(String text) {
        if (TERMINAL) {
            err.print("\r\033[K" + text);
        }
    }
}
