/**
 * Real Kafka, PostgreSQL, MariaDB and Debezium for tests, and what tests of change data share: writers that know
 * nothing of Firn, and the oracle that holds a table against its source.
 */
package io.firn.rig;
