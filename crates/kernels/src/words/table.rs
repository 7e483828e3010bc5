//! Words with their counts, in the order in which they first appear. A set of tables, chosen by hash, so that the tables of several threads can be
//! joined by several threads.

use std::hash::Hasher;

use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::FxHasher;

const SHARDS: usize = 16;

/// What one thread has counted.
pub(super) struct WordTable([Shard; SHARDS]);

#[derive(Default)]
struct Shard {
    places: HashTable<u32>,
    entries: Vec<Entry>,
    /// All words, one behind the other.
    units: Vec<u16>,
}

#[derive(Clone, Copy)]
struct Entry {
    hash: u64,
    start: usize,
    length: usize,
    count: u64,
    /// Where in the text the word stood first.
    first: u64,
}

/// All words of a text, in the order in which they first appear.
#[derive(Debug, Default)]
pub struct WordCounts {
    /// The words, one behind the other.
    pub units: Vec<u16>,
    /// Where each ends in `units`, and how often it was met.
    pub words: Vec<(usize, u64)>,
}

impl WordTable {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| Shard::default()))
    }

    pub(super) fn count(&mut self, word: &[u16], first: u64) {
        let hash = hash(word);
        let shard = &mut self.0[shard_of(hash)];
        shard.add(word, hash, 1, first);
    }
}

/// The counts of all tables together.
pub(super) fn join(tables: Vec<WordTable>) -> WordCounts {
    let mut shards: Vec<Vec<Shard>> = (0..SHARDS).map(|_| Vec::new()).collect();
    for table in tables {
        for (shard, list) in table.0.into_iter().zip(&mut shards) {
            list.push(shard);
        }
    }
    let joined: Vec<Shard> = shards.into_par_iter().map(join_shards).collect();
    let mut entries = entries(&joined);
    entries.par_sort_unstable_by_key(|(_, entry)| entry.first);
    listed(entries)
}

/// The counts of one table, sorted by the thread that calls.
pub(super) fn in_order(table: WordTable) -> WordCounts {
    let mut entries = entries(&table.0);
    entries.sort_unstable_by_key(|(_, entry)| entry.first);
    listed(entries)
}

type Entries<'a> = Vec<(&'a Shard, &'a Entry)>;

fn entries(shards: &[Shard]) -> Entries<'_> {
    let of = |shard| move |entry| (shard, entry);
    shards
        .iter()
        .flat_map(|shard| shard.entries.iter().map(of(shard)))
        .collect()
}

fn listed(entries: Entries<'_>) -> WordCounts {
    let mut counts = WordCounts::default();
    for (shard, entry) in entries {
        counts.units.extend_from_slice(shard.word(entry));
        counts.words.push((counts.units.len(), entry.count));
    }
    counts
}

fn join_shards(mut shards: Vec<Shard>) -> Shard {
    shards.sort_unstable_by_key(|shard| shard.entries.len());
    let mut all = shards.pop().unwrap_or_default();
    for shard in shards {
        for entry in &shard.entries {
            all.add(shard.word(entry), entry.hash, entry.count, entry.first);
        }
    }
    all
}

impl Shard {
    fn word(&self, entry: &Entry) -> &[u16] {
        &self.units[entry.start..entry.start + entry.length]
    }

    fn add(&mut self, word: &[u16], hash: u64, count: u64, first: u64) {
        let Self {
            places,
            entries,
            units,
        } = self;
        let is_it = |&place: &u32| {
            let entry = &entries[place as usize];
            entry.hash == hash && units[entry.start..entry.start + entry.length] == *word
        };
        if let Some(&place) = places.find(hash, is_it) {
            let entry = &mut entries[place as usize];
            entry.count += count;
            entry.first = entry.first.min(first);
            return;
        }
        let entry = Entry {
            hash,
            start: units.len(),
            length: word.len(),
            count,
            first,
        };
        units.extend_from_slice(word);
        places.insert_unique(hash, entries.len() as u32, |&place| {
            entries[place as usize].hash
        });
        entries.push(entry);
    }
}

fn hash(word: &[u16]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytemuck::cast_slice(word));
    hasher.finish()
}

/// By bits that the tables themselves use least.
fn shard_of(hash: u64) -> usize {
    (hash >> 48) as usize % SHARDS
}
