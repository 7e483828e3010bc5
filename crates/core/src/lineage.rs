//! Where a job stands in the tree of jobs that items of other jobs have opened.

use smallvec::SmallVec;

use crate::caller::{Bell, Caller};
use crate::job::Parent;
use crate::pool::Pool;

/// A worker that waits, directly or through others, for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kin {
    pub(crate) slot: u32,
    pub(crate) epoch: u32,
}

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Lineage {
    /// Jobs above it: 0 for one that no worker opened.
    pub(crate) depth: u32,
    /// The workers up the chain of parents, each once, however often the chain passes through it.
    pub(crate) kin: SmallVec<[Kin; 2]>,
}

impl Pool {
    /// The lineage of a job that `caller` opens in an item of `parent`.
    pub(crate) fn lineage(&self, parent: Option<Parent>, caller: &Caller) -> Lineage {
        let Bell::Slot { slot, epoch } = caller.bell else {
            return Lineage::default();
        };
        let above = parent.and_then(|parent| {
            let desk = self.slot(parent.slot)?.desk_of(parent.epoch)?;
            let lease = desk.frames.get(usize::from(parent.frame))?;
            Some(lease.job.lineage.clone())
        });
        let mut lineage = above.unwrap_or_default();
        lineage.depth += 1;
        let itself = Kin { slot, epoch };
        if !lineage.kin.contains(&itself) {
            lineage.kin.push(itself);
        }
        lineage
    }
}
