package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadFormatTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            text/csv;charset=utf-8,   a.json,        CSV
            application/json,         a.csv,         JSON
            Application/X-NDJSON,     -,             NDJSON
            application/octet-stream, a.NDJSON,      NDJSON
            text/plain,               ../../b.jsonl, NDJSON
            -,                        a.json,        JSON
            application/vnd.ms-excel, a.csv,         CSV
            -,                        -,             CSV
            """)
    void goesByTheMediaTypeThenByTheNameElseIsCsv(@Nullable String type, @Nullable String name, UploadFormat format) {
        assertThat(UploadFormat.ofFile(Optional.ofNullable(type), Optional.ofNullable(name)))
                .isEqualTo(format);
    }
}
