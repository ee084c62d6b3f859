package io.firn.table;

/**
 * How often the AWS SDK asks Glue. Iceberg has no setting for it, and its own judgement of a commit whose answer was lost
 * rests on the SDK's retries: a commit that fails without one is taken for failed, and its metadata is deleted.
 */
final class GlueRetries {
    private static final String PROPERTY = "aws.maxAttempts";
    private static final String VARIABLE = "AWS_MAX_ATTEMPTS";
    private static final String ATTEMPTS = "10";

    private GlueRetries() {}

    /** Before the first client is made; what a user set stands. */
    static void prepare() {
        if (System.getProperty(PROPERTY) == null && System.getenv(VARIABLE) == null) {
            System.setProperty(PROPERTY, ATTEMPTS);
        }
    }
}
