/**
 * Reading of a merge's target that leaves rows out by the hashes of their keys before anything else of them is looked at:
 * deletes, lineage, and Spark's own operators then cost for few rows only. {@link io.firn.table.keys.KeyScanRule} is the
 * way in.
 */
package io.firn.table.keys;
