package io.firn.table;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A table's full name: catalog, namespace levels, table. The one identifier type: what it prints is always quoted. */
public record TableName(String catalog, List<String> namespace, String name) implements Serializable {
    private static final Pattern PART = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

    public TableName {
        namespace = List.copyOf(namespace);
    }

    /** Reads {@code catalog.namespace.table}; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    public static TableName parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length < 3) {
            throw new IllegalArgumentException("table \"" + text
                    + "\" needs three parts, catalog.namespace.table, such as lake.github.push_event");
        }
        for (String part : parts) {
            if (!PART.matcher(part).matches()) {
                throw new IllegalArgumentException("table \"" + text + "\": \"" + part
                        + "\" is not a name; use letters, digits and _, not starting with a digit");
            }
        }
        return new TableName(parts[0], List.of(parts).subList(1, parts.length - 1), parts[parts.length - 1]);
    }

    /** Whether a catalog's name for something can be a part of such a name. */
    static boolean isPart(String name) {
        return PART.matcher(name).matches();
    }

    /** A table beside this one. */
    public TableName sibling(String table) {
        return parse(catalog + "." + String.join(".", namespace) + "." + table);
    }

    /** For people, and for {@link #parse}. */
    @JsonValue
    public String text() {
        return catalog + "." + String.join(".", namespace) + "." + name;
    }

    /** For SQL: every part quoted. */
    public String quoted() {
        return "`" + catalog + "`."
                + namespace.stream().map(n -> "`" + n + "`.").collect(Collectors.joining()) + "`" + name + "`";
    }

    /** A branch of the table for SQL, as Iceberg's Spark catalogs name it. */
    String branch(String branch) {
        return quoted() + ".`branch_" + branch + "`";
    }

    @Override
    public String toString() {
        return text();
    }
}
