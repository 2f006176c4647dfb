package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresentedTest {

    @Test
    void findsTheIdOfAKeyWhereverItStands() {
        assertThat(new Presented("Bearer tt_ab12_s_e-cret", null).keyId()).contains("ab12");
        assertThat(new Presented("bearer  tt_ab12_secret", null).keyId()).contains("ab12");
        assertThat(new Presented("Basic " + base64("anybody:tt_ab12_secret"), null).keyId())
                .contains("ab12");
        assertThat(new Presented(null, "tt_ab12_secret").keyId()).contains("ab12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
                "Bearer tt_ab12",
                "Bearer tt__x",
                "Bearer tt_a-b_x",
                "Basic ***",
                "Basic",
                "Bearer",
                "",
                "tt_ab12_secret",
                "Digest tt_ab12_secret",
                "Bearer tt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_x"
            })
    void findsNoIdInWhatIsNoKey(String authorization) {
        Presented presented = new Presented(authorization, null);
        assertThat(presented.isAny()).isTrue();
        assertThat(presented.keyId()).isEmpty();
    }

    @Test
    void isAbsentWithoutAHeader() {
        assertThat(new Presented(null, null).isAny()).isFalse();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
