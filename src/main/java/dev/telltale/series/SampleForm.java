package dev.telltale.series;

/// How a range of samples is written. Each form can be uploaded again.
enum SampleForm {
    JSON("{\"samples\":[", "{\"timestamp\":\"", "\",\"value\":", "}", ",", "]}"),
    CSV("timestamp,value\n", "", ",", "\n", "", ""),
    NDJSON("", "{\"timestamp\":\"", "\",\"value\":", "}\n", "", "");

    final String head;
    final String beforeTime;
    final String beforeValue;
    final String afterValue;
    final String betweenSamples;
    final String tail;

    SampleForm(
            String head, String beforeTime, String beforeValue, String afterValue, String betweenSamples, String tail) {
        this.head = head;
        this.beforeTime = beforeTime;
        this.beforeValue = beforeValue;
        this.afterValue = afterValue;
        this.betweenSamples = betweenSamples;
        this.tail = tail;
    }
}
