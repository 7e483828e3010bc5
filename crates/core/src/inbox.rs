//! Where a caller's results arrive: many put blocks in, one thread takes them out, all that have come at once.
//!
//! Two queues behind locks of their own, which change places. So a block costs the one who sends it a lock and the one who hears of it nearly
//! nothing, and nothing is allocated once they have grown.

use std::collections::VecDeque;

use crate::caller::Block;
use crate::job::Job;
use crate::sync::{Arc, Mutex};

/// A block, and its job, so that it can be asked whether anybody still wants to hear of it.
pub(crate) type Mail = (Arc<Job>, Block);

/// Places that an inbox keeps for later.
const KEPT: usize = 1024;

/// See the module.
pub(crate) struct Inbox {
    arrived: Mutex<VecDeque<Mail>>,
    /// Taken out of `arrived`, and not handed over yet. Only the thread that listens waits for this lock, unless the inbox is being closed.
    opened: Mutex<VecDeque<Mail>>,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self {
            arrived: Mutex::new(VecDeque::new()),
            opened: Mutex::new(VecDeque::new()),
        }
    }

    pub(crate) fn put(&self, mail: Mail) {
        self.arrived.lock().push_back(mail);
    }

    /// Hands over, in the order in which it came, until `f` says that it is enough or nothing is left. True: something may be left.
    pub(crate) fn take(&self, mut f: impl FnMut(Mail) -> bool) -> bool {
        // Not with a lock held: `f` is not ours.
        let mut opened = std::mem::take(&mut *self.opened.lock());
        let mut enough = false;
        while !enough {
            if opened.is_empty() {
                std::mem::swap(&mut opened, &mut *self.arrived.lock());
            }
            let Some(mail) = opened.pop_front() else {
                break;
            };
            enough = f(mail);
        }
        opened.shrink_to(KEPT);
        *self.opened.lock() = opened;
        enough && self.has_any()
    }

    pub(crate) fn has_any(&self) -> bool {
        !self.opened.lock().is_empty() || !self.arrived.lock().is_empty()
    }

    pub(crate) fn clear(&self) {
        self.opened.lock().clear();
        self.arrived.lock().clear();
    }
}
