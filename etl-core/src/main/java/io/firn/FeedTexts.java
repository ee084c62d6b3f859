package io.firn;

import java.time.Instant;

import io.firn.table.TableName;

/** What a topic's feed tells when it cannot go on. */
record FeedTexts(String topic, TableName table) {
    String overtaken() {
        return "table " + table + ": other runs kept taking the same changes; run again when they are done";
    }

    String waiting() {
        return "topic " + topic
                + ": a row took another key, and of the records that say so the last is not there yet; a"
                + " later run takes them together";
    }

    String otherLog(SourceLog.Other other) {
        String again = other.sign() == SourceLog.Sign.SNAPSHOT_BEFORE
                ? ""
                : " If the connector sends old changes again, run again when it has caught up.";
        return "topic " + topic + ": the source's log " + other.sign().words() + ", so what table " + table
                + " holds cannot be told from newer changes. What came before is loaded, what follows is not." + again
                + " If the source was restored, moved or began a new log, run firn reset --table " + table
                + " --new-epoch --since " + Instant.ofEpochMilli(other.written())
                + " for the pipeline: what was written since then is later than all that the table holds";
    }

    String astray(long records) {
        return ("topic %s was given more partitions, its messages do not tell their place in the source's log, and %,d of"
                        + " them are not in the partition that Kafka chooses for their key: of two changes of a row it"
                        + " cannot be told which is later. Nothing more was loaded into table %s. Delete the topic, let"
                        + " Debezium take a new snapshot into one with all its partitions, and run firn reset --table"
                        + " %s --from-earliest for the pipeline; or have the messages tell their place (add.fields)")
                .formatted(topic, records, table, table);
    }

    String keysTooMany() {
        return "topic " + topic
                + ": so many rows took another key at once that no batch holds both records of each, and"
                + " table " + table
                + " would lose large values that were not sent again. Set REPLICA IDENTITY FULL, let"
                + " Debezium take a new snapshot, and run firn reset, which says what that does";
    }

    String tooManyRefused(long refused, long records, LoadedPipeline pipeline) {
        return "%,d of %,d records of topic %s were refused, more than max-quarantined %s allows; table %s is as it was. Look at %s, mend the YAML or the source, and run again"
                .formatted(
                        refused,
                        records,
                        topic,
                        pipeline.pipeline().defaults().maxQuarantined(),
                        table,
                        pipeline.quarantine());
    }
}
