//! Word counts of text that the facade hands over piece by piece, for Node-API copies strings from their beginning only.

use std::ptr;
use std::sync::Arc;

use everycore_kernels::lane::STAGING_BLOCK;
use everycore_kernels::words::{WordCounts, WordJob, WordPiece, Words, count_here, split_point};
use napi::{Env, JsString, JsValue, Unknown, sys};
use napi_derive::napi;

use crate::error::{Code, Result, from_napi, refuse};
use crate::memory::borrow_mut;
use crate::native::errand::Errand;
use crate::native::lane::NativeLane;

/// Separates texts that follow each other.
const SEPARATOR: u16 = b'\n' as u16;
/// Units of the strings that words come back in: what is cut out of a string keeps all of it alive.
const TEXT: usize = 16 * 1024;

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

/// Words with their counts, fetched some at a time.
#[napi]
pub struct NativeWordList {
    counts: WordCounts,
    at: usize,
}

#[napi]
impl NativeWordList {
    fn of(counts: WordCounts) -> Self {
        Self { counts, at: 0 }
    }

    /// The next words, one behind the other; absent at the end. `marks` is memory of doubles: how many words there are, then for each where it ends
    /// in the text, and its count.
    #[napi(catch_unwind)]
    pub fn next<'env>(&mut self, env: &'env Env, marks: Unknown) -> Result<Option<JsString<'env>>> {
        let WordCounts { units, words } = &self.counts;
        if self.at == words.len() {
            return Ok(None);
        }
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let marks = unsafe { borrow_mut(&marks)? };
        let Some((head, marks)) = marks.split_at_mut_checked(8) else {
            return refuse(Code::Argument, "expected room for a number");
        };
        let start = self.at.checked_sub(1).map_or(0, |before| words[before].0);
        let (mut end, mut count) = (start, 0);
        for (&(next, times), mark) in words[self.at..].iter().zip(marks.chunks_exact_mut(16)) {
            if count > 0 && next - start > TEXT {
                break;
            }
            mark[..8].copy_from_slice(&((next - start) as f64).to_ne_bytes());
            mark[8..].copy_from_slice(&(times as f64).to_ne_bytes());
            (end, count) = (next, count + 1);
        }
        head.copy_from_slice(&(count as f64).to_ne_bytes());
        self.at += count;
        string_of(env, &units[start..end]).map(Some)
    }
}

/// As narrow as it can be: that halves what it takes, and what is cut out of it.
fn string_of<'env>(env: &'env Env, units: &[u16]) -> Result<JsString<'env>> {
    if units.iter().all(|&unit| unit < 0x100) {
        let bytes: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
        return env.create_string_latin1(bytes).map_err(from_napi);
    }
    env.create_string_utf16(units).map_err(from_napi)
}

/// Units of a string.
pub fn string_length(text: &Unknown) -> Result<usize> {
    let raw = text.value();
    let mut length = 0;
    // SAFETY: `raw` is a live handle of the calling environment; without a buffer only the length is asked for.
    let status = unsafe {
        sys::napi_get_value_string_utf16(raw.env, raw.value, ptr::null_mut(), 0, &mut length)
    };
    if status != sys::Status::napi_ok {
        return refuse(Code::Argument, "expected a string");
    }
    Ok(length)
}

/// Copies a string and a zero behind it into `into`, which must have room; returns the string's units.
pub fn copy_string(text: &Unknown, into: &mut [u16]) -> Result<usize> {
    let raw = text.value();
    let mut length = 0;
    // SAFETY: as above, and the buffer is as long as is said.
    let status = unsafe {
        sys::napi_get_value_string_utf16(
            raw.env,
            raw.value,
            into.as_mut_ptr(),
            into.len(),
            &mut length,
        )
    };
    if status != sys::Status::napi_ok {
        return refuse(Code::Argument, "expected a string");
    }
    Ok(length)
}
