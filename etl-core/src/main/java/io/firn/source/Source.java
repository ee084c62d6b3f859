package io.firn.source;

import java.io.Serializable;

/** Where rows come from; YAML names the kind by {@code type}. */
public sealed interface Source extends Serializable permits JsonDump {}
