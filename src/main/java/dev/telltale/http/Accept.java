package dev.telltale.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.MediaType;

/// Which forms of an answer a caller takes, and how much he likes each (RFC 9110, section 12.5.1).
///
/// @param ranges of the header `Accept`; an empty list takes everything
public record Accept(List<MediaType> ranges) {

    public Accept {
        ranges = List.copyOf(ranges);
    }

    /// The form that the caller likes best; of those he likes equally the one offered first.
    ///
    /// @throws dev.telltale.problem.Problem `NOT_ACCEPTABLE` if he takes none of them
    public MediaType best(MediaType... offered) {
        Optional<MediaType> best = Optional.empty();
        for (MediaType form : offered) {
            if (quality(form) > best.map(this::quality).orElse(0.0)) {
                best = Optional.of(form);
            }
        }
        return best.orElseThrow(() -> HttpProblem.NOT_ACCEPTABLE.because(
                "this can be answered as %s only; ask for one of them with the header Accept",
                MediaType.toString(List.of(offered))));
    }

    /// As `best`, of forms that say what their media type is.
    public <F> F best(List<F> offered, Function<F, String> mediaType) {
        List<MediaType> types =
                offered.stream().map(mediaType).map(MediaType::parseMediaType).toList();
        return offered.get(types.indexOf(best(types.toArray(MediaType[]::new))));
    }

    /// What the most specific range that holds the form says of it, 0 if there is none.
    private double quality(MediaType form) {
        return ranges.isEmpty()
                ? 1
                : ranges.stream()
                        .filter(range -> range.includes(form))
                        .max(Comparator.comparingInt(Accept::specificity))
                        .map(MediaType::getQualityValue)
                        .orElse(0.0);
    }

    private static int specificity(MediaType range) {
        if (range.isWildcardType()) {
            return 0;
        }
        return range.isWildcardSubtype() ? 1 : 2;
    }
}
