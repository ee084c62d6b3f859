package io.firn;

import java.io.Serializable;

/**
 * A virtual cluster of EMR on EKS.
 *
 * @param virtualCluster its id
 * @param role with which jobs reach the lake, its ARN
 */
public record EmrEks(String virtualCluster, String role) implements Serializable {}
