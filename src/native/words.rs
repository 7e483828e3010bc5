//! Word counts of text that the facade hands over piece by piece, for Node-API copies strings from their beginning only.

use std::sync::Arc;

use everycore_kernels::lane::STAGING_BLOCK;
use everycore_kernels::words::{WordCounts, WordJob, WordPiece, Words, count_here, split_point};
use napi::Unknown;
use napi_derive::napi;

use crate::error::Result;
use crate::native::errand::Errand;
use crate::native::lane::NativeLane;
use crate::native::strings::{copy_string, string_length};
use crate::native::word_list::NativeWordList;

/// Separates texts that follow each other.
const SEPARATOR: u16 = b'\n' as u16;

fn words_of(unicode: bool) -> Words {
    if unicode { Words::Unicode } else { Words::Runs }
}

/// Word counts by the native threads.
#[napi]
pub struct NativeWords {
    errand: Arc<Errand<WordCounts>>,
    job: Arc<WordJob>,
    words: Words,
    /// What was brought and not handed over: its last word may go on.
    tail: Vec<u16>,
    /// Units handed over.
    place: u64,
}

#[napi]
impl NativeWords {
    /// `unicode`: words as Unicode segments text, instead of runs of non-space.
    #[napi(constructor, catch_unwind)]
    pub fn new(lane: &NativeLane, unicode: bool) -> Self {
        let words = words_of(unicode);
        let errand: Arc<Errand<WordCounts>> = Errand::new(lane);
        let told = errand.clone();
        let stop = errand.stop().clone();
        let job = WordJob::new(lane.lane.clone(), words, stop, move |outcome| {
            told.end(outcome);
        });
        Self {
            errand,
            job,
            words,
            tail: Vec::new(),
            place: 0,
        }
    }

    /// Its number at its port.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.errand.id()
    }

    /// Whether it may run now; else it is rung when it may.
    #[napi(catch_unwind)]
    pub fn admit(&self) -> Result<bool> {
        self.errand.admit()
    }

    /// Takes the text that follows; `ends` if no word goes on behind it. `false`: all staging memory is in use, come again when rung.
    #[napi(catch_unwind)]
    pub fn feed(&mut self, text: Unknown, ends: bool) -> Result<bool> {
        let length = string_length(&text)?;
        // Room for a separator, and for the zero that Node-API puts behind a string.
        let room = self.tail.len() + length + 2;
        let (piece, filled) = if room * 2 <= STAGING_BLOCK {
            let signal = self.errand.signal().clone();
            let Some(mut block) = self.errand.lane().stage(move || signal.ring()) else {
                return Ok(false);
            };
            let filled = self.fill(bytemuck::cast_slice_mut(&mut block), &text, ends)?;
            (WordPiece::Staged(block, filled), filled)
        } else {
            let mut units = vec![0; room];
            let filled = self.fill(&mut units, &text, ends)?;
            units.truncate(filled);
            (WordPiece::Large(units), filled)
        };
        self.hand_over(piece, filled, ends);
        Ok(true)
    }

    /// No further text will come.
    #[napi(catch_unwind)]
    pub fn complete(&mut self) {
        let tail = std::mem::take(&mut self.tail);
        if !tail.is_empty() {
            self.job.submit(WordPiece::Large(tail), self.place);
        }
        self.job.complete();
    }

    /// The counts, once there are any.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Result<Option<NativeWordList>> {
        Ok(self.errand.take()?.map(NativeWordList::of))
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.errand.cancel(false);
    }

    /// The tail, the text and a separator; returns how many units that is.
    fn fill(&self, into: &mut [u16], text: &Unknown, ends: bool) -> Result<usize> {
        let from = self.tail.len();
        into[..from].copy_from_slice(&self.tail);
        let end = from + copy_string(text, &mut into[from..])?;
        if ends {
            into[end] = SEPARATOR;
        }
        Ok(end + usize::from(ends))
    }

    fn hand_over(&mut self, piece: WordPiece, filled: usize, ends: bool) {
        let units = &piece.units()[..filled];
        let cut = if ends {
            filled
        } else {
            split_point(self.words, units)
        };
        let tail = units[cut..].to_vec();
        if cut > 0 {
            self.job.submit(piece.cut(cut), self.place);
            self.place += cut as u64;
        }
        self.tail = tail;
    }
}

/// Counts the words of a short text at once, on this thread.
#[napi(catch_unwind)]
pub fn count_words_here(text: Unknown, unicode: bool) -> Result<NativeWordList> {
    let mut units = vec![0; string_length(&text)? + 1];
    let length = copy_string(&text, &mut units)?;
    Ok(NativeWordList::of(count_here(
        words_of(unicode),
        &units[..length],
    )))
}
