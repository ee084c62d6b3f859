package io.firn.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;
import io.firn.config.Secrets;

/**
 * A registry with Confluent's REST interface.
 *
 * @param url its address, up to where {@code /schemas} begins
 * @param user who asks, with basic authentication; null: nobody by name
 * @param password the user's, as a reference; null: none
 * @param token a bearer token, as a reference; null: none
 */
public record Confluent(String url, String user, String password, String token) implements Registry {
    private static final Duration PAUSE = Duration.ofMillis(250);

    @Override
    public void check(Scope scope) {
        if (url != null && !url.contains("${") && !isHttp(url)) {
            scope.at("url").problem("url is the address of a registry, such as https://registry.example.com");
        }
        if (url != null && url.contains("@")) {
            scope.at("url").problem("url must not hold a user or a password; write them under user and password");
        }
        if ((user == null) != (password == null)) {
            scope.problem("user and password belong together");
        }
        if (user != null && token != null) {
            scope.at("token").problem("a registry is asked with a user or with a token, not with both");
        }
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public Confluent located(UnaryOperator<String> absolute) {
        return this;
    }

    @Override
    public Schemas open() {
        return new CachedSchemas(
                new ConfluentSource(Secrets.resolve(url).replaceFirst("/+$", ""), authorization()), PAUSE);
    }

    private String authorization() {
        if (token != null) {
            return "Bearer " + Secrets.resolve(token);
        }
        if (user == null) {
            return null;
        }
        byte[] pair = (Secrets.resolve(user) + ":" + Secrets.resolve(password)).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
