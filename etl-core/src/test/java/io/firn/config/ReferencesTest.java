package io.firn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References to the environment are read at once, secrets only where they are used. */
class ReferencesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOST", "db1", "N", "5", "PW", "hunter2");

    @Test
    void environmentIsReadIntoValues() {
        assertThat(replaced("a: jdbc://${env:HOST}:${env:PORT:-5432}/x\nn: ${env:N}\nq: \"${env:N}\"\nd: $${env:N}"))
                .isEqualTo("{\"a\":\"jdbc://db1:5432/x\",\"n\":5,\"q\":\"5\",\"d\":\"${env:N}\"}");
    }

    @Test
    void secretsStayReferencesAndSoDoesWhatSoundsLikeOne() {
        assertThat(replaced("a: ${secret:env:PW}\nclient-secret: ${env:PW}\nuser.password: \"x${env:PW}\""))
                .isEqualTo("{\"a\":\"${secret:env:PW}\",\"client-secret\":\"${secret:env:PW}\","
                        + "\"user.password\":\"x${secret:env:PW}\"}");
        assertThat(replaced(
                        "sasl.jaas.config: a ${env:PW};\nssl.keystore.key: ${env:PW}\nssl.keystore.type: ${env:PW}"))
                .isEqualTo("{\"sasl.jaas.config\":\"a ${secret:env:PW};\",\"ssl.keystore.key\":\"${secret:env:PW}\","
                        + "\"ssl.keystore.type\":\"hunter2\"}");
    }

    @Test
    void unknownReferencesAreReportedWhereTheyStand() {
        Problems problems = new Problems();
        Tree tree = Yaml.document("a: ${env:NONE}\nb: [x, \"${vault:y}\", \"${secret:aws-sm:name}\"]\n", "f", problems);
        Tree unused = new References(ENVIRONMENT, problems).replaced(tree);
        assertThat(problems.all())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo("f:1:4: environment variable NONE is not set; set it, or write"
                                        + " ${env:NONE:-default}"),
                        two -> assertThat(two).startsWith("f:2:8: ${vault:y} is not a reference; write ${env:NAME}"),
                        three -> assertThat(three).startsWith("f:2:22: ${secret:aws-sm:name} is not a reference"));
    }

    @Test
    void secretsAreResolvedWhereTheyLie(@TempDir Path folder) throws IOException {
        Path properties = Files.writeString(folder.resolve("s.properties"), "db.password = p w\n");
        Path json = Files.writeString(folder.resolve("s.json"), "{\"token\": \"t$1\"}");
        assertThat(Secrets.resolve("a=${secret:env:PW};", ENVIRONMENT)).isEqualTo("a=hunter2;");
        assertThat(Secrets.resolve("${secret:file:" + properties + "#db.password}"))
                .isEqualTo("p w");
        assertThat(Secrets.resolve("${secret:file:" + json + "#token}")).isEqualTo("t$1");
        assertThat(Secrets.resolve("plain ${env:X}")).isEqualTo("plain ${env:X}");
    }

    @Test
    void aSecretThatCannotBeHadNamesItsReferenceOnly(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("s.json"), "{\"token\": hunter2}");
        List<String> references = List.of(
                "${secret:env:NO_SUCH}", "${secret:file:" + broken + "#token}", "${secret:file:/no/such/file#x}");
        List<String> reasons = List.of(
                "environment variable NO_SUCH is not set",
                "no key \"token\" in " + broken + ", or the file cannot be read as JSON",
                "no key \"x\" in /no/such/file, or the file cannot be read as properties");
        for (int i = 0; i < references.size(); i++) {
            String reference = references.get(i);
            assertThatThrownBy(() -> Secrets.resolve("x" + reference, ENVIRONMENT))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(reference + ": " + reasons.get(i));
        }
    }

    @Test
    void maskedTextShowsNoReference() {
        assertThat(Secrets.masked("a ${secret:env:PW} b ${secret:file:/x#y}")).isEqualTo("a *** b ***");
    }

    private static String replaced(String text) {
        Problems problems = new Problems();
        Tree tree = Yaml.document(text, "f", problems);
        String json =
                new References(ENVIRONMENT, problems).replaced(tree).json().toString();
        assertThat(problems.all()).isEmpty();
        return json;
    }
}
