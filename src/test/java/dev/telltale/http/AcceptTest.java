package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

class AcceptTest {

    private static final MediaType CSV = MediaType.valueOf("text/csv");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            */*                                      | application/json
            text/*                                   | text/csv
            text/csv, application/json               | application/json
            text/csv;q=0.5, application/json;q=0.9   | application/json
            text/csv;q=0.9, application/json;q=0.5   | text/csv
            */*;q=0.1, text/csv                      | text/csv
            application/json;q=0.2, */*;q=0.3        | text/csv
            application/json;q=0, */*                | text/csv
            text/html, text/*;q=0.1                  | text/csv
            """)
    void findsTheFormThatIsLikedBest(String header, String form) {
        assertThat(new Accept(MediaType.parseMediaTypes(header)).best(MediaType.APPLICATION_JSON, CSV))
                .hasToString(form);
    }

    @Test
    void takesTheFirstFormIfNothingIsSaid() {
        assertThat(new Accept(List.of()).best(CSV, MediaType.APPLICATION_JSON)).isEqualTo(CSV);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json;q=0", "*/*, text/*;q=0, application/*;q=0"})
    void saysWhichFormsThereAreToWhoTakesNone(String header) {
        Accept accept = new Accept(MediaType.parseMediaTypes(header));

        assertThatThrownBy(() -> accept.best(MediaType.APPLICATION_JSON, CSV))
                .hasMessageContaining("application/json, text/csv only");
    }
}
