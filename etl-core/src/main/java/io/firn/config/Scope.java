package io.firn.config;

import java.util.Collection;

/** A place in a YAML document, on which cross-field rules report what is wrong. */
public interface Scope {
    /** The value below a key. */
    Scope at(String key);

    /** The element of a list. */
    Scope at(int index);

    /** Reports a problem at this place; checking goes on. */
    void problem(String message);

    /** Reports {@code unknown <what> "<name>"; did you mean "<nearest>"?} at this place. */
    void unknown(String what, String name, Collection<String> valid);
}
