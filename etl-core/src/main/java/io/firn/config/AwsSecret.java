package io.firn.config;

import java.io.IOException;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** A key of a JSON object in AWS Secrets Manager, asked for with the credentials and the region of this process. */
final class AwsSecret implements Secrets.Provider {
    private final String name;
    private final String key;
    private String whyNot;

    AwsSecret(String name, String key) {
        this.name = name;
        this.key = key;
    }

    @Override
    public String secret() {
        try (SecretsManagerClient client = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            String text =
                    client.getSecretValue(request -> request.secretId(name)).secretString();
            String value = text == null ? null : Secrets.ofJson(text, key);
            whyNot = "secret " + name + " of AWS Secrets Manager has no key \"" + key + "\"";
            return value;
        } catch (IOException e) {
            // The cause may quote the secret.
            whyNot = "secret " + name + " of AWS Secrets Manager is no JSON object with a key \"" + key + "\"";
        } catch (SecretsManagerException e) {
            whyNot = "secret " + name + " of AWS Secrets Manager cannot be had: "
                    + e.awsErrorDetails().errorCode()
                    + "; look at its name and region, and allow secretsmanager:GetSecretValue on it";
        } catch (SdkException e) {
            whyNot = "AWS Secrets Manager cannot be asked for " + name + " ("
                    + e.getClass().getSimpleName() + "); set AWS_REGION and credentials for this process";
        } catch (NoClassDefFoundError e) {
            whyNot = "the AWS SDK is not on the class path, which EMR and the launcher have";
        }
        return null;
    }

    @Override
    public String whyNot() {
        return whyNot;
    }
}
