package dev.telltale.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much of the log of changes is kept: `files` times `fileSize` at most; of refusals a quarter.
///
/// @param fileSize of one file, after which the next is begun, at least 64 KiB
/// @param files that are kept, 2 to 1,000; the oldest goes when one more is begun
@ConfigurationProperties(prefix = "telltale.access.audit", ignoreUnknownFields = false)
record AuditProperties(
        @DefaultValue("16MB") DataSize fileSize,
        @DefaultValue("16") int files) {

    private static final DataSize SMALLEST = DataSize.ofKilobytes(64);
    private static final DataSize LARGEST = DataSize.ofGigabytes(1);
    private static final int MOST = 1_000;

    private static final int SHARE_OF_REFUSALS = 4;

    AuditProperties {
        if (fileSize.compareTo(SMALLEST) < 0 || fileSize.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("telltale.access.audit.file-size must be 64KB to 1GB");
        }
        if (files < 2 || files > MOST) {
            throw new IllegalArgumentException("telltale.access.audit.files must be 2 to " + MOST);
        }
    }

    /// What never makes anybody begin a new file before the service would.
    static AuditProperties largest() {
        return new AuditProperties(LARGEST, MOST);
    }

    /// The same for the log of refusals.
    AuditProperties ofRefusals() {
        return new AuditProperties(fileSize, Math.max(2, files / SHARE_OF_REFUSALS));
    }

    /// Bytes that are kept at most.
    long total() {
        return files * fileSize.toBytes();
    }

    /// Bytes that are kept of files that are not written to any more.
    long kept() {
        return (files - 1) * fileSize.toBytes();
    }
}
