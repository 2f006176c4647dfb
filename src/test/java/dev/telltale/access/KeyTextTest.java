package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class KeyTextTest {

    private static final String ZEROS = "A".repeat(43);

    @TempDir
    private Path directory;

    @Test
    void holds256RandomBits() {
        Set<String> secrets =
                Stream.generate(() -> KeyText.fresh().secret()).limit(1000).collect(Collectors.toSet());
        assertThat(secrets)
                .hasSize(1000)
                .allMatch(secret -> Base64.getUrlDecoder().decode(secret).length == 32);
        assertThat(Stream.generate(() -> KeyText.fresh().id()).limit(1000).distinct())
                .hasSize(1000);
    }

    @Test
    void isReadAsItWasWrittenAlsoWithUnderscoresInItsSecret() {
        for (int i = 0; i < 1000; i++) {
            KeyText key = KeyText.fresh();
            assertThat(KeyText.parse(key.written())).contains(key);
        }
        assertThat(KeyText.parse("tt_abc123_" + "_".repeat(43))).contains(new KeyText("abc123", "_".repeat(43)));
    }

    @Test
    void isKnownByTheHashOfItsSecret() {
        // printf 'A%.0s' $(seq 43) | sha256sum
        assertThat(HexFormat.of().formatHex(new KeyText("abc123", ZEROS).hash()))
                .isEqualTo("0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a");
    }

    @Test
    void hidesItsSecretWhereItIsPrinted() {
        assertThat(KeyText.parse("tt_abc123_" + ZEROS)).hasToString("Optional[tt_abc123_…]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tt_", "tt_abc123", "tt_abc123_", "tt_ABC123_", "tt__", "TT_abc123_", "tt_abc-1_"})
    void isNothingElse(String begin) {
        assertThat(KeyText.parse(begin)).isEmpty();
        String secret = begin.equals("tt_abc123_") ? "A".repeat(42) : ZEROS;
        assertThat(KeyText.parse(begin + secret)).isEmpty();
        assertThat(KeyText.parse("tt_abc123_" + ZEROS + "\n")).isEmpty();
        assertThat(KeyText.parse("tt_abc123_" + "A".repeat(42) + "=")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n", "%s\r\n"})
    void standsAloneInAFile(String content) throws Exception {
        KeyText key = KeyText.fresh();
        Path file = Files.writeString(directory.resolve("key"), content.formatted(key.written()));
        assertThat(KeyFile.read(file)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "%s\n\n", " %s", "%s ", "%1$s\n%1$s\n", "key: %s", "tt_abc_short"})
    void isNotFoundInAFileOfAnotherForm(String content) throws Exception {
        KeyText key = KeyText.fresh();
        Path file = Files.writeString(directory.resolve("key"), content.formatted(key.written()));
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(AccessRefused.class)
                .hasMessageContaining("does not hold one key")
                .message()
                .doesNotContain(key.secret());
    }

    @Test
    void aFileThatCannotBeReadStopsTheStart() {
        assertThatThrownBy(() -> KeyFile.read(directory.resolve("none")))
                .isInstanceOf(AccessRefused.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> KeyFile.read(directory)).isInstanceOf(AccessRefused.class);
    }

    @Test
    void aFileThatOthersMayReadIsWarnedOf(CapturedOutput output) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), KeyText.fresh().written());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        KeyFile.read(file);
        assertThat(output).doesNotContain("may be read by every user");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        KeyFile.read(file);
        assertThat(output).contains("may be read by every user");
    }
}
