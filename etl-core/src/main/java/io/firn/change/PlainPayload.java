package io.firn.change;

import io.firn.schema.Rejection;

/** Messages that are their own JSON and carry no schema. */
final class PlainPayload implements Payload {
    private byte[] message;

    @Override
    public Rejection find(byte[] given) {
        message = given;
        return null;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public byte[] bytes() {
        return message;
    }

    @Override
    public int from() {
        return 0;
    }

    @Override
    public int to() {
        return message.length;
    }

    @Override
    public ConnectSchema schema() {
        return null;
    }
}
