package io.firn.source;

import java.io.Serializable;

/**
 * A file of a dump as listed.
 *
 * @param path its full URI
 * @param size bytes
 * @param version what changes when the content does: the object store's etag, else the time of modification
 */
public record SourceFile(String path, long size, String version) implements Serializable {}
