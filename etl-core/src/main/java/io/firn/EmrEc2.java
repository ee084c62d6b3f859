package io.firn;

import java.io.Serializable;

/**
 * Clusters of EC2 machines.
 *
 * @param subnet in which their machines lie, subnet-0a1b
 * @param serviceRole that EMR takes to start machines, its name or ARN
 * @param instanceProfile of the machines, with which jobs reach the lake
 */
public record EmrEc2(String subnet, String serviceRole, String instanceProfile) implements Serializable {}
