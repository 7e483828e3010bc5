//! The tallies of a pool, by name.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::sync::Arc;
use crate::tally::Tally;

/// Names beyond so many share one tally: a name made anew for every job must not eat the memory.
const NAMES: usize = 1000;
/// What that one is called.
pub const OTHERS: &str = "(others)";

/// See the module.
#[derive(Default)]
pub struct Ledger {
    tallies: Mutex<HashMap<String, Arc<Tally>>>,
}

impl Ledger {
    /// The tally of a name.
    pub fn tally(&self, name: &str) -> Arc<Tally> {
        let mut tallies = self.tallies.lock();
        if let Some(known) = tallies.get(name) {
            return Arc::clone(known);
        }
        let name = if tallies.len() < NAMES { name } else { OTHERS };
        Arc::clone(tallies.entry(name.to_owned()).or_default())
    }

    /// Every name that has been used, with its tally, in no order.
    pub fn all(&self) -> Vec<(String, Arc<Tally>)> {
        let tallies = self.tallies.lock();
        tallies
            .iter()
            .map(|(name, tally)| (name.clone(), Arc::clone(tally)))
            .collect()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::tally::Counts;

    #[test]
    fn keeps_a_thousand_names() {
        let ledger = Ledger::default();
        for number in 0..NAMES + 50 {
            let once = Counts {
                total: 1,
                ..Counts::default()
            };
            ledger.tally(&number.to_string()).add(&once);
        }
        assert_eq!(ledger.all().len(), NAMES + 1);
        assert_eq!(ledger.tally(OTHERS).counts().total, 50);
        assert_eq!(ledger.tally("7").counts().total, 1);
    }
}
