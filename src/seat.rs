//! A worker's side: claiming ranges, committing results, parking, and the death certificate.

use std::sync::Arc;
use std::time::{Duration, Instant};

use everycore_core::{ClaimAsk, ClaimHead, ClaimSink, Claimed, LargeRecord, Lodging, Segment};
use napi::{Env, Unknown};
use napi_derive::napi;

use crate::error::{Code, Result, from_napi, refuse};
use crate::memory::{borrow, borrow_mut};
use crate::registry::{House, find};
use crate::rings::{owed, pack};

/// Words of the header that precedes a claim's bytes in the worker's inbox.
const HEAD_WORDS: usize = 16;
/// What stands between the rows of a table and their text: where that begins, as the rows count.
const BASE: usize = 8;
/// Looks at the work counter between two yields of a spinning worker: about a microsecond.
const LOOKS_PER_YIELD: u32 = 16;

/// A worker's place in its pool.
#[napi]
pub struct Seat {
    house: Arc<House>,
    slot: u32,
    epoch: u32,
}

impl Seat {
    /// Where a home works that sits here.
    pub(crate) fn lodging(&self) -> Lodging {
        Lodging {
            pool: Arc::downgrade(&self.house.pool),
            slot: self.slot,
            epoch: self.epoch,
        }
    }
}

/// What [`Seat::claim`] answers.
#[napi]
pub enum Answer {
    /// The inbox holds a frame.
    Frame = 0,
    /// There is nothing to do.
    Nothing = 1,
    /// Nothing, but siblings hold items that they have not started.
    Soon = 2,
    /// The inbox is too small: word 0 says how many bytes are needed.
    Grow = 3,
    /// The worker is to leave.
    Leave = 4,
    /// The worker is about to be terminated.
    Doomed = 5,
}

#[napi]
impl Seat {
    /// Takes the seat that the home announced. The hook makes sure that whatever ends this thread settles its estate.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, pool: u32, slot: u32, epoch: u32) -> Result<Self> {
        let house = find(pool)?;
        if !house.pool.attach(slot, epoch) {
            return refuse(
                Code::Closed,
                format!("slot {slot} of pool {pool} waits for another worker"),
            );
        }
        env.add_env_cleanup_hook(house.clone(), move |house| house.pool.die(slot, epoch))
            .map_err(from_napi)?;
        Ok(Self { house, slot, epoch })
    }

    /// Claims work into `inbox`: sixteen header words, then the offsets, the definitions and the items; of a table the rows, where their text begins
    /// (a u64), and the text. Commits first.
    /// Word 15 of the inbox says whom to ring, whatever the answer.
    #[napi(catch_unwind)]
    pub fn claim(&self, inbox: Unknown, suspended: bool) -> Result<u32> {
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let inbox = unsafe { borrow_mut(&inbox)? };
        let mut desk = Inbox {
            bytes: inbox,
            words: [0; HEAD_WORDS],
        };
        let ask = ClaimAsk {
            capacity: desk.capacity(),
            suspended,
        };
        let (claimed, rings) = self
            .house
            .pool
            .claim(self.slot, self.epoch, &ask, &mut desk);
        desk.words[15] = pack(&self.house, rings);
        let answer = match claimed {
            Claimed::Frame => Answer::Frame,
            Claimed::Nothing {
                siblings_hold_unstarted: false,
            } => Answer::Nothing,
            Claimed::Nothing {
                siblings_hold_unstarted: true,
            } => Answer::Soon,
            Claimed::NeedBytes(bytes) => {
                desk.words[0] = (bytes + HEAD_WORDS * 4) as u32;
                Answer::Grow
            }
            Claimed::Leave => Answer::Leave,
            Claimed::Doomed => Answer::Doomed,
        };
        desk.seal();
        Ok(answer as u32)
    }

    /// Hands over what stands in the outbox, and one record that does not fit there. Returns rings.
    #[napi(catch_unwind)]
    pub fn commit(&self) -> u32 {
        pack(
            &self.house,
            self.house.pool.commit(self.slot, self.epoch, None),
        )
    }

    /// Hands over the outbox, and behind it one record too large for it, of an attempt that ran for `ran` ms. Returns rings.
    #[napi(catch_unwind)]
    pub fn commit_large(
        &self,
        frame: u32,
        kind: u32,
        item: u32,
        ran: f64,
        payload: Unknown,
    ) -> Result<u32> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        let payload = unsafe { borrow(&payload)? };
        let large = LargeRecord {
            frame: frame as u16,
            kind: kind as u8,
            item,
            ran: ran as f32,
            payload,
        };
        Ok(pack(
            &self.house,
            self.house.pool.commit(self.slot, self.epoch, Some(large)),
        ))
    }

    /// The slow path of starting an item, and the first step of a claim that was put off: `true` means go on, `false` that the item belongs to
    /// somebody else now.
    #[napi(catch_unwind)]
    pub fn contest(&self, frame: u32, claim: u32, item: u32) -> bool {
        self.house
            .pool
            .contest(self.slot, self.epoch, frame, claim, item)
    }

    /// Goes to sleep: `true` when parked (a ring will come), `false` when there is work after all.
    #[napi(catch_unwind)]
    pub fn park(&self) -> bool {
        self.house.pool.park(self.slot, self.epoch)
    }

    /// Woke up without having been rung.
    #[napi(catch_unwind)]
    pub fn unpark(&self) {
        self.house.pool.unpark(self.slot, self.epoch);
    }

    /// Looks for work for at most `micros`, counted as awake meanwhile, so that nobody needs to ring. `mark` is the work counter that the claim
    /// before found. `false`: none came, or another worker looks already.
    ///
    /// It yields its core all the time: where every core is busy, the thread that would bring the work may be waiting for this one.
    #[napi(catch_unwind)]
    pub fn spin(&self, mark: u32, micros: u32) -> bool {
        let pool = &self.house.pool;
        if !pool.spin(self.slot, self.epoch, true) {
            return false;
        }
        let until = Instant::now() + Duration::from_micros(u64::from(micros));
        let mut hit = false;
        while !hit && Instant::now() < until {
            for _ in 0..LOOKS_PER_YIELD {
                std::hint::spin_loop();
                hit = hit || self.house.words.work() != mark;
            }
            if !hit {
                std::thread::yield_now();
            }
        }
        pool.spin(self.slot, self.epoch, false);
        hit
    }

    /// Wants to leave: from now on only what its own tasks wait for is claimed, and then [`Answer::Leave`].
    #[napi(catch_unwind)]
    pub fn retire(&self) {
        self.house.pool.retire(self.slot, self.epoch);
    }

    /// Gives back everything that was claimed and not begun. Returns rings.
    #[napi(catch_unwind)]
    pub fn give_back(&self) -> u32 {
        pack(
            &self.house,
            self.house.pool.give_back(self.slot, self.epoch),
        )
    }

    /// The text of a recipe.
    #[napi(catch_unwind)]
    pub fn recipe(&self, id: u32) -> Option<String> {
        self.house.recipes.get(id).map(|text| text.to_string())
    }

    /// Slots that native code wanted to ring while no JavaScript was at hand.
    #[napi(catch_unwind)]
    pub fn take_rings(&self) -> Vec<u32> {
        owed(&self.house)
    }
}

