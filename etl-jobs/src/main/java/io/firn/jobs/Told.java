package io.firn.jobs;

/** What a command told people and programs, kept for its {@link CommandResult}. */
final class Told {
    private Object result;
    private String failure;

    void result(Object json) {
        result = json;
    }

    void failed(String message) {
        failure = message;
    }

    CommandResult result(int exit, String... arguments) {
        return CommandResult.of(exit, arguments, failure, result);
    }
}
