package dev.telltale.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much of its disk the store leaves free. With less, nothing new is taken: a full disk stops more than this
/// service.
///
/// @param minFree bytes, at least; 0 and a share of 0 let the disk fill up
/// @param minFreeShare of the disk, from 0 to 0.9; the larger of the two counts
@ConfigurationProperties(prefix = "telltale.storage", ignoreUnknownFields = false)
record StorageProperties(
        @DefaultValue("200MB") DataSize minFree,
        @DefaultValue("0.05") double minFreeShare) {

    private static final double LARGEST_SHARE = 0.9;

    StorageProperties {
        if (minFree.isNegative()) {
            throw new IllegalArgumentException("telltale.storage.min-free must be 0 or more, was " + minFree);
        }
        if (!(minFreeShare >= 0 && minFreeShare <= LARGEST_SHARE)) { // NaN too
            throw new IllegalArgumentException(
                    "telltale.storage.min-free-share must be from 0 to 0.9, was " + minFreeShare);
        }
    }

    FreeSpace.Bound bound() {
        return new FreeSpace.Bound(minFree.toBytes(), minFreeShare);
    }
}
