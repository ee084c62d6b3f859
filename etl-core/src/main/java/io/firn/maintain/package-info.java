/**
 * Upkeep of tables by Iceberg's own actions: what is worth doing (TableHealth), one verb per
 * file, each with a result that says what it did. Everything that moves a table's main goes through
 * {@link io.firn.maintain.CourteousTable}, so that writers come first.
 */
package io.firn.maintain;
