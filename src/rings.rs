//! Whom a JavaScript thread must notify, packed into one number so that the common answer allocates nothing.

use everycore_core::Rings;

use crate::registry::House;

/// Stands for the home in the place of a slot, when the home waits on a word because it is itself a worker of another pool.
pub const HOME_SLOT: u32 = 0x7ffe;
/// Two fit (each plus one, 15 bits); the rest is left with the house and asked for with `takeRings`.
const MORE: u32 = 1 << 30;

/// Packs `rings`; what does not fit is owed by the house.
pub fn pack(house: &House, rings: Rings) -> u32 {
    if rings.is_empty() {
        return 0;
    }
    let mut all = unpack(rings);
    let packed =
        all.next().map_or(0, |slot| slot + 1) | all.next().map_or(0, |slot| slot + 1) << 15;
    let mut rest = all.peekable();
    if rest.peek().is_none() {
        return packed;
    }
    house.owed.lock().extend(rest);
    packed | MORE
}

/// Everybody who is to be rung and was not yet.
pub fn owed(house: &House) -> Vec<u32> {
    let mut slots: Vec<u32> = unpack(house.pool.take_rings()).collect();
    slots.append(&mut house.owed.lock());
    slots
}

fn unpack(rings: Rings) -> impl Iterator<Item = u32> {
    rings
        .slots
        .into_iter()
        .chain(rings.words.into_iter().map(|_| HOME_SLOT))
}
