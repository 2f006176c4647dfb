package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

    @ParameterizedTest
    @CsvSource({
        "fpu fma avx2 avx512f avx512dq avx512bw avx512vl, avx512",
        "fpu avx2 avx512f avx512dq avx512bw avx512vl,     default",
        "fpu fma avx2 avx512f avx512dq,                   avx2",
        "fpu avx,                                         default"
    })
    void choosesVectorInstructionsAsTheEngineDoes(String flags, String vectors) {
        List<String> description = List.of(
                "processor\t: 0", "model name\t: Some Processor @ 2.10GHz", "flags\t\t: " + flags, "processor\t: 1");

        assertThat(Processor.of(description, Map.of())).isEqualTo(new Processor("Some Processor @ 2.10GHz", vectors));
        assertThat(Processor.of(description, Map.of("ATEN_CPU_CAPABILITY", "AVX2"))
                        .vectors())
                .isEqualTo("avx2");
    }

    @Test
    void namesTheArchitectureWhereNothingIsSaid() {
        assertThat(Processor.of(List.of(), Map.of()).name()).isEqualTo(System.getProperty("os.arch"));
    }
}
