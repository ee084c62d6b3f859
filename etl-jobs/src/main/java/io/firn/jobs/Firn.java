package io.firn.jobs;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(name = "firn")
public final class Firn implements Runnable {
    private Firn() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Firn()).execute(args));
    }

    @Override
    public void run() {}
}
