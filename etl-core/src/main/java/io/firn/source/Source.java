package io.firn.source;

import java.io.Serializable;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;

/** Where rows come from; YAML names the kind by {@code type}. */
public sealed interface Source extends Serializable permits JsonDump, Debezium, Kafka {

    /** Reports what cannot work. */
    void check(Scope scope);

    /** The same source with its paths changed. */
    Source located(UnaryOperator<String> absolute);
}
