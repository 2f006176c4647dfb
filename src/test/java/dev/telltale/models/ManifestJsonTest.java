package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestJsonTest {

    /// What is wrong is said in our words, with the place, what was expected and what came.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "version":1      | "version":0        | : version must be at least 1, was 0
            "version":1      | "version":"one"    | ' at /version: expected a whole number, got a text'
            "version":1      | "version":99999999999 | ' at /version: the number does not fit; send a smaller one'
            "bestEpoch":2    | "bestEpoch":3      | ': bestEpoch must be from 1 to 2, the epochs run, was 3'
            "bestEpoch":2    | "bestEpoch":-7     | ': bestEpoch must be from 1 to 2, the epochs run, was -7'
            "bestEpoch":2    | "bestEpoch":2,"a":1 | ' at /a: ''a'' is not known here; known are '
            "bestEpoch":2,   | ''                 | ' at /bestEpoch: the property is required'
            "trainingSeconds":1.5 | "trainingSeconds":-1 | ': trainingSeconds must be at least 0 and finite, was -1.0'
            "trainingSeconds":1.5 | "trainingSeconds":1e999 | at /trainingSeconds: expected a number
            "origin":1704067200000 | "origin":-9223372036854775808 | ' at /grid: origin must be a time from the year 0 to 9999, was -9223372036854775808'
            "interval":60000 | "interval":0       | ' at /grid: interval must be from 1 to '
            "instance":"i-1" | "in stance":"i-1"  | ' at /sources/0: ''in stance'' is not a label name'
            "instance":"i-1" | "instance":"i\\u000a1" | ' at /sources/0: the value of label ''instance'' has a control character'
            "name":"cpu","labels" | "name":"17","labels" | ' at /sources/0: ''17'' is not a series name'
            "id":"17"        | "id":"seventeen"   | ' at /sources/0: an id is up to 19 digits, was ''seventeen'''
            "fingerprint":"ab | "fingerprint":"xy | ' at /sources/0: a fingerprint is 64 hexadecimal digits, was ''xy'
            "samples":1000   | "samples":0        | ' at /sources/0: samples must be at least 1, was 0'
            "start":"2024    | "start":"2025      | ' at /sources/0: the samples end at 2024-01-01T16:39:00Z, before they start at 2025-01-01T00:00:00Z'
            "start":"2024    | "start":"1924      | ' at /sources/0: samples lie from 2000-01-01T00:00:00Z to 2100-01-01T00:00:00Z, one was at 1924-01-01T00:00:00Z'
            "epoch":2        | "epoch":1          | ': history must tell of epoch 2 next, tells of 1'
            "epoch":2        | "epoch":20000      | ' at /history/1: an epoch is from 1 to 10000, was 20000'
            "trainLoss":0.25 | "trainLoss":-1     | ' at /history/0: trainLoss must be from 0 to 1.7976931348623157E308, was -1.0'
            "trainAccuracy":0.5 | "trainAccuracy":5 | ' at /history/0: trainAccuracy must be from 0 to 1.0, was 5.0'
            "offset":10.0,"scale":4.0 | "offset":10.0,"scale":0 | ' at /scaling/channels/0: cannot scale by offset 10.0 and scale 0.0'
            "line":0.9       | "line":-1          | ' at /scoring: no score is 1 at an error of -1.0'
            "preset":"base"  | "preset":"manufacturing" | ': '
            """)
    void saysInItsOwnWordsWhatIsWrongWithAManifest(String before, String after, String reason) {
        String text = ManifestJson.write(TestModels.saved("cpu").manifest());
        assertThat(text).contains(before);

        assertThatThrownBy(() -> ManifestJson.read(text.replace(before, after)))
                .isInstanceOf(DamagedFileException.class)
                .message()
                .startsWith("its manifest cannot be read")
                .contains(reason)
                .doesNotContain("dev.telltale", "java.", "jackson", "Cannot", "[Source");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"formatVersion" | its manifest cannot be read: the body is not well-formed JSON
            ''               | its manifest cannot be read: the body is empty; send a JSON object
            [1]              | its manifest is no JSON object
            null             | its manifest is no JSON object
            {}               | its manifest is of no format version, this service reads versions 1 to 3
            {"formatVersion":"2"} | its manifest is of no format version, this service reads versions 1 to 3
            {"formatVersion":0} | its manifest is of format version 0, this service reads versions 1 to 3
            """)
    void saysInItsOwnWordsWhatIsNoManifest(String text, String reason) {
        assertThatThrownBy(() -> ManifestJson.read(text))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage(reason);
    }

    @Test
    void readsAManifestOfFormatVersion2AsOneWithoutAPartner() throws DamagedFileException {
        String text = ManifestJson.write(TestModels.saved("cpu").manifest());
        String older = text.replace("\"formatVersion\":3", "\"formatVersion\":2")
                .replace(",\"partner\":null", "")
                .replace(",\"evidence\":[]", "");
        assertThat(older).hasSizeLessThan(text.length() - 40);

        assertThat(ManifestJson.write(ManifestJson.read(older))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "partner":{"kind":"random-cut-forest"}} | "partner":null} | ': a partner is told of'
            "kind":"random-cut-forest" | "kind":"robust-z-score" | ': partner.channels must tell of 2 series, tells of 0'
            "channels":null            | "channels":[{"center":0,"deviation":1}] | ': partner.channels must tell of 0 series, tells of 1'
            "channels":null            | "channels":[{"center":0,"deviation":0}] | ' at /partner/channels/0: nothing is 0.0 give or take 0.0'
            """)
    void holdsAPartnerAgainstTheSpecification(String before, String after, String reason) {
        String text = ManifestJson.write(TestModels.hybrid("cpu").manifest());
        assertThat(text).contains(before);

        assertThatThrownBy(() -> ManifestJson.read(text.replace(before, after)))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void showsNoMoreOfAManifestThanFitsALine() {
        String text = ManifestJson.write(TestModels.saved("cpu").manifest())
                .replaceFirst("\\{", "{\"" + "x\\\\n".repeat(100_000) + "\":1,");

        assertThatThrownBy(() -> ManifestJson.read(text))
                .isInstanceOf(DamagedFileException.class)
                .message()
                .hasSizeLessThan(1_000)
                .doesNotContain("\n");
    }
}
