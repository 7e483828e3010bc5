//! The places of one slot in which claims are in progress, and how many of them a suspended worker may fill.
//!
//! The list is only as long as the last one in use, so that whoever looks at all of them looks at few.

use crate::layout::FRAMES;
use crate::lease::Lease;

/// From so many on a worker takes only jobs deeper than all that it has, see [`Frames::floor`].
const CROWDED: usize = FRAMES / 2;

/// Nesting goes so deep. Above [`CROWDED`] the depths of a worker's claims rise one by one, so there is always a frame for
/// the next.
pub(crate) const MAX_DEPTH: u32 = 1000;
const DEPTHS: usize = MAX_DEPTH as usize + 1;
const _: () = assert!(CROWDED + DEPTHS <= FRAMES);

/// See the module.
#[derive(Default)]
pub(crate) struct Frames {
    list: Vec<Option<Lease>>,
    used: usize,
}

impl Frames {
    /// One more than the last that is in use.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// How many are in use.
    pub(crate) fn used(&self) -> u32 {
        self.used as u32
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The first that is not in use.
    pub(crate) fn free(&self) -> Option<usize> {
        let hole = self.list.iter().position(Option::is_none);
        hole.or((self.list.len() < FRAMES).then_some(self.list.len()))
    }

    /// Begins a lease in a frame that [`Self::free`] gave.
    pub(crate) fn put(&mut self, frame: usize, lease: Lease) {
        if frame == self.list.len() {
            self.list.push(Some(lease));
            self.used += 1;
        } else {
            self.used += usize::from(self.list[frame].replace(lease).is_none());
        }
    }

    pub(crate) fn get(&self, frame: usize) -> Option<&Lease> {
        self.list.get(frame)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, frame: usize) -> Option<&mut Lease> {
        self.list.get_mut(frame)?.as_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Lease)> {
        let list = self.list.iter().enumerate();
        list.filter_map(|(frame, lease)| Some((frame, lease.as_ref()?)))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Lease)> {
        let list = self.list.iter_mut().enumerate();
        list.filter_map(|(frame, lease)| Some((frame, lease.as_mut()?)))
    }

    /// Ends the leases of which nothing runs or will run.
    pub(crate) fn end_finished(&mut self, mut ended: impl FnMut(&Lease)) {
        for frame in &mut self.list {
            if let Some(lease) = frame
                && lease.is_over()
            {
                ended(lease);
                *frame = None;
                self.used -= 1;
            }
        }
        while let Some(None) = self.list.last() {
            self.list.pop();
        }
    }

    /// When frames run short, the depth that a job must exceed to get one: that of the deepest job in progress here. So
    /// items that were suspended first never keep the last frames from those that they wait for.
    pub(crate) fn floor(&self) -> Option<u32> {
        if self.used < CROWDED {
            return None;
        }
        self.iter().map(|(_, lease)| lease.job.lineage.depth).max()
    }
}
