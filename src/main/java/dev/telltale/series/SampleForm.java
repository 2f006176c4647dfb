package dev.telltale.series;

/// How a range of samples is written. Each form can be uploaded again.
enum SampleForm {
    JSON("{\"samples\":[", "{\"timestamp\":\"", "\",\"value\":", "}", ",", "]}", "null"),
    CSV("timestamp,value\n", "", ",", "\n", "", "", ""),
    NDJSON("", "{\"timestamp\":\"", "\",\"value\":", "}\n", "", "", "null");

    final String head;
    final String beforeTime;
    final String beforeValue;
    final String afterValue;
    final String betweenSamples;
    final String tail;
    final String absent;

    SampleForm(
            String head,
            String beforeTime,
            String beforeValue,
            String afterValue,
            String betweenSamples,
            String tail,
            String absent) {
        this.head = head;
        this.beforeTime = beforeTime;
        this.beforeValue = beforeValue;
        this.afterValue = afterValue;
        this.betweenSamples = betweenSamples;
        this.tail = tail;
        this.absent = absent;
    }

    /// What stands at the beginning where something stands beside the samples.
    String head(String column) {
        return this == CSV ? "timestamp,value," + column + "\n" : head;
    }

    /// What stands between a sample's value and what stands beside it.
    String beforeColumn(String column) {
        return this == CSV ? "," : ",\"" + column + "\":";
    }
}
