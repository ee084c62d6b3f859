package io.firn.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The problems of one document by the path of the value, so that binding leaves out what cannot be used. */
final class Reports {
    private final Tree tree;
    private final Problems problems;
    private final Set<List<String>> reported = new HashSet<>();
    private final Set<List<String>> unusable = new HashSet<>();

    Reports(Tree tree, Problems problems) {
        this.tree = tree;
        this.problems = problems;
    }

    /** Something is wrong at a value. */
    void problem(List<String> path, String message) {
        reported.add(path);
        problems.add(tree.locate(path).problem(message));
    }

    /** A value cannot be bound. */
    void unusable(List<String> path, String message) {
        unusable(path);
        problem(path, message);
    }

    /** A value cannot be bound; why was reported elsewhere. */
    void unusable(List<String> path) {
        unusable.add(path);
        reported.add(path);
    }

    /** A key cannot be bound; the message belongs to the key. */
    void unusableKey(List<String> parent, String key, String message) {
        List<String> path = child(parent, key);
        unusable(path);
        problems.add(tree.locateKey(parent, key).problem(message));
    }

    void throwIfAny() {
        problems.throwIfAny();
    }

    boolean usable(List<String> path) {
        return !unusable.contains(path);
    }

    boolean anyWithin(List<String> path) {
        return reported.stream()
                .anyMatch(other -> other.size() >= path.size()
                        && other.subList(0, path.size()).equals(path));
    }

    static List<String> child(List<String> path, String step) {
        List<String> child = new ArrayList<>(path);
        child.add(step);
        return List.copyOf(child);
    }
}
