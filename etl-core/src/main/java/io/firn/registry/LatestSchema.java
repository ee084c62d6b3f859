package io.firn.registry;

/**
 * The latest version of a subject.
 *
 * @param id the id that messages of this version carry
 * @param version its number among the subject's versions; null: the registry counts none
 */
public record LatestSchema(String id, Integer version, RegisteredSchema schema) {

    /** For people. */
    public String text() {
        return version == null ? "schema " + id : "version " + version + ", id " + id;
    }
}
