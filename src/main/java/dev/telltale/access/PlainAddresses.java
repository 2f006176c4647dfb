package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// Refuses addresses that two parts of a service might read in two ways: those that Spring finds, and those that
/// write a letter as its code, which some compare as it stands and others decode. Methods, parameters and headers
/// are left to those who read them, which refuse what they do not know in words of their own.
final class PlainAddresses extends StrictHttpFirewall {

    private static final int LONGEST_CODE = 3; // %, and two digits

    PlainAddresses() {
        setUnsafeAllowAnyHttpMethod(true);
        setAllowedHeaderNames(name -> true);
        setAllowedHeaderValues(value -> true);
        setAllowedParameterNames(name -> true);
        setAllowedParameterValues(value -> true);
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        if (holdsCodeOfAPlainCharacter(request.getRequestURI())) {
            throw new RequestRejectedException("the address holds the code of a letter, a digit, '-', '.' or '_'");
        }
        return super.getFirewalledRequest(request);
    }

    /// Whether a path has a code for what needs none (RFC 3986, 2.3). That of `~` may stand: Java's `URLEncoder`
    /// writes it, and no route has it.
    static boolean holdsCodeOfAPlainCharacter(String path) {
        for (int at = path.indexOf('%');
                at >= 0 && at + LONGEST_CODE <= path.length();
                at = path.indexOf('%', at + 1)) {
            if (HexFormat.isHexDigit(path.charAt(at + 1))
                    && HexFormat.isHexDigit(path.charAt(at + 2))
                    && isPlain((char) HexFormat.fromHexDigits(path, at + 1, at + LONGEST_CODE))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '.'
                || character == '_';
    }
}
