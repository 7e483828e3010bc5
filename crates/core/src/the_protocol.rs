//! Cilk's THE protocol: how an item is either begun by its worker or taken back, and never both.
//!
//! The worker stores `started = i + 1`, then reads `limit`; whoever takes items back stores `limit`, then reads `started`.
//! In a sequentially consistent order at least one of them sees the other. Both functions here run under the desk lock,
//! which settles the case in which both do. The fences repeat what the orderings say, for readers and for loom.

use crate::panel::{Panel, QUEUED};
use crate::sync::{Ordering, fence};

/// Takes back what has not begun from item `keep` on, of a frame whose limit is `limit`. Gives the new limit: at least
/// `keep`, more if the worker was faster, and never above the old one.
pub(crate) fn lower_limit(panel: &dyn Panel, frame: usize, limit: u32, keep: u32) -> u32 {
    if keep >= limit {
        return limit;
    }
    panel.limit(frame).store(keep, Ordering::SeqCst);
    fence(Ordering::SeqCst);
    let started = started(panel, frame, limit);
    if started <= keep {
        return keep;
    }
    panel.limit(frame).store(started, Ordering::SeqCst);
    started
}

/// The worker has announced `item` and found it at or above the limit that it read. `limit` is the true one. False: the
/// item is not the worker's, and the announcement is taken back.
pub(crate) fn contest(panel: &dyn Panel, frame: usize, limit: u32, item: u32) -> bool {
    if item < limit {
        return true;
    }
    panel.started(frame).store(limit, Ordering::SeqCst);
    false
}

/// Items of the frame that may have begun; whatever the word says, never more than the worker was given.
pub(crate) fn started(panel: &dyn Panel, frame: usize, limit: u32) -> u32 {
    panel.started(frame).load(Ordering::SeqCst).min(limit)
}

/// Items of the frame that have begun: its worker may have announced several before it began the first. Exact once it writes no more; as long as it
/// runs, there may be more of them by now.
pub(crate) fn begun(panel: &dyn Panel, frame: usize, limit: u32) -> u32 {
    let announced = started(panel, frame, limit);
    if announced == 0 || panel.state(frame, announced - 1) != QUEUED {
        return announced;
    }
    // They begin in order.
    let (mut begun, mut queued) = (0, announced - 1);
    while begun < queued {
        let middle = begun.midpoint(queued);
        if panel.state(frame, middle) == QUEUED {
            queued = middle;
        } else {
            begun = middle + 1;
        }
    }
    begun
}
