package io.firn.schema;

import java.util.Locale;
import java.util.Set;

import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Struct;

/** The name of the column that takes the values of another one since their type changed. */
public final class NewColumnName {
    private NewColumnName() {}

    /**
     * Column and type, such as {@code price_string}, {@code price_decimal_10_2}, {@code place_struct}; with a number
     * behind it where the name is taken.
     *
     * @param taken names of other columns, in lower case
     */
    public static String of(String column, ColumnType type, Set<String> taken) {
        String name = column + "_" + word(type);
        String free = name;
        for (int i = 2; taken.contains(free.toLowerCase(Locale.ROOT)); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private static String word(ColumnType type) {
        if (type instanceof Struct) {
            return "struct";
        }
        if (type instanceof Listing) {
            return "list";
        }
        if (type instanceof Mapping) {
            return "map";
        }
        return type.text().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
    }
}
