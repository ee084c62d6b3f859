package io.firn.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import io.firn.registry.Glue;

/** Firn's jar does without the AWS SDK, which clusters have and the launcher brings. */
class GlueRegistryTest {
    @Test
    void withoutTheSdkAPersonIsToldWhereToGetIt() throws ReflectiveOperationException, IOException {
        try (URLClassLoader bare = withoutTheSdk()) {
            Class<?> glue = bare.loadClass(Glue.class.getName());
            Object registry = glue.getConstructors()[0].newInstance("eu-central-1", null, null);

            assertThatThrownBy(() -> glue.getMethod("open").invoke(registry))
                    .cause()
                    .hasMessageContaining("the AWS SDK is not on the classpath")
                    .hasMessageContaining("add software.amazon.awssdk:glue and url-connection-client to Spark's jars");
        }
    }

    private static URLClassLoader withoutTheSdk() {
        URL[] jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> !jar.contains("awssdk"))
                .map(GlueRegistryTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String jar) {
        try {
            return Path.of(jar).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
