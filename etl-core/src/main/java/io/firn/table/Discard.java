package io.firn.table;

import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes files that no snapshot names. What cannot be deleted now is left to orphan removal. */
final class Discard {
    static final Logger LOG = LoggerFactory.getLogger(Discard.class);

    private Discard() {}

    static void file(Table table, String location) {
        try {
            table.io().deleteFile(location);
        } catch (RuntimeException e) {
            LOG.debug("{} was not deleted; orphan removal will", location, e);
        }
    }
}
