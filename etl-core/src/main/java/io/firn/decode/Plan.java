package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.JsonPath;

/** The columns of an event as the trie of keys that leads to them. */
record Plan(KeyNode root, List<ValueReader> columns) {
    /** @param known paths that are read elsewhere: no unknown keys where no column names them */
    static Plan of(List<EncodedColumn> columns, List<JsonPath> known) {
        KeyNode root = KeyNode.root();
        List<ValueReader> readers = new ArrayList<>();
        for (EncodedColumn encoded : columns) {
            Column column = encoded.column();
            KeyNode node = root;
            for (String key : column.location().keys()) {
                if (node != root) {
                    node.lead(column.name());
                }
                node = node.declare(key);
            }
            ValueReader reader = ValueReader.of(encoded, node.place);
            node.read(reader, readers.size());
            readers.add(reader);
        }
        Overlap.settle(root);
        known.forEach(path -> cover(root, path));
        return new Plan(root, List.copyOf(readers));
    }

    private static void cover(KeyNode root, JsonPath path) {
        KeyNode parent = root;
        int last = path.keys().size() - 1;
        for (int level = 0; level < last && parent != null; level++) {
            parent = parent.child(path.keys().get(level));
        }
        if (parent == null || parent.child(path.keys().get(last)) != null) {
            return;
        }
        KeyNode covered = new KeyNode(path.keys().get(last).getBytes(StandardCharsets.UTF_8), null);
        covered.covered = true;
        parent.add(covered);
    }
}
