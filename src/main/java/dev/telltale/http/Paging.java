package dev.telltale.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which part of a list a caller asks for.
///
/// @param kind which list it is, such as `series`; a cursor of another list is refused
/// @param limit most items in the answer, 1 to 1,000
/// @param after position of the last item the caller has, absent at the start
public record Paging(String kind, int limit, Optional<String> after) {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 1_000;

    public Paging {
        if (limit < 1 || limit > MOST) {
            throw HttpProblem.INVALID_PARAMETER.because("limit must be 1 to %d, was %d", MOST, limit);
        }
    }

    /// From the parameters `limit` and `cursor`.
    public static Paging of(String kind, @Nullable Integer limit, @Nullable String cursor) {
        Optional<String> after = Optional.ofNullable(cursor)
                .map(text -> Cursor.decode(kind, text).position());
        return new Paging(kind, limit == null ? DEFAULT_LIMIT : limit, after);
    }

    /// The parameter `limit` of a list that is answered whole where nobody limits it.
    public static int limitOrAll(@Nullable Integer limit) {
        return limit == null ? Integer.MAX_VALUE : new Paging("all", limit, Optional.empty()).limit();
    }

    /// The position as an id, 0 at the start.
    public long afterId() {
        try {
            return Long.parseLong(after.orElse("0"));
        } catch (NumberFormatException forged) {
            throw HttpProblem.BAD_CURSOR.because("the cursor is not one of this list; take it from `next`");
        }
    }

    /// The answer where the list says itself whether it goes on.
    ///
    /// @param next position from which it does, empty at its end
    public <T> Page<T> page(List<T> items, Optional<String> next) {
        return new Page<>(
                List.copyOf(items),
                next.map(position -> new Cursor(kind, position).encode()).orElse(null));
    }

    /// The answer, from up to one item more than `limit`, which shows that a further part follows.
    public <T> Page<T> page(List<T> items, Function<T, String> position) {
        if (items.size() <= limit) {
            return new Page<>(List.copyOf(items), null);
        }
        List<T> first = List.copyOf(items.subList(0, limit));
        return new Page<>(first, new Cursor(kind, position.apply(first.getLast())).encode());
    }
}
