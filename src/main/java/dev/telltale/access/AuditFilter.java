package dev.telltale.access;

import dev.telltale.http.EarlyAnswers;
import dev.telltale.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets a change begin only while the log of changes can be written, and its answer go only when its line is on
/// disk.
final class AuditFilter extends OncePerRequestFilter {

    private final Audit audit;
    private final EarlyAnswers answers;

    AuditFilter(Audit audit, EarlyAnswers answers) {
        this.audit = audit;
        this.answers = answers;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !Changes.isOne(request);
    }

    /// Which must be possible at any time.
    private static boolean revokesAKey(HttpServletRequest request) {
        return request.getMethod().equals("DELETE") && request.getRequestURI().startsWith(KeyController.PATH + "/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            if (!revokesAKey(request)) {
                audit.require();
            }
        } catch (Problem problem) {
            answers.give(request, response, problem);
            return;
        }
        HeldResponse held = new HeldResponse(response, status -> audit.changed(request, response, status));
        try {
            chain.doFilter(request, held);
        } catch (IOException | ServletException | RuntimeException failure) {
            held.fail();
            throw failure;
        }
        try {
            held.release();
        } catch (Problem untold) {
            response.resetBuffer();
            response.setContentLengthLong(-1);
            response.setHeader(HttpHeaders.LOCATION, null);
            response.setHeader(HttpHeaders.ETAG, null);
            answers.give(request, response, untold);
        }
    }
}
