package io.firn.registry;

import java.io.Serializable;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;

/** Where the schemas of messages are kept; YAML names the kind by {@code type}. */
public sealed interface Registry extends Serializable permits Confluent, Glue, Files {

    /** Reports what cannot work. */
    void check(Scope scope);

    /** The same registry with its paths changed. */
    Registry located(UnaryOperator<String> absolute);

    /** Its schemas, with secrets in place; for the driver, which hands them to its tasks. */
    Schemas open();
}
