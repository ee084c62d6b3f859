package io.firn.decode;

import java.util.ArrayList;
import java.util.List;

import io.firn.schema.Column;

/** The columns of an event as the trie of keys that leads to them. */
record Plan(KeyNode root, List<ValueReader> columns) {
    static Plan of(List<Column> columns) {
        KeyNode root = KeyNode.root();
        List<ValueReader> readers = new ArrayList<>();
        for (Column column : columns) {
            KeyNode node = root;
            for (String key : column.location().keys()) {
                if (node != root) {
                    node.lead(column.name());
                }
                node = node.declare(key);
            }
            ValueReader reader =
                    ValueReader.of(column.type(), column.format(), column.name(), node.place, column.required());
            node.read(reader, readers.size());
            readers.add(reader);
        }
        Overlap.settle(root);
        return new Plan(root, List.copyOf(readers));
    }
}
