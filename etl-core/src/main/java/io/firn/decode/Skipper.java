package io.firn.decode;

/** Passes over values of any depth without recursion, and checks them as strictly as if they were read. */
final class Skipper {
    private final JsonScanner in;
    private final Keys keys;
    private final KeyNode[] nodes = new KeyNode[JsonScanner.MAX_DEPTH + 2];
    private final KeyNode[] befores = new KeyNode[JsonScanner.MAX_DEPTH + 2];
    /** The number of each open object, 0 for an array. */
    private final long[] objects = new long[JsonScanner.MAX_DEPTH + 2];

    Skipper(JsonScanner in, Keys keys) {
        this.in = in;
        this.keys = keys;
    }

    /** Passes over the value at the cursor; {@code shape} is where its keys are learned, or null. */
    void skip(KeyNode shape) {
        byte c = in.bytes[in.at];
        if (c == '{' || c == '[') {
            container(shape, c);
        } else {
            in.skipScalar(c);
        }
    }

    private void container(KeyNode shape, byte opening) {
        int floor = in.depth;
        KeyNode node = shape;
        KeyNode before = null;
        long object = open(opening);
        boolean fresh = true;
        while (true) {
            byte c = in.next();
            if (c == (object == 0 ? ']' : '}')) {
                in.leave();
                if (in.depth == floor) {
                    return;
                }
                node = nodes[in.depth];
                before = befores[in.depth];
                object = objects[in.depth];
                fresh = false;
                continue;
            }
            if (!fresh) {
                if (c != ',') {
                    throw in.malformed(in.at, object == 0 ? "expected ',' or ']'" : "expected ',' or '}'");
                }
                in.at++;
                c = in.next();
            }
            fresh = false;
            KeyNode child = node;
            if (object != 0) {
                if (c != '"') {
                    throw in.malformed(in.at, "expected a key");
                }
                child = keys.next(node, before, object);
                before = child == null ? before : child;
                c = in.bytes[in.at];
            }
            if (c != '{' && c != '[') {
                in.skipScalar(c);
                continue;
            }
            nodes[in.depth] = node;
            befores[in.depth] = before;
            objects[in.depth] = object;
            object = open(c);
            node = child;
            before = null;
            fresh = true;
        }
    }

    private long open(byte c) {
        in.enter();
        return c == '{' ? keys.begin() : 0;
    }
}
