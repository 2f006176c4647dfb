package dev.telltale.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawAnswer;
import dev.telltale.http.RawRequest;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// One case of a row of the table of bad inputs.
///
/// @param number the row's number in the table, from 1
/// @param what the input
/// @param leavesNothing whether all that is stored is as it was before
record Row(int number, String what, boolean leavesNothing, Check check) {

    Row(int number, String what, Check check) {
        this(number, what, false, check);
    }

    /// What is done to the service and must come of it.
    @FunctionalInterface
    interface Check {

        void on(Target target) throws IOException, InterruptedException;
    }

    /// A request that is answered by a problem and leaves nothing behind.
    ///
    /// @param expected the status and the type of the problem, or the status alone
    static Row refused(int number, String what, RawRequest request, String expected) {
        return new Row(number, what, true, target -> {
            String jobs = target.jobs();
            assertProblem(target.send(request), expected);
            assertThat(target.jobs()).isEqualTo(jobs);
        });
    }

    /// A request whose job fails and leaves nothing behind but the report of it.
    static Row failed(int number, String what, RawRequest request, String expected) {
        return new Row(number, what, true, target -> assertProblem(target.send(request), expected));
    }

    /// A request that is served.
    ///
    /// @param parts of the answer's body
    static Row taken(int number, String what, RawRequest request, int status, String... parts) {
        return new Row(number, what, target -> {
            RawAnswer answer = target.send(request);
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            for (String part : parts) {
                assertThat(answer.body()).contains(part);
            }
        });
    }

    /// A problem document (RFC 9457) with the status of its answer, and no word of what the service is made of.
    static JsonNode assertProblem(RawAnswer answer, String expected) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(Integer.parseInt(expected.substring(0, 3)));
        assertThat(answer.text()).containsIgnoringCase("\r\nContent-Type: application/problem+json");
        JsonNode problem = Target.JSON.readTree(answer.body());
        assertThat(problem.path("type").asString()).startsWith("/problems/");
        if (expected.length() > 3) {
            assertThat(problem.get("type").asString()).isEqualTo("/problems/" + expected.substring(4));
        }
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("instance").asString()).startsWith("/");
        for (JsonNode error : problem.path("errors")) {
            assertThat(error.path("detail").asString()).isNotBlank();
        }
        assertThat(answer.text()).doesNotContain("Exception", "dev.telltale", "org.", "java.", "\tat ", "/tmp/");
        return problem;
    }

    @Override
    public String toString() {
        return "row " + number + ": " + what;
    }
}
