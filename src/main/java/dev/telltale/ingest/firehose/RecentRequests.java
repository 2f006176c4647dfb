package dev.telltale.ingest.firehose;

import java.util.LinkedHashMap;
import java.util.Map;

/// Ids of the requests that were stored last. Firehose sends one again, with its id, if it did not hear the answer.
final class RecentRequests {

    private static final int REMEMBERED = 10_000;

    private final Map<String, Boolean> ids = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized boolean contains(String id) {
        return ids.containsKey(id);
    }

    synchronized void add(String id) {
        ids.put(id, true);
    }
}
