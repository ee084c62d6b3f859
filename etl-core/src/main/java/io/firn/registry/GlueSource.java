package io.firn.registry;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.GlueClientBuilder;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionResponse;

/** The one question to AWS Glue that reading takes. The AWS SDK is the cluster's own. */
final class GlueSource implements CachedSchemas.Source {
    /** Nobody's. */
    private static final String NIL = "00000000-0000-0000-0000-000000000000";

    private final String region;
    private final String endpoint;
    private transient GlueClient client;

    private GlueSource(String region, String endpoint) {
        this.region = region;
        this.endpoint = endpoint;
    }

    /** Throws NoClassDefFoundError where the SDK is missing. */
    static GlueSource of(String region, String endpoint) {
        GlueClient.serviceMetadata();
        return new GlueSource(region, endpoint);
    }

    @Override
    public String place() {
        return endpoint != null ? endpoint : "AWS Glue" + (region == null ? "" : " in " + region);
    }

    @Override
    public void ping() throws CachedSchemas.Busy {
        fetch(NIL);
    }

    @Override
    public Optional<RegisteredSchema> fetch(String id) throws CachedSchemas.Busy {
        if (id.length() != NIL.length()) {
            return Optional.empty();
        }
        try {
            GetSchemaVersionResponse found = client().getSchemaVersion(request -> request.schemaVersionId(id));
            return Optional.of(new RegisteredSchema(found.dataFormatAsString(), found.schemaDefinition(), List.of()));
        } catch (EntityNotFoundException e) {
            return Optional.empty();
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || e.statusCode() >= 500) {
                throw new CachedSchemas.Busy("it answers with status " + e.statusCode(), e);
            }
            throw new RegistryUnavailable(place(), e.getMessage(), e);
        } catch (SdkClientException e) {
            throw new CachedSchemas.Busy(e.getMessage(), e);
        }
    }

    private synchronized GlueClient client() {
        if (client == null) {
            GlueClientBuilder builder = GlueClient.builder()
                    .httpClientBuilder(UrlConnectionHttpClient.builder())
                    // Whoever holds schemas asks again.
                    .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
            if (region != null) {
                builder.region(Region.of(region));
            }
            if (endpoint != null) {
                builder.endpointOverride(URI.create(endpoint));
            }
            client = builder.build();
        }
        return client;
    }
}
