package io.firn.transform;

import java.io.Serializable;

import org.apache.spark.sql.types.DataType;

/** Where a value lies while a row runs through a program: row 0 is the input, each step that computes has its own. */
record Variable(int row, int ordinal, DataType type) implements Serializable {}
