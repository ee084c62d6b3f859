package io.firn.config;

import java.util.List;

/** A document that was read: its record, and where each of its values stands. */
public final class Document<T> {
    private final Tree tree;
    private final Reports reports;
    private final T value;

    Document(Tree tree, Reports reports, T value) {
        this.tree = tree;
        this.reports = reports;
        this.value = value;
    }

    /** The record; what was reported is null in it, and it is itself null if nothing could be made of the document. */
    public T value() {
        return value;
    }

    /** The place of the whole document. */
    public Place scope() {
        return new Place(reports, List.of());
    }

    /** The same document to be checked by itself: nothing is reported of it yet. */
    public Document<T> unreported() {
        return new Document<>(tree, new Reports(tree, new Problems()), value);
    }

    /** Throws ConfigException with all that was reported of this document and those read with it. */
    public void throwIfAny() {
        reports.throwIfAny();
    }

    /** Whether a value comes from an override of the command line and not from the file. */
    public boolean fromCommandLine(String... path) {
        return tree.locate(List.of(path)).file().startsWith("--set");
    }

    Tree tree() {
        return tree;
    }
}
