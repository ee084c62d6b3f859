package io.firn.table;

import java.time.LocalDate;
import java.util.Set;

import io.firn.table.LedgerStore.Written;

/** A load entered into a pipeline's ledger. */
final class LedgerAdvance implements Advance {
    private final LakeTable lake;
    private final String pipeline;
    private final Load load;
    private final Ledger ledger;

    LedgerAdvance(LakeTable lake, String pipeline, Load load) {
        this.lake = lake;
        this.pipeline = pipeline;
        this.load = load;
        this.ledger = lake.ledger(pipeline);
    }

    @Override
    public String property() {
        return StatePointer.ledgerProperty(pipeline);
    }

    @Override
    public StatePointer before() {
        return ledger.pointer();
    }

    @Override
    public Load.Standing standing() {
        return load.standing(ledger);
    }

    @Override
    public LocalDate day() {
        return load.day();
    }

    @Override
    public Set<String> replaced() {
        return load.replaced(ledger);
    }

    @Override
    public boolean mayTakeRowsOfOthers() {
        return !load.sparesOtherPipelines();
    }

    @Override
    public StatePointer after(String commit, String attempt) {
        Written index = ledger.write(load.change(ledger));
        return new LedgerPointer(index.address(), index.sha256(), lake.uuid().toString(), commit, attempt, null, null);
    }
}
