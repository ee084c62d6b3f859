package io.firn.transform;

import java.io.Serializable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** A step that turns one row into at most one row; YAML names the kind by {@code type}. */
public sealed interface Transform extends Serializable permits Rename, Cast, Derive, Drop, Keep, Filter, Extract {

    /**
     * The columns after this step, told without Spark; what does not fit them is reported on the scope, and then the
     * columns are the nearest guess, so that later steps are still checked. Names are compared without case.
     */
    List<Column> columns(List<Column> in, Scope scope);

    /** The names of those of {@code in} that come out of the steps as they went in, whatever else these do. */
    static Set<String> survivors(List<Column> in, List<Transform> steps) {
        List<Column> out = in;
        for (Transform step : steps) {
            out = step.columns(out, FailingScope.ANYWHERE);
        }
        Set<Column> left = Collections.newSetFromMap(new IdentityHashMap<>());
        left.addAll(out);
        return in.stream().filter(left::contains).map(Column::name).collect(Collectors.toSet());
    }

    /** Adds what this step does to a row; the compiler knows the columns before it and checks those after it. */
    void compile(RowCompiler rows);
}
