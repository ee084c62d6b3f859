package io.firn.config;

import java.util.Comparator;

/**
 * Something wrong in a configuration, printed as compilers do: {@code file:line:column: message}.
 *
 * @param file the file as the user named it, or the override, {@code --set a.b}
 * @param line counted from 1; 0 where there is no line
 * @param column counted from 1; 0 where there is no line
 * @param message what is wrong and how to mend it
 */
public record Problem(String file, int line, int column, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (line == 0 ? file : file + ":" + line + ":" + column) + ": " + message;
    }
}
