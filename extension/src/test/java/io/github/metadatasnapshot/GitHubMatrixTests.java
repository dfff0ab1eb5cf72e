package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.Console;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubMatrixTests {

    private static String json(Object... arguments) {
        return GitHubMatrix.json(Stream.of(arguments)
                .map(each -> each instanceof Class<?> type ? type.getName() : each.toString())
                .toList());
    }

    @Test
    void hasAnEntryForEachDatabaseOfTheClasses() {
        assertThat(json(SeveralTestCases.class, OneTestCases.class, OneTestCases.Inner.class))
                .isEqualTo("{\"include\":[{\"database\":\"postgres:17\",\"shard\":\"1/1\"},"
                        + "{\"database\":\"mysql:9.7\",\"shard\":\"1/1\"},"
                        + "{\"database\":\"registry.example/metadata:3 as postgres\",\"shard\":\"1/1\"}]}");
    }

    @Test
    void hasAnEntryForEachShard() {
        assertThat(json("--shards", "2", OneTestCases.class))
                .isEqualTo("{\"include\":[{\"database\":\"registry.example/metadata:3 as postgres\",\"shard\":\"1/2\"},"
                        + "{\"database\":\"registry.example/metadata:3 as postgres\",\"shard\":\"2/2\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two", "1000"})
    void takesNoOtherNumberOfShards(String shards) {
        assertThatThrownBy(() -> json(OneTestCases.class, "--shards", shards))
                .hasMessage("--shards '" + shards + "': it takes a number from 1 on");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> json()).hasMessageStartingWith("Which tests? Name the classes");
        assertThatThrownBy(() -> json("--shards")).hasMessage("--shards '': it takes a number from 1 on");
        assertThatThrownBy(() -> json("org.example.Gone"))
                .hasMessage("There is no class org.example.Gone on the class path, which has to be that of the tests");
        assertThatThrownBy(() -> json(GitHubMatrixTests.class))
                .hasMessage(GitHubMatrixTests.class.getName() + " names no database in @MetadataSnapshot");
        assertThatThrownBy(() -> json(OracleTestCases.class))
                .hasMessageStartingWith("No database engine is known for 'oracle:23'");
    }

    @Test
    void isNotLargerThanGitHubTakes() {
        assertThatThrownBy(() -> json("--shards", "200", SeveralTestCases.class))
                .hasMessage("There are 400 jobs, of which GitHub runs 256 at most: take fewer shards");
    }

    @Test
    void goesToTheStandardOutput() {
        List<String> printed = Console.lines(() -> GitHubMatrix.main(new String[] {OneTestCases.class.getName()}));

        assertThat(printed)
                .containsExactly(
                        "{\"include\":[{\"database\":\"registry.example/metadata:3 as postgres\",\"shard\":\"1/1\"}]}");
    }

    @MetadataSnapshot(databases = {"postgres:17", "mysql:9.7"})
    static class SeveralTestCases {}

    @MetadataSnapshot(database = "registry.example/metadata:3 as postgres")
    static class OneTestCases {
        static class Inner {}
    }

    @MetadataSnapshot(database = "oracle:23")
    static class OracleTestCases {}
}
