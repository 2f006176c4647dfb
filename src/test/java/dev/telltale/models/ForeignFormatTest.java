package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFormatTest {

    @ParameterizedTest
    @CsvSource({
        "504b030400000800, ZIP",
        "504b050600000000, ZIP",
        "80028a0a6cfc9c46f9, PICKLE", // torch.save before 1.6
        "80049516000000000000007d94, PICKLE",
        "1f8b080000000000, GZIP",
        "1f8b08000000000000037b, GZIP",
        "fd377a585a000004, XZ",
        "894844460d0a1a0a00, HDF5"
    })
    void knowsFormatsByHowTheyBegin(String beginning, ForeignFormat expected) {
        assertThat(ForeignFormat.of(HexFormat.of().parseHex(beginning))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cos\\nsystem\\n(S'true'\\ntR.              | TEXT_PICKLE
            ctorch._utils\\n_rebuild_tensor_v2\\np0\\n | TEXT_PICKLE
            (dp0\\nS'weight'\\n                        | TEXT_PICKLE
            """)
    void knowsPicklesThatAreText(String text, ForeignFormat expected) {
        assertThat(ForeignFormat.of(text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1)))
                .contains(expected);
    }

    @Test
    void knowsTarByItsMark() {
        byte[] tar = new byte[512];
        System.arraycopy("weights.pt".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 10);
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

        assertThat(ForeignFormat.of(tar)).contains(ForeignFormat.TAR);
        assertThat(ForeignFormat.of(Arrays.copyOf(tar, 200))).isEmpty();
    }

    /// The first bytes of a header's length can be those of any other format.
    @ParameterizedTest
    @CsvSource({"80020000000000007b22, a pickle's", "1f8b0800000000007b22, gzip's"})
    void takesNoSafetensorsHeaderForAnotherFormat(String beginning, String whose) {
        assertThat(ForeignFormat.of(HexFormat.of().parseHex(beginning)))
                .as(whose)
                .isEmpty();
    }

    @Test
    void knowsNothingOfOtherBytes() {
        assertThat(ForeignFormat.of(new byte[0])).isEmpty();
        assertThat(ForeignFormat.of("{\"a\":1}".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
