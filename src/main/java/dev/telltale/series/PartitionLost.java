package dev.telltale.series;

/// Another process owns the partition by now, or has owned it meanwhile.
public final class PartitionLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int partition;

    public PartitionLost(int partition) {
        super("partition " + partition + " is another process's");
        this.partition = partition;
    }

    public int partition() {
        return partition;
    }
}
