//! Words and their counts on their way out: some at a time, in strings that hold many of them.

use everycore_kernels::words::WordCounts;
use napi::{Env, JsString, Unknown};
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::borrow_mut;
use crate::native::strings::string_of;

/// Units of the strings that words come back in: what is cut out of a string keeps all of it alive.
const TEXT: usize = 16 * 1024;

/// Words with their counts, fetched some at a time.
#[napi]
pub struct NativeWordList {
    counts: WordCounts,
    at: usize,
}

#[napi]
impl NativeWordList {
    pub(crate) fn of(counts: WordCounts) -> Self {
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
