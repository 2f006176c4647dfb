package dev.telltale.ops;

import dev.telltale.access.Audit;
import dev.telltale.models.DamageListener;
import dev.telltale.models.ModelName;

/// Tells the log of changes of models whose files are damaged.
final class DamageAudit implements DamageListener {

    private final Audit audit;

    DamageAudit(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void damaged(ModelName name, int version, String reason) {
        audit.modelCorrupt(name.value(), version, reason);
    }
}
