//! A long list of messages, taken window by window, and each slice by slice: JavaScript runs between two slices, so each view is looked at anew.

use napi::Unknown;
use napi::bindgen_prelude::Array;

use crate::error::{Code, Result, from_napi, refuse};
use crate::memory::{SharedBytes, borrow};

/// Where in the list one is.
#[derive(Default)]
pub struct Messages {
    /// Messages before the window.
    before: usize,
    /// What each of the window was long when the window came.
    lengths: Vec<usize>,
    /// Which of them stand on shared memory.
    shared: Vec<bool>,
    /// The message of the window that one is at.
    at: usize,
    /// Bytes of it that were taken.
    pub taken: usize,
}

impl Messages {
    /// On to the next window. `shared`, where given, has a byte for each of its messages.
    pub fn open(&mut self, views: &Array, shared: Option<&Unknown>) -> Result<()> {
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let shared = shared
            .map(|flags| unsafe { borrow(flags) })
            .transpose()?
            .unwrap_or_default();
        if !shared.is_empty() && shared.len() != views.len() as usize {
            return refuse(Code::Argument, "expected a byte for each message");
        }
        self.before += self.lengths.len();
        (self.at, self.taken) = (0, 0);
        self.lengths.clear();
        self.shared.clear();
        for at in 0..views.len() as usize {
            self.lengths.push(view(views, at)?.len());
            self.shared
                .push(shared.get(at).is_some_and(|&flag| flag != 0));
        }
        Ok(())
    }

    /// The number of the message that one is at.
    pub fn number(&self) -> usize {
        self.before + self.at
    }

    /// All of the window were gone through.
    pub fn is_done(&self) -> bool {
        self.at == self.lengths.len()
    }

    /// The message that one is at, and whether it stands on shared memory.
    pub fn here(&self, views: &Array) -> Result<(SharedBytes, bool)> {
        let bytes = view(views, self.at)?;
        if bytes.len() == self.lengths[self.at] {
            return Ok((bytes, self.shared[self.at]));
        }
        refuse(
            Code::Changed,
            format!("message {} was detached, moved or resized", self.number()),
        )
    }

    /// On to the next one.
    pub fn next(&mut self) {
        self.at += 1;
        self.taken = 0;
    }
}

fn view(views: &Array, at: usize) -> Result<SharedBytes> {
    match views.get::<Unknown>(at as u32).map_err(from_napi)? {
        Some(view) => SharedBytes::anywhere(&view),
        None => refuse(Code::Argument, "the list of messages changed"),
    }
}
