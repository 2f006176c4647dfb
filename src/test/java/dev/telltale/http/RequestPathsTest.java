package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequestWrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.junit.jupiter.api.Test;

class RequestPathsTest {

    private final org.apache.coyote.Request sent = new org.apache.coyote.Request();
    private final HttpServletRequestWrapper request =
            new HttpServletRequestWrapper(new Request(new Connector(), sent)) {
                @Override
                public String getContextPath() {
                    return "";
                }
            };

    @Test
    void takesAPathApartOnceForAllWrappersOfItsRequest() {
        sent.requestURI().setString("/api/v1/series");
        assertThat(RequestPaths.of(request).value()).isEqualTo("/api/v1/series");
        assertThat(RequestPaths.of(new HttpServletRequestWrapper(request))).isSameAs(RequestPaths.of(request));
    }

    @Test
    void looksAgainWhenARequestIsSentOn() {
        sent.requestURI().setString("/api/v1/series");
        assertThat(RequestPaths.of(request).value()).isEqualTo("/api/v1/series");
        sent.requestURI().setString("/error");
        assertThat(RequestPaths.of(request).value()).isEqualTo("/error");
    }
}
