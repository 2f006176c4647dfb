package dev.telltale.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PrettyJsonTest {

    private static final Json JSON = new Json();

    @Test
    void putsEachMemberOnALineOfItsOwn() throws IOException {
        assertThat(laidOut("{\"a\":[1,2.50],\"b\":{\"c\":null},\"d\":[],\"e\":{}}"))
                .isEqualTo("""
                {
                  "a": [
                    1,
                    2.50
                  ],
                  "b": {
                    "c": null
                  },
                  "d": [],
                  "e": {}
                }""");
    }

    @Test
    void leavesTextsAsTheyAre() throws IOException {
        String text = "\" {[,:]} \\\" \\\\\"";

        assertThat(laidOut(text)).isEqualTo(text);
        assertThat(laidOut("[" + text + "]")).isEqualTo("[\n  " + text + "\n]");
    }

    @Test
    void doesNotMindWhereABodyIsCut() throws IOException {
        String plain = "[{\"ä\\\"\":[true,[{}],\"€\"],\"x\":-1e-7}, [ ], {\"y\" : \"\\\\\"}]";
        String whole = laidOut(plain);
        byte[] bytes = plain.getBytes(UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrettyJson pretty = new PrettyJson(out);
            pretty.write(bytes, 0, cut);
            pretty.write(bytes, cut, bytes.length - cut);
            assertThat(out.toString(UTF_8)).isEqualTo(whole);
        }
        assertThat(JSON.mapper().readTree(whole)).isEqualTo(JSON.mapper().readTree(plain));
    }

    private static String laidOut(String json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrettyJson(out).write(json.getBytes(UTF_8));
        return out.toString(UTF_8);
    }
}
