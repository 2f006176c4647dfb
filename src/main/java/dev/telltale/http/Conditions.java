package dev.telltale.http;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// On what a caller makes a request depend, from the headers `If-Match` and `If-None-Match` (RFC 9110,
/// section 13.1). A controller has it as a parameter; without the headers nothing is asked.
///
/// Whoever changes something checks inside the transaction or lock of the change: what was checked before
/// may be another one by then.
///
/// @param ifMatch tags of which the current state must have one, or `*`, or null
/// @param ifNoneMatch tags of which the current state must have none, or `*`, or null
public record Conditions(@Nullable String ifMatch, @Nullable String ifNoneMatch) {

    /// Of a request that asks for nothing.
    public static final Conditions NONE = new Conditions(null, null);

    private static final Pattern TAG_OF_TWO_PARTS = Pattern.compile("\"([^\".]*)\\.[^\"]*\"");
    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

    /// Lets a change of what is there pass, or refuses it.
    ///
    /// @throws dev.telltale.problem.Problem `PRECONDITION_FAILED` if it is not in the state that is asked for
    public void check(EntityTag current) {
        check(Optional.of(current));
    }

    /// As `check`, where nothing may be there yet: `If-None-Match: *` makes and never changes, and
    /// `If-Match: *` changes and never makes.
    public void check(Optional<EntityTag> current) {
        if (ifMatch != null && current.filter(tag -> names(ifMatch, tag, false)).isEmpty()) {
            throw HttpProblem.PRECONDITION_FAILED.because(
                    "If-Match asks for another state than the current one, %s; read it again and decide anew",
                    state(current));
        }
        if (ifNoneMatch != null
                && current.filter(tag -> names(ifNoneMatch, tag, true)).isPresent()) {
            throw HttpProblem.PRECONDITION_FAILED.because(
                    "If-None-Match excludes the current state, %s", state(current));
        }
    }

    /// The answer to who reads: 304 if he has this state already, else 200 with the body, which is made only then.
    ///
    /// @throws dev.telltale.problem.Problem `PRECONDITION_FAILED` if it is not in the state that is asked for
    public <T> ResponseEntity<T> answer(EntityTag current, Supplier<T> body) {
        return answer(current, Optional.empty(), body);
    }

    /// As `answer`, with a body of this media type.
    public <T> ResponseEntity<T> answer(EntityTag current, String mediaType, Supplier<T> body) {
        return answer(current, Optional.of(MediaType.parseMediaType(mediaType)), body);
    }

    private <T> ResponseEntity<T> answer(EntityTag current, Optional<MediaType> type, Supplier<T> body) {
        new Conditions(ifMatch, null).check(current);
        boolean known = ifNoneMatch != null && names(ifNoneMatch, current, true);
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .eTag(current.toString());
        if (known) {
            return answer.build();
        }
        type.ifPresent(answer::contentType);
        return answer.body(body.get());
    }

    /// The same of states that have two parts (`EntityTag.of`), as far as the first is concerned: for a change
    /// that does not mind what became of the second.
    public Conditions onFirstParts() {
        return new Conditions(onFirstParts(ifMatch), onFirstParts(ifNoneMatch));
    }

    private static @Nullable String onFirstParts(@Nullable String header) {
        return header == null ? null : TAG_OF_TWO_PARTS.matcher(header).replaceAll("\"$1\"");
    }

    /// Whether a header's list names the tag. A weak tag, which none of ours is, matches where only equal
    /// meaning counts.
    private static boolean names(String header, EntityTag tag, boolean weakly) {
        if (header.strip().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(header);
        while (tags.find()) {
            if (tags.group(2).equals(tag.value()) && (weakly || tags.group(1) == null)) {
                return true;
            }
        }
        return false;
    }

    private static String state(Optional<EntityTag> current) {
        return current.map(EntityTag::toString).orElse("which is that there is none");
    }
}
