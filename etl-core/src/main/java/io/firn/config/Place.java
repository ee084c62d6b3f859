package io.firn.config;

import java.util.Collection;
import java.util.List;

/** A place in a document that was read; it also knows what was reported there. */
public final class Place implements Scope {
    private final Reports reports;
    private final List<String> path;

    Place(Reports reports, List<String> path) {
        this.reports = reports;
        this.path = path;
    }

    @Override
    public Place at(String key) {
        return new Place(reports, Reports.child(path, key));
    }

    @Override
    public Place at(int index) {
        return at(String.valueOf(index));
    }

    @Override
    public void problem(String message) {
        reports.problem(path, message);
    }

    @Override
    public void unknown(String what, String name, Collection<String> valid) {
        problem("unknown " + what + " \"" + name + "\"" + Suggestion.hint(name, valid, "there are"));
    }

    /** Whether nothing was reported here or below, so that rules which build on this value make sense. */
    public boolean sound() {
        return !reports.anyWithin(path);
    }
}