/// The inbox while a claim is written into it.
struct Inbox<'a> {
    bytes: &'a mut [u8],
    words: [u32; HEAD_WORDS],
}

impl Inbox<'_> {
    fn capacity(&self) -> usize {
        self.bytes.len().saturating_sub(HEAD_WORDS * 4)
    }

    fn seal(self) {
        for (word, place) in self.words.iter().zip(self.bytes.chunks_exact_mut(4)) {
            place.copy_from_slice(&word.to_le_bytes());
        }
    }
}

impl ClaimSink for Inbox<'_> {
    fn size(&self, segment: &Segment, begin: u32, end: u32) -> usize {
        let base = if segment.is_table() { BASE } else { 0 };
        segment.size(begin, end) + base
    }

    fn take(&mut self, head: &ClaimHead, segment: &Segment, begin: u32, end: u32) {
        let mut at = HEAD_WORDS * 4;
        let mut put = |bytes: &[u8]| {
            self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
            at += bytes.len();
        };
        let offsets = segment.offsets(begin, end);
        for offset in offsets {
            put(&(offset - offsets[0]).to_le_bytes());
        }
        put(segment.definitions());
        put(segment.bytes(begin, end));
        if segment.is_table() {
            let (text, base) = segment.text(begin, end);
            put(&u64::from(base).to_le_bytes());
            put(text);
        }
        let definitions = HEAD_WORDS * 4 + offsets.len() * 4;
        self.words = [
            head.frame,
            head.items,
            head.first_index,
            head.attempt,
            head.job as u32,
            (head.job >> 32) as u32,
            head.recipe,
            head.parcels,
            head.width,
            head.claim_id,
            head.flags,
            definitions as u32,
            segment.definitions().len() as u32,
            (definitions + segment.definitions().len()) as u32,
            head.caller.map_or(0, |slot| slot + 1),
            0,
        ];
    }
}
