package io.firn.config;

/**
 * Where a value comes from.
 *
 * @param file a file, an override ({@code --set a.b}) or {@code default}
 * @param line 0 where there is no line
 * @param column 0 where there is no line
 * @param profile the profile that set the value, or null
 */
record Position(String file, int line, int column, String profile) {
    static final Position DEFAULT = new Position("default", 0, 0, null);

    Problem problem(String message) {
        return new Problem(file, line, column, message);
    }

    /** For the comment beside a printed value. */
    String origin() {
        String place = line == 0 ? file : file + ":" + line;
        return profile == null ? place : "profile " + profile + " " + place;
    }
}
