package io.firn.registry;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.GlueClientBuilder;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionRequest;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionResponse;

/** The questions to AWS Glue that reading takes. The AWS SDK is the cluster's own. */
final class GlueSource implements CachedSchemas.Source {
    /** Nobody's. */
    private static final String NIL = "00000000-0000-0000-0000-000000000000";

    private static final String VALUE = "-value";

    private final String region;
    private final String endpoint;
    private final String name;
    private transient GlueClient client;

    private GlueSource(String region, String endpoint, String name) {
        this.region = region;
        this.endpoint = endpoint;
        this.name = name;
    }

    /** Throws NoClassDefFoundError where the SDK is missing. */
    static GlueSource of(String region, String endpoint, String name) {
        GlueClient.serviceMetadata();
        return new GlueSource(region, endpoint, name);
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
        return answer(request -> request.schemaVersionId(id)).map(GlueSource::schema);
    }

    /** AWS's serializers name a schema like its topic unless told otherwise. */
    @Override
    public Optional<LatestSchema> latest(String subject) throws CachedSchemas.Busy {
        Optional<LatestSchema> found = named(subject);
        return found.isPresent() || !subject.endsWith(VALUE)
                ? found
                : named(subject.substring(0, subject.length() - VALUE.length()));
    }

    private Optional<LatestSchema> named(String schema) throws CachedSchemas.Busy {
        return answer(request -> request.schemaId(id -> id.registryName(name).schemaName(schema))
                        .schemaVersionNumber(number -> number.latestVersion(true)))
                .map(found -> new LatestSchema(
                        found.schemaVersionId(), found.versionNumber().intValue(), schema(found)));
    }

    private static RegisteredSchema schema(GetSchemaVersionResponse found) {
        return new RegisteredSchema(found.dataFormatAsString(), found.schemaDefinition(), List.of());
    }

    private Optional<GetSchemaVersionResponse> answer(Consumer<GetSchemaVersionRequest.Builder> question)
            throws CachedSchemas.Busy {
        try {
            return Optional.of(client().getSchemaVersion(question));
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
