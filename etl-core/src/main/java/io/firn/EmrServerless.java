package io.firn;

import java.io.Serializable;

/**
 * An application of EMR Serverless.
 *
 * @param application its id
 * @param role with which jobs reach the lake, its ARN
 */
public record EmrServerless(String application, String role) implements Serializable {}
