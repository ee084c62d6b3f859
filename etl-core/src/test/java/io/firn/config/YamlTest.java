package io.firn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** YAML is data: no tag, no bomb, no surprise by a type nobody wrote. */
class YamlTest {
    /** Counts whenever somebody manages to have the gadget instantiated by a YAML file. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    /** What an attacker would name. */
    public static final class Gadget {
        public Gadget() {
            INSTANCES.incrementAndGet();
        }

        public Gadget(String unused) {
            INSTANCES.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: !!io.firn.config.YamlTest$Gadget {}",
                "a: !!io.firn.config.YamlTest$Gadget [x]",
                "!!io.firn.config.YamlTest$Gadget x",
                "? !!io.firn.config.YamlTest$Gadget x\n: b",
                "%TAG !f! tag:yaml.org,2002:io.firn.config.\n---\na: !f!YamlTest$Gadget [x]",
                "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://x/\"]]]]",
                "a: !!str 5",
                "a: !local 5",
                "a: ! 5"
            })
    void tagsAreRefusedAndNothingIsInstantiated(String text) {
        assertThat(problems(text)).isNotEmpty().allSatisfy(problem -> assertThat(problem)
                .matches("f:\\d+:\\d+: tag .* is not allowed; remove it"));
        assertThat(INSTANCES).hasValue(0);
    }

    @Test
    void aliasesThatUnfoldWithoutEndAreRefused() {
        String bomb = "a0: &a0 [x, x, x, x, x]\n"
                + IntStream.range(1, 10)
                        .mapToObj(i -> "a%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(5)))
                        .collect(Collectors.joining());
        assertThat(problems(bomb)).singleElement().asString().contains("more than 200000 values; aliases unfold");
    }

    @Test
    void tooManyAliasesAreRefused() {
        assertThat(problems("a: &a [x]\nb: [" + "*a, ".repeat(51) + "]\n"))
                .singleElement()
                .asString()
                .contains("f:1:1: not YAML: Number of aliases for non-scalar nodes exceeds the specified max=50");
    }

    @Test
    void valuesInsideThemselvesAreRefused() {
        assertThat(problems("a: &a [x, *a]")).containsExactly("f:1:4: an alias stands inside the value that it names");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(problems("a: " + "[".repeat(60) + "]".repeat(60)))
                .containsExactly("f:1:53: nested deeper than 50 levels");
        assertThat(problems("a: " + "[".repeat(1_000_000))).containsExactly("f:1:53: nested deeper than 50 levels");
    }

    @Test
    void duplicateKeysAreReportedAtTheSecond() {
        assertThat(problems("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"))
                .containsExactly(
                        "f:4:3: key \"c\" stands twice; the first is on line 3",
                        "f:5:1: key \"a\" stands twice; the first is on line 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1     | f:1:6: not YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>",
                "a: b: c   | f:1:5: not YAML: mapping values are not allowed here; quote a value that holds \": \"",
                "a: *b     | f:1:4: not YAML: found undefined alias b",
                "[a]: b    | f:1:1: a key must be a plain name",
                "<<: x     | f:1:1: << takes a mapping, as in <<: *base"
            })
    void whatIsNoYamlIsToldWhereItStands(String text, String problem) {
        assertThat(problems(text)).containsExactly(problem);
    }

    @Test
    void twoDocumentsAreRefused() {
        assertThat(problems("a: 1\n---\nb: 1\n")).singleElement().asString().contains("f:2:1: not YAML: ", "document");
    }

    @Test
    void scalarsHaveTheTypesThatTheyLookLike() {
        Tree tree = read("[no, yes, 12:30, 2021-07-21, 0x1F, 010, 1e3, 1.50, true, ~, '1', 99999999999999999999, .5]");
        assertThat(tree.json())
                .hasToString("[\"no\",\"yes\",\"12:30\",\"2021-07-21\",\"0x1F\",10,1E+3,1.50,true,null,\"1\","
                        + "99999999999999999999,0.5]");
    }

    @Test
    void mergeKeysInherit() {
        Tree tree = read("base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nc: {<<: [*b, *m], x: 5}\n");
        assertThat(tree.find(List.of("c")).json()).hasToString("{\"x\":5,\"y\":2,\"z\":4}");
        assertThat(tree.locate(List.of("c", "z")).line()).isEqualTo(2);
    }

    @Test
    void problemsStandAtTheValueOrAtTheKeyOfABlock() {
        Tree tree = read("a:\n  b: 1\n  c:\n    - d: 2\nempty:\n");
        assertThat(tree.locate(List.of("a"))).isEqualTo(new Position("f", 1, 1, null));
        assertThat(tree.locate(List.of("a", "b"))).isEqualTo(new Position("f", 2, 6, null));
        assertThat(tree.locate(List.of("a", "c", "0"))).isEqualTo(new Position("f", 4, 7, null));
        assertThat(tree.locate(List.of("a", "c", "0", "missing"))).isEqualTo(new Position("f", 4, 7, null));
        assertThat(tree.locate(List.of("a", "c", "7"))).isEqualTo(new Position("f", 3, 3, null));
        assertThat(tree.locate(List.of("empty"))).isEqualTo(new Position("f", 5, 1, null));
    }

    private static Tree read(String text) {
        Problems problems = new Problems();
        Tree tree = Yaml.document(text, "f", problems);
        assertThat(problems.all()).isEmpty();
        return tree;
    }

    private static List<String> problems(String text) {
        Problems problems = new Problems();
        Tree unused = Yaml.document(text, "f", problems);
        return problems.all().stream().map(Problem::toString).toList();
    }
}
