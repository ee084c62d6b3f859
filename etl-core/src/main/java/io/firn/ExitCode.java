package io.firn;

/** What a command's exit code means (design, section 4; README lists them). */
public enum ExitCode {
    /** All went well; also when an equal run was faster. */
    OK(0),
    FAILED(1),
    /** The command line or the configuration is wrong. */
    USAGE(2),
    /** The quality gate closed: tables are as they were, the quarantine says why. */
    QUALITY(3),
    SOURCE_NOT_READY(4),
    /** A rollback by hand was found, or others kept winning the race to commit. */
    CONFLICT(5),
    /** Only for {@code plan --detailed-exitcode}: there is something to do. */
    CHANGES(6);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The one to report of two: changes least, then by number. */
    public ExitCode worse(ExitCode other) {
        return other.code > code ? other : this;
    }
}
