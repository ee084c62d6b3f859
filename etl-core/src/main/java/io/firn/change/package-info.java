/**
 * What Debezium's messages mean: each becomes a typed change of one row with its place in the source's log, and the
 * changes of a batch fold to one per key.
 */
package io.firn.change;
