//! The home's regular look at the workers: results, deadlines, and who has to be killed.

use std::time::{Duration, Instant};

use smallvec::SmallVec;

use crate::desk::Desk;
use crate::lease::Lease;
use crate::panel::{Ask, COMMITTED, Panel, STARTED};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{Fate, Kind};
use crate::rings::Rings;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::Arc;
use crate::tally::Ending;
use crate::the_protocol::{begun, started};

/// The most that counts as running time between two looks: a stopped process or a blocked home must not look like a slow
/// item.
const LONGEST_LOOK: Duration = Duration::from_millis(50);

/// What of the time between two looks counts towards `limit`: never so much that one late look alone reaches it.
fn counted(passed: Duration, limit: Duration) -> Duration {
    passed.min(limit / 2)
}

/// A worker that the home has to terminate now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kill {
    /// Its slot.
    pub slot: u32,
    /// Which occupant of it.
    pub epoch: u32,
}

impl Pool {
    /// Takes results of running workers, settles what has run out of time, and names workers that would not stop.
    pub fn tick(&self, now: Instant, kills: &mut Vec<Kill>) -> Rings {
        let passed = {
            let mut last = self.last_tick.lock();
            let last = last.replace(now).unwrap_or(now);
            now.saturating_duration_since(last).min(LONGEST_LOOK)
        };
        self.suffer(now, passed);
        let mut rings = self.take_rings();
        for slot in &self.slots {
            let (phase, epoch) = slot.state.load();
            if matches!(phase, Phase::Vacant | Phase::Dead) {
                continue;
            }
            let mut post = Post::new(slot.number);
            if let Some(mut desk) = slot.desk_of(epoch) {
                self.look_at(slot, &mut desk, passed, &mut post, &mut rings);
                if self.overdue(&desk) && self.doom(slot, epoch, &mut desk, &mut post, &mut rings) {
                    kills.push(Kill {
                        slot: slot.number,
                        epoch,
                    });
                }
                post.send();
            }
            self.deliver(post, &mut rings);
        }
        rings
    }

    fn look_at(
        &self,
        slot: &Slot,
        desk: &mut Desk,
        passed: Duration,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        self.take_outbox(slot, desk, post, rings);
        self.take_stuck_table(desk, post, rings);
        let Some(panel) = desk.panel.clone() else {
            return;
        };
        for (frame, lease) in desk.frames.iter_mut() {
            lease.condemned.retain_mut(|condemned| {
                condemned.spent += counted(passed, condemned.grace);
                panel.state(frame, condemned.item) != COMMITTED
            });
            recall(&*panel, frame, lease);
            if let Some(timeout) = lease.job.timeout
                && self.watch(&*panel, frame, lease, timeout, passed, post)
            {
                self.rouse(slot, rings);
            }
        }
        self.close_finished(slot, desk, post, rings);
    }

    /// Adds up how long each item has been seen running; those over the timeout settle. True: there were such.
    fn watch(
        &self,
        panel: &dyn Panel,
        frame: usize,
        lease: &mut Lease,
        timeout: Duration,
        passed: Duration,
        post: &mut Post,
    ) -> bool {
        let begun = started(panel, frame, lease.limit());
        let running = lease
            .unsettled_below(begun)
            .into_iter()
            .filter(|&item| panel.state(frame, item) == STARTED);
        let passed = counted(passed, timeout);
        let before = std::mem::take(&mut lease.watched);
        let seen = |item| {
            before
                .iter()
                .find(|(seen, _)| *seen == item)
                .map_or(Duration::ZERO, |(_, time)| *time + passed)
        };
        let now: SmallVec<[(u32, Duration); 1]> = running.map(|item| (item, seen(item))).collect();
        for &(item, time) in &now {
            if time >= timeout {
                panel.ask(frame, item, Ask::TimedOut);
                self.end_item(
                    lease,
                    item,
                    Ending::TimedOut,
                    Kind::Fate,
                    &[Fate::TimedOut as u8],
                    post,
                );
                lease.condemn(item, lease.job.grace);
            } else {
                lease.watched.push((item, time));
            }
        }
        lease.watched.len() < now.len()
    }

    fn overdue(&self, desk: &Desk) -> bool {
        desk.leases()
            .flat_map(|lease| &lease.condemned)
            .any(|condemned| condemned.spent >= condemned.grace)
    }

    /// Takes everything unstarted away from the worker, so that it cannot move on, and only then looks whether it still
    /// runs what it is to be killed for. False: it does not, or has been doomed before; the kill is called off.
    fn doom(
        &self,
        slot: &Slot,
        epoch: u32,
        desk: &mut Desk,
        post: &mut Post,
        rings: &mut Rings,
    ) -> bool {
        if slot.state.phase(epoch) == Some(Phase::Doomed) {
            return false;
        }
        for frame in 0..desk.frames.len() {
            self.shed(desk, frame, 0, post);
            if let Some(lease) = desk.frames.get(frame) {
                self.summon(&Arc::clone(&lease.job), rings);
            }
        }
        self.look_at(slot, desk, Duration::ZERO, post, rings);
        if !self.overdue(desk) {
            return false;
        }
        let left = slot.state.doom(epoch);
        if let Some(phase) = left {
            self.left(slot, phase);
        }
        left.is_some()
    }
}

/// Has the worker take back what it has announced and not begun. It announces some microseconds of work; where that takes until a tick meets it, an item has
/// turned out to be dear, and others may have what stands behind it. Only a word in time: an item that begins meanwhile takes no notice.
fn recall(panel: &dyn Panel, frame: usize, lease: &Lease) {
    let next = begun(panel, frame, lease.limit());
    if next < started(panel, frame, lease.limit()) && lease.is_unsettled(next) {
        panel.ask(frame, next, Ask::Recall);
    }
}
