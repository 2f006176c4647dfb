package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JobProgressTest {

    @Test
    void whatIsNotFiniteIsUnknown() {
        assertThat(new JobProgress.Training(1, 2, Double.NaN, Double.POSITIVE_INFINITY, null))
                .isEqualTo(new JobProgress.Training(1, 2, null, null, null));
    }

    @Test
    void isReadBackAsWhatItWas() {
        JobProgress upload = new JobProgress.Upload(3, 60, 100);
        JsonMapper json = JsonMapper.shared();
        String text = json.writeValueAsString(upload);

        assertThat(text).isEqualTo("{\"rows\":3,\"bytes\":60,\"totalBytes\":100}");
        assertThat(json.readValue(text, JobProgress.class)).isEqualTo(upload);
    }

    @Test
    void noMoreBytesAreReadThanThereAre() {
        assertThatThrownBy(() -> new JobProgress.Upload(3, 101, 100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noMoreEpochsAreDoneThanPlanned() {
        assertThatThrownBy(() -> new JobProgress.Training(3, 2, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
