package io.firn.load;

import java.io.Serializable;
import java.util.List;

/**
 * A file of lines that wait to be decoded by wider columns, as one task wrote it.
 *
 * @param files the source files of the lines, which name them by their index
 */
public record AsideFile(String path, List<String> files, long lines) implements Serializable {}
