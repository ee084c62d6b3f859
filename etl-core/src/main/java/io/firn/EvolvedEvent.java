package io.firn;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a run added to a table since the data had it.
 *
 * @param columns each as the YAML would list it
 * @param leftOut what found no column, each with the reason
 */
public record EvolvedEvent(String event, String table, List<NewColumn> columns, List<String> leftOut) {
    /**
     * A column that is new, or has a new type.
     *
     * @param insteadOf the column whose values it takes where that one does not hold them; null: all at its path
     * @param yaml the line that lists it in the YAML; null: on-type-change of the other column keeps it
     * @param note what is special about it; null: nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NewColumn(String name, String type, String path, String insteadOf, String yaml, String note) {}
}
