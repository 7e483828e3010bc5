//! Taking unstarted items away from a worker, and its right to contest that.

use crate::desk::Desk;
use crate::pool::Pool;
use crate::post::Post;
use crate::range::Range;
use crate::rings::Rings;
use crate::sync::Arc;
use crate::the_protocol::{contest, lower_limit, started};

impl Pool {
    /// The worker announced an item of a claim and found it at or above the limit, or wants to begin a claim that it put
    /// off. True: go on, it is yours. The frame may long belong to another claim: one that was taken back whole is over.
    pub fn contest(&self, slot: u32, epoch: u32, frame: u32, claim_id: u32, item: u32) -> bool {
        let Some(desk) = self.slot(slot).and_then(|slot| slot.desk_of(epoch)) else {
            return false;
        };
        let Some(panel) = &desk.panel else {
            return false;
        };
        match desk.frames.get(frame as usize) {
            Some(lease) if lease.claim_id == claim_id => {
                contest(&**panel, frame as usize, lease.limit(), item)
            }
            _ => false,
        }
    }

    /// The worker itself gives back all that it has not begun: it is about to leave.
    pub fn give_back(&self, slot: u32, epoch: u32) -> Rings {
        let mut rings = Rings::new();
        let Some(slot) = self.slot(slot) else {
            return rings;
        };
        let mut post = Post::new(slot.number);
        if let Some(mut desk) = slot.desk_of(epoch) {
            for frame in 0..desk.frames.len() {
                self.shed(&mut desk, frame, 0, &mut post);
                if let Some(lease) = desk.frames.get(frame) {
                    self.summon(&Arc::clone(&lease.job), &mut rings);
                }
            }
            post.send();
        }
        self.deliver(post, &mut rings);
        rings
    }

    /// Puts what has not begun of a frame, from item `keep` on, back to the front of its job. Gives how many items that
    /// are.
    pub(crate) fn shed(&self, desk: &mut Desk, frame: usize, keep: u32, post: &mut Post) -> u32 {
        let Some((lease, panel)) = desk.frames.get_mut(frame).zip(desk.panel.as_ref()) else {
            return 0;
        };
        let keep = keep.max(started(&**panel, frame, lease.limit()));
        let limit = lower_limit(&**panel, frame, lease.limit(), keep);
        let pieces = lease.cut(limit);
        let items = pieces.iter().map(Range::len).sum();
        self.restock(&Arc::clone(&lease.job), pieces, post);
        items
    }
}
