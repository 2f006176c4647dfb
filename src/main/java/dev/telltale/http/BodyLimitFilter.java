package dev.telltale.http;

import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Lets a body through only as far as its limit, inflates `gzip`, and refuses other codings and charsets
/// than UTF-8. A body whose announced length is too large is not read at all.
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([^\";\\s]+)");

    /// The route that knows another coding, and decodes it itself.
    private static final PathPattern SNAPPY =
            PathPatternParser.defaultInstance.parse("/api/v1/ingest/prometheus/write");

    private final HttpProperties limits;
    private final EarlyAnswers answers;

    BodyLimitFilter(HttpProperties limits, EarlyAnswers answers) {
        this.limits = limits;
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpServletRequest limited;
        try {
            limited = limited(request, response);
        } catch (Problem problem) {
            answers.give(request, response, problem);
            return;
        }
        chain.doFilter(limited, response);
    }

    private HttpServletRequest limited(HttpServletRequest request, HttpServletResponse response) {
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (type.contains("*")) {
            throw HttpProblem.UNSUPPORTED_MEDIA_TYPE.because("a body has one media type, not '%s'", Excerpt.of(type));
        }
        checkCharset(type);
        boolean gzip = !SNAPPY.matches(RequestPaths.of(request)) && isGzip(request, response);
        long limit = limit(request);
        if (request.getContentLengthLong() > limit) {
            throw HttpProblem.BODY_TOO_LARGE.because(
                    "the body has %d bytes, at most %d are read here", request.getContentLengthLong(), limit);
        }
        return new LimitedRequest(request, limit, gzip);
    }

    /// Spring sets the request's encoding to UTF-8 whatever the caller said, so the header is asked itself.
    static void checkCharset(String contentType) {
        Matcher charset = CHARSET.matcher(contentType);
        if (charset.find()
                && !charset.group(1).equalsIgnoreCase("utf-8")
                && !charset.group(1).equalsIgnoreCase("us-ascii")) {
            throw HttpProblem.UNSUPPORTED_ENCODING.because("the body's charset must be utf-8");
        }
    }

    private static boolean isGzip(HttpServletRequest request, HttpServletResponse response) {
        String coding = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_ENCODING))
                .orElse("identity")
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "gzip", "x-gzip" -> true;
            case "identity", "" -> false;
            default -> {
                response.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
                throw HttpProblem.UNSUPPORTED_ENCODING.because("the body's coding must be gzip or none");
            }
        };
    }

    private long limit(HttpServletRequest request) {
        boolean isUpload = Work.of(request).filter(Work.UPLOAD::equals).isPresent();
        return (isUpload ? limits.maxUpload() : limits.maxBody()).toBytes();
    }
}
