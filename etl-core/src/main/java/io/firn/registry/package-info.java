/** Registries of schemas: where messages carry an id only, and the schema is asked for once. */
package io.firn.registry;
