package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainAddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/%6Beys", "/%61pi/v1/models", "/a%2e", "/%4A", "/x%5F", "/a%2db", "/%20%30", "/%39"})
    void findsCodesOfLettersAndDigits(String path) {
        assertThat(PlainAddresses.holdsCodeOfAPlainCharacter(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/keys", "/a%20b", "/%C3%A9", "/%3A", "/%7E", "/%", "/%6", "/%zz", "/%40%5B%60%7B%2F%3a"})
    void letsOtherCodesPass(String path) {
        assertThat(PlainAddresses.holdsCodeOfAPlainCharacter(path)).isFalse();
    }

    @Test
    void letsPassWhatClientsEncode() {
        for (char character = ' '; character < 0x250; character++) {
            String encoded = URLEncoder.encode(String.valueOf(character), StandardCharsets.UTF_8);
            assertThat(PlainAddresses.holdsCodeOfAPlainCharacter("/" + encoded))
                    .as(encoded)
                    .isFalse();
        }
    }
}
