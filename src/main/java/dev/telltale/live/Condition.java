package dev.telltale.live;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Which rows a statement asks for. Only what is asked for stands in it: of a parameter that is null no database but
/// SQLite knows the type.
///
/// @param sql what follows `WHERE`, with a `?` for each value
record Condition(String sql, List<Object> values) {

    Condition {
        values = List.copyOf(values);
    }

    /// The same with more text behind it.
    ///
    /// @param more with a `?` for each of its values
    Condition then(String more, Object... itsValues) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(List.of(itsValues));
        return new Condition(sql + ' ' + more, all);
    }

    /// Sets the values, from the first parameter on.
    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
