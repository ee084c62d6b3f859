package io.firn.change;

/** What happened to a row; {@code READ} is a row that a snapshot found. */
public enum Operation {
    CREATE("c"),
    READ("r"),
    UPDATE("u"),
    DELETE("d"),
    /** All rows of the table went; the change has no key. */
    TRUNCATE("t");

    private final String letter;

    Operation(String letter) {
        this.letter = letter;
    }

    /** The operation of Debezium's letter; null for any other. */
    public static Operation of(String letter) {
        return switch (letter) {
            case "c" -> CREATE;
            case "r" -> READ;
            case "u" -> UPDATE;
            case "d" -> DELETE;
            case "t" -> TRUNCATE;
            default -> null;
        };
    }

    /** Debezium's letter. */
    public String letter() {
        return letter;
    }

    /** The change says what the row holds now. */
    public boolean hasRow() {
        return this != DELETE && this != TRUNCATE;
    }
}
