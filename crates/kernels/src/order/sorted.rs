//! Sorting records by their columns: by a number for each, which tells most of them apart, and by comparing the rest.

use super::Column;
use crate::entry::{Entry, write_indexes};
use crate::radix::{self, Plan};
use crate::stop::zeroed;
use crate::{Interrupted, Memory, Stop};

/// Writes the indexes of all records in their order to `out`, 32 bits each, by all threads of the current pool.
///
/// # Panics
/// For columns that are not all as long, or longer than 32 bits can count.
///
/// # Errors
/// When it was stopped, or the memory has gone.
pub fn order(columns: &[Column], out: &dyn Memory, stop: &Stop) -> Result<(), Interrupted> {
    let Some((first, rest)) = columns.split_first() else {
        return Ok(());
    };
    let length = first.len();
    assert!(u32::try_from(length).is_ok(), "indexes have 32 bits");
    assert!(
        rest.iter().all(|column| column.len() == length),
        "columns are of one length"
    );
    stop.check()?;
    let mut items: Vec<Entry> = zeroed(length)?;
    let fill = |keys: &[u64], items: &mut [Entry]| {
        for (index, (item, &key)) in items.iter_mut().zip(keys).enumerate() {
            *item = Entry::new(key, index);
        }
    };
    // A number says all there is to say about its record; of a text it is only the beginning.
    let tied = match first {
        Column::Numbers(keys, _) => {
            fill(keys, &mut items);
            rest
        }
        Column::Texts(texts, down) => {
            fill(&texts.prefixes(*down), &mut items);
            columns
        }
    };
    let plan = Plan {
        compare: |a: &Entry, b: &Entry| {
            let mut order = a.key().cmp(&b.key());
            for column in tied {
                if order.is_ne() {
                    return order;
                }
                order = column.compare(a.index(), b.index());
            }
            order.then(a.index().cmp(&b.index()))
        },
        settle: &|place, items| write_indexes(place, items, out),
        stop,
    };
    let mut spare = radix::spare_for(&items)?;
    radix::sort(&mut items, &mut spare, &plan)
}
