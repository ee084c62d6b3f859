/**
 * Iceberg tables: what they look like, how files for them are written, and how a load gets in exactly once. Nothing else
 * in the library sees Iceberg's API. A load goes {@link io.firn.table.LakeCatalog} (ensure the table) ->
 * {@link io.firn.table.Ledger} (what is new) -> {@link io.firn.table.WriteTarget} and {@link io.firn.table.FileSink}
 * (stage files) -> {@link io.firn.table.Publication} (branch, audit, publish).
 */
package io.firn.table;
