package io.firn;

import java.util.HexFormat;
import java.util.Set;

import org.apache.spark.sql.api.java.UDF2;

/** Tells records by what names them: topic and key, or topic and partition and offset. */
final class SubjectRecords implements UDF2<String, byte[], Boolean> {
    private static final long serialVersionUID = 1;

    private final Set<String> known;

    SubjectRecords(Set<String> known) {
        this.known = known;
    }

    static String name(String topic, byte[] key) {
        return topic + "\0" + HexFormat.of().formatHex(key);
    }

    @Override
    public Boolean call(String topic, byte[] key) {
        return topic != null && key != null && known.contains(name(topic, key));
    }
}
