//! A text that comes in pieces, each cut where no word goes across, and counted by whichever thread is free.

use std::sync::Arc;

use parking_lot::Mutex;

use super::table::{WordTable, join};
use super::{WordCounts, Words};
use crate::lane::{Block, Failure, Lane};
use crate::{Interrupted, Stop};

/// Some of a text.
pub enum WordPiece {
    /// In staging memory: so many UTF-16 units of it.
    Staged(Block, usize),
    /// With memory of its own: it would not fit a block.
    Large(Vec<u16>),
}

impl WordPiece {
    /// Only so many units of it.
    #[must_use]
    pub fn cut(self, length: usize) -> Self {
        match self {
            Self::Staged(block, _) => Self::Staged(block, length),
            Self::Large(mut units) => {
                units.truncate(length);
                Self::Large(units)
            }
        }
    }

    /// The text.
    pub fn units(&self) -> &[u16] {
        match self {
            Self::Staged(block, length) => &bytemuck::cast_slice(block)[..*length],
            Self::Large(units) => units,
        }
    }
}

type Done = Box<dyn Fn(Result<WordCounts, Failure>) + Send + Sync>;

/// The words of a text, in the counting.
pub struct WordJob {
    lane: Arc<Lane>,
    words: Words,
    stop: Stop,
    progress: Mutex<Progress>,
    done: Done,
}

struct Progress {
    /// Tables that no thread is at.
    tables: Vec<WordTable>,
    pieces: usize,
    complete: bool,
}

impl WordJob {
    /// `done` is called once: after [`WordJob::complete`] with all counts, or when it cannot go on.
    pub fn new(
        lane: Arc<Lane>,
        words: Words,
        stop: Stop,
        done: impl Fn(Result<WordCounts, Failure>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            lane,
            words,
            stop,
            progress: Mutex::new(Progress {
                tables: Vec::new(),
                pieces: 0,
                complete: false,
            }),
            done: Box::new(done),
        })
    }

    /// Counts a piece that stands at this place in the text.
    pub fn submit(self: &Arc<Self>, piece: WordPiece, place: u64) {
        self.progress.lock().pieces += 1;
        self.spawn(move |job| {
            job.stop.check()?;
            let mut table = job
                .progress
                .lock()
                .tables
                .pop()
                .unwrap_or_else(WordTable::new);
            job.words.each(piece.units(), |at, word| {
                table.count(word, place + at as u64);
            });
            drop(piece);
            let ends = {
                let mut progress = job.progress.lock();
                progress.tables.push(table);
                progress.pieces -= 1;
                progress.complete && progress.pieces == 0
            };
            if ends {
                job.finish();
            }
            Ok(())
        });
    }

    /// No further piece will come.
    pub fn complete(self: &Arc<Self>) {
        let ends = {
            let mut progress = self.progress.lock();
            progress.complete = true;
            progress.pieces == 0
        };
        if ends {
            self.spawn(|job| {
                job.finish();
                Ok(())
            });
        }
    }

    fn finish(&self) {
        let tables = std::mem::take(&mut self.progress.lock().tables);
        (self.done)(Ok(join(tables)));
    }

    fn spawn(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<(), Interrupted> + Send + 'static,
    ) {
        let (here, then) = (self.clone(), self.clone());
        self.lane.spawn(
            move || work(&here),
            move |outcome| {
                if let Err(failure) = outcome {
                    then.stop.ask();
                    (then.done)(Err(failure));
                }
            },
        );
    }
}

/// Counts a text at once, on the thread that calls.
pub fn count_here(words: Words, text: &[u16]) -> WordCounts {
    let mut table = WordTable::new();
    words.each(text, |at, word| table.count(word, at as u64));
    super::table::in_order(table)
}
