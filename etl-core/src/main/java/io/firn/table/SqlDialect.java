package io.firn.table;

import java.util.function.Function;

/** SQL that makes a declared table where Firn is not at hand. */
public enum SqlDialect {
    /** Executable by Spark with Iceberg's extensions; the table is the one that {@code firn apply} makes. */
    SPARK(definition -> new SparkDdl(definition).text()),
    /** As far as Athena's CREATE TABLE goes; what it does not take is told in comments. */
    ATHENA(definition -> new AthenaDdl(definition).text());

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<TableDefinition, String> generator;

    SqlDialect(Function<TableDefinition, String> generator) {
        this.generator = generator;
    }

    /** The statements that create the table, each ended by a semicolon. */
    public String create(TableDefinition declared) {
        return generator.apply(declared);
    }
}
