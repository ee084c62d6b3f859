package io.firn.transform;

import java.util.Collection;

import io.firn.config.Scope;

/** Stops at the first problem: steps that are compiled were validated before, so a problem here is a caller's mistake. */
enum FailingScope implements Scope {
    ANYWHERE;

    @Override
    public Scope at(String key) {
        return this;
    }

    @Override
    public Scope at(int index) {
        return this;
    }

    @Override
    public void problem(String message) {
        throw new TransformException(message);
    }

    @Override
    public void unknown(String what, String name, Collection<String> valid) {
        throw new TransformException("unknown " + what + " \"" + name + "\"; there are " + String.join(", ", valid));
    }
}
