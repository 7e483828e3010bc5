//! Sorting by most significant digits first: the items are dealt into up to 1,024 buckets by the highest bits in which they differ, and each bucket
//! is sorted by itself, in a cache, by one thread. A bucket that is too large is dealt again.
//!
//! The dealing needs no shared counters: each thread deals runs of its own, within the run's own part of a second array; a bucket is then gathered
//! from all runs. That second copy ends where the bucket is sorted, so it costs little.

use std::cmp::Ordering;

use bytemuck::Pod;
use rayon::prelude::*;

use crate::stop::zeroed;
use crate::{Interrupted, Key, Stop};

/// Buckets of one deal, as bits: more of them would miss in the address cache at each write.
const DIGIT_BITS: u32 = 10;
/// Items of a bucket that one thread sorts by comparing: what fits the second-level cache.
pub(crate) const LEAF: usize = 16 * 1024;
/// Runs dealt for each thread: enough to even out what the system takes away from one of them.
const RUNS_PER_THREAD: usize = 4;

/// Something with a place in an order.
pub(crate) trait Item: Copy + Send + Sync {
    /// An item with a lesser key comes first; of items with equal keys the comparison decides.
    fn key(&self) -> u64;
}

impl<K: Key> Item for K {
    #[inline(always)]
    fn key(&self) -> u64 {
        self.wide()
    }
}

/// How items are sorted, and what becomes of them.
pub(crate) struct Plan<'a, T, C: Fn(&T, &T) -> Ordering + Sync> {
    /// The whole order; must agree with the keys. A type of its own, so that it is compiled into the innermost loop.
    pub compare: C,
    /// The bits of the keys that count; items that are the same in them are told apart by comparing.
    pub significant: u64,
    /// Takes items that stand where they belong, and the place of the first of them.
    pub settle: &'a Settle<'a, T>,
    pub stop: &'a Stop,
}

pub(crate) type Settle<'a, T> = dyn Fn(usize, &mut [T]) -> Result<(), Interrupted> + Sync + 'a;

/// The second array, where one is needed.
pub(crate) fn spare_for<T: Item + Pod>(items: &[T]) -> Result<Vec<T>, Interrupted> {
    zeroed(if items.len() > LEAF { items.len() } else { 0 })
}

/// Sorts `items`. Few enough are sorted by the thread that calls; otherwise it must be in a pool, and uses all of its threads. `spare` is as long; what it holds afterwards means nothing.
pub(crate) fn sort<T: Item, C: Fn(&T, &T) -> Ordering + Sync>(
    items: &mut [T],
    spare: &mut [T],
    plan: &Plan<'_, T, C>,
) -> Result<(), Interrupted> {
    deal(items, spare, 0, plan)
}

fn deal<T: Item, C: Fn(&T, &T) -> Ordering + Sync>(
    items: &mut [T],
    spare: &mut [T],
    place: usize,
    plan: &Plan<'_, T, C>,
) -> Result<(), Interrupted> {
    plan.stop.check()?;
    if items.len() <= LEAF {
        items.sort_unstable_by(|a, b| (plan.compare)(a, b));
        return (plan.settle)(place, items);
    }
    let Some(digit) = Digit::of(items, plan.significant) else {
        // All keys are the same: only comparing can tell the items apart.
        items.par_sort_unstable_by(|a, b| (plan.compare)(a, b));
        return (plan.settle)(place, items);
    };
    let threads = rayon::current_num_threads();
    let run = items.len().div_ceil(threads * RUNS_PER_THREAD).max(LEAF);
    let starts: Vec<Vec<u32>> = items
        .par_chunks(run)
        .zip(spare.par_chunks_mut(run))
        .map(|(from, to)| {
            plan.stop.check()?;
            Ok(deal_run(from, to, digit))
        })
        .collect::<Result<_, Interrupted>>()?;
    let runs: Vec<(&[T], &[u32])> = spare
        .chunks(run)
        .zip(&starts)
        .map(|(run, starts)| (run, &starts[..]))
        .collect();

    // Buckets that fit a cache are finished while they are there.
    let mut large = Vec::new();
    let mut small = Vec::new();
    let (mut rest, mut at) = (items, place);
    for bucket in 0..digit.buckets() {
        let length = runs
            .iter()
            .map(|(_, starts)| (starts[bucket + 1] - starts[bucket]) as usize)
            .sum();
        let (slot, behind) = rest.split_at_mut(length);
        if length > LEAF {
            large.push((bucket, at, slot));
        } else if length > 0 {
            small.push((bucket, at, slot));
        }
        (rest, at) = (behind, at + length);
    }
    small.into_par_iter().try_for_each(|(bucket, at, slot)| {
        plan.stop.check()?;
        gather(&runs, bucket, slot);
        slot.sort_unstable_by(|a, b| (plan.compare)(a, b));
        (plan.settle)(at, slot)
    })?;
    large
        .par_iter_mut()
        .for_each(|(bucket, _, slot)| gather(&runs, *bucket, slot));

    // What was dealt is in its place now, and the second array is free for the next deal.
    let mut again = Vec::with_capacity(large.len());
    let (mut rest, mut at) = (spare, place);
    for (_, from, slot) in large {
        let (_, behind) = rest.split_at_mut(from - at);
        let (spare, behind) = behind.split_at_mut(slot.len());
        (rest, at) = (behind, from + slot.len());
        again.push((from, slot, spare));
    }
    again
        .into_par_iter()
        .try_for_each(|(at, slot, spare)| deal(slot, spare, at, plan))
}

/// The bits that one deal looks at.
#[derive(Clone, Copy)]
struct Digit {
    shift: u32,
    bits: u32,
}

impl Digit {
    /// The highest of the `significant` bits in which keys differ; none if they are all the same.
    fn of<T: Item>(items: &[T], significant: u64) -> Option<Self> {
        let first = items.first()?.key();
        let differ = items
            .par_chunks(LEAF)
            .map(|run| run.iter().fold(0, |bits, item| bits | (item.key() ^ first)))
            .reduce(|| 0, |a, b| a | b);
        let highest = u64::BITS - (differ & significant).leading_zeros();
        let bits = highest.min(DIGIT_BITS);
        (bits > 0).then_some(Self {
            shift: highest - bits,
            bits,
        })
    }

    fn buckets(self) -> usize {
        1 << self.bits
    }

    #[inline(always)]
    fn bucket<T: Item>(self, item: &T) -> usize {
        // The bits above are the same in all keys.
        (item.key() >> self.shift) as usize & (self.buckets() - 1)
    }
}

/// Deals one run into `to`, bucket behind bucket; returns where each begins, and the end.
fn deal_run<T: Item>(from: &[T], to: &mut [T], digit: Digit) -> Vec<u32> {
    let mut starts = vec![0u32; digit.buckets() + 1];
    for item in from {
        starts[digit.bucket(item) + 1] += 1;
    }
    for bucket in 0..digit.buckets() {
        starts[bucket + 1] += starts[bucket];
    }
    let mut next = starts.clone();
    for item in from {
        let place = &mut next[digit.bucket(item)];
        to[*place as usize] = *item;
        *place += 1;
    }
    starts
}

/// Collects a bucket from all runs, in their order.
fn gather<T: Copy>(runs: &[(&[T], &[u32])], bucket: usize, slot: &mut [T]) {
    let mut at = 0;
    for (run, starts) in runs {
        let part = &run[starts[bucket] as usize..starts[bucket + 1] as usize];
        slot[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
}
