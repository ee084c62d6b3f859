package io.firn.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that no client can be made of are told with what is wrong, and without the secrets in them. */
class TopicsTest {
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "required password=\"hunter2\", JAAS config entry not terminated by semi-colon",
                "required password=\"hun\"ter2\";, Value not specified for key *** in JAAS config",
                "hunter2;, Invalid login module control flag *** in JAAS config",
            })
    void loginsThatCannotBeRead(String jaas, String why) {
        assertThatThrownBy(() -> open("SASL_PLAINTEXT", "sasl.jaas.config", JAAS + " " + jaas))
                .isInstanceOf(SourceUnavailable.class)
                .hasNoCause()
                .hasMessage("Kafka at 127.0.0.1:1 cannot be asked: " + why
                        + ". Nothing was loaded; check brokers and settings, and run again");
    }

    @Test
    void aTrustStoreThatIsNotThere() {
        assertThatThrownBy(() -> open("SSL", "ssl.truststore.location", "/no/such.jks"))
                .hasMessageContaining("Failed to load SSL keystore /no/such.jks of type JKS");
    }

    private static Topics open(String protocol, String name, String value) {
        Map<String, String> settings = Map.of("security.protocol", protocol, "sasl.mechanism", "PLAIN", name, value);
        return Topics.open(new Debezium("127.0.0.1:1", "a.b.c", null, null, settings, null, null, null, null, null));
    }
}
