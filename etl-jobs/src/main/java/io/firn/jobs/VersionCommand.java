package io.firn.jobs;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "version", description = "Say which Firn this is and what it was built for.")
final class VersionCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Override
    public Integer call() {
        firn.shared().console().result(Version.built(), new Version().getVersion()[0]);
        return 0;
    }
}
