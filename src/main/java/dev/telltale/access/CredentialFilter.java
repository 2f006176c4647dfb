package dev.telltale.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.MDC;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/// Says of each request who sent it. It refuses nobody: a credential that opens nothing is as good as none, so
/// that what is open to all stays so for who sends a wrong one along.
final class CredentialFilter extends OncePerRequestFilter {

    static final String LOGGED_AS = "caller";

    private final Door door;
    private final SecurityContextRepository contexts = new RequestAttributeSecurityContextRepository();

    CredentialFilter(Door door) {
        this.door = door;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!(door.recognise(request) instanceof Recognition.Known(Caller caller))) {
            chain.doFilter(request, response);
            return;
        }
        PreAuthenticatedAuthenticationToken authentication =
                new PreAuthenticatedAuthenticationToken(caller.name(), "", List.of());
        authentication.setDetails(caller);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(authentication);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response); // for what goes on after this thread
        try (MDC.MDCCloseable _ = MDC.putCloseable(LOGGED_AS, caller.name())) {
            chain.doFilter(request, response);
        }
    }
}
