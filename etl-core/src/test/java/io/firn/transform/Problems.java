package io.firn.transform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.firn.config.Scope;

/** A scope that collects {@code place: message}. */
final class Problems implements Scope {
    private final String place;
    private final List<String> found;

    Problems() {
        this("", new ArrayList<>());
    }

    private Problems(String place, List<String> found) {
        this.place = place;
        this.found = found;
    }

    List<String> found() {
        return found;
    }

    @Override
    public Scope at(String key) {
        return new Problems(place.isEmpty() ? key : place + "." + key, found);
    }

    @Override
    public Scope at(int index) {
        return new Problems(place + "[" + index + "]", found);
    }

    @Override
    public void problem(String message) {
        found.add(place + ": " + message);
    }

    @Override
    public void unknown(String what, String name, Collection<String> valid) {
        found.add(place + ": unknown " + what + " \"" + name + "\" of " + valid);
    }
}
