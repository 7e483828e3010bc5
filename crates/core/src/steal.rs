//! An idle worker takes half of what a sibling was given and has not begun.
//!
//! What is stolen goes to the front of its job's queue and is claimed from there: so it is never in a thief's hand,
//! where a cancel would not find it, and no two desks are ever locked at once.

use std::time::{Duration, Instant};

use crate::job::Job;
use crate::lease::Lease;
use crate::panel::Panel;
use crate::pool::Pool;
use crate::post::Post;
use crate::slot::Slot;
use crate::sync::{Arc, Ordering, now};
use crate::the_protocol::{begun, started};

/// Less work than this is done before a thief has it.
const WORTH: Duration = Duration::from_micros(20);
/// A claim so old holds its items up, whatever they are thought to cost.
const STUCK: Duration = Duration::from_millis(1);

struct Victim<'a> {
    slot: &'a Slot,
    frame: usize,
    claim_id: u32,
    tail: u32,
}

impl Pool {
    /// Frees items of the worker that has most of them unstarted. True: there is something to claim.
    pub(crate) fn steal(&self, thief: u32, own: Option<&[Arc<Job>]>, post: &mut Post) -> bool {
        let wanted =
            |job: &Arc<Job>| own.is_none_or(|own| own.iter().any(|own| Arc::ptr_eq(own, job)));
        let now = now();
        let worth = |lease: &Lease, tail: u32| {
            lease.age(now) >= STUCK
                || lease
                    .job
                    .meter
                    .estimate()
                    .is_some_and(|estimate| estimate * tail >= WORTH)
        };
        let Some(victim) = self.richest(thief, now, started, |lease, tail| {
            wanted(&lease.job) && worth(lease, tail)
        }) else {
            return false;
        };
        let mut desk = victim.slot.desk();
        let lease = desk.frames.get(victim.frame);
        let Some(lease) = lease.filter(|lease| lease.claim_id == victim.claim_id) else {
            return false;
        };
        let keep = lease.limit().saturating_sub(victim.tail.div_ceil(2));
        let stolen = self.shed(&mut desk, victim.frame, keep, post);
        post.send();
        stolen > 0
    }

    /// Whether a sibling holds items that it has not begun. It may have announced them, but then a tick will recall them.
    pub(crate) fn anything_to_steal(&self, thief: u32) -> bool {
        self.richest(thief, now(), begun, |_, _| true).is_some()
    }

    /// `taken` tells how many items of a frame cannot be had any more.
    fn richest(
        &self,
        thief: u32,
        now: Instant,
        taken: impl Fn(&dyn Panel, usize, u32) -> u32,
        wanted: impl Fn(&Lease, u32) -> bool,
    ) -> Option<Victim<'_>> {
        let siblings = self
            .slots
            .iter()
            .filter(|slot| slot.number != thief && slot.load.load(Ordering::Acquire) > 0);
        siblings
            .flat_map(|slot| {
                let desk = slot.desk();
                let panel = desk.panel.clone();
                let victims = desk.frames.iter().filter_map(|(frame, lease)| {
                    let begun = taken(&**panel.as_ref()?, frame, lease.limit());
                    let tail = tail(lease, begun, now);
                    let takable =
                        tail > 0 && lease.job.state.free_units() > 0 && wanted(lease, tail);
                    takable.then_some(Victim {
                        slot,
                        frame,
                        claim_id: lease.claim_id,
                        tail,
                    })
                });
                victims.max_by_key(|victim| victim.tail)
            })
            .max_by_key(|victim| victim.tail)
    }
}

/// Unstarted items of a lease. The first of a young claim is left to its worker, which is about to begin it: two idle
/// workers would take it from each other for ever.
fn tail(lease: &Lease, begun: u32, now: Instant) -> u32 {
    let tail = lease.limit() - begun;
    let untouched = tail == lease.limit() && tail > 0;
    tail - u32::from(untouched && lease.age(now) < STUCK)
}
