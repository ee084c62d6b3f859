package io.firn.transform;

import java.io.Serializable;
import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** A step that turns one row into at most one row; YAML names the kind by {@code type}. */
public sealed interface Transform extends Serializable permits Rename, Cast, Derive, Drop, Keep, Filter, Extract {

    /** The columns after this step, told without Spark; what does not fit them is reported on the scope. */
    List<Column> columns(List<Column> in, Scope scope);
}
