//! A list of messages while it is gone through, slice by slice: JavaScript runs between two slices, so each view is looked at anew.

use napi::Unknown;
use napi::bindgen_prelude::Array;

use crate::error::{Code, Result, from_napi, refuse};
use crate::memory::SharedBytes;

/// Where in the list one is.
pub struct Messages {
    /// What each was long when the call began.
    lengths: Vec<usize>,
    /// Which of them stand on shared memory.
    shared: Vec<bool>,
    /// The message that one is at.
    pub at: usize,
    /// Bytes of it that were taken.
    pub taken: usize,
}

impl Messages {
    /// At the beginning. `shared`, where given, has a byte for each message.
    pub fn of(views: &Array, shared: Option<&[u8]>) -> Result<Self> {
        if shared.is_some_and(|shared| shared.len() != views.len() as usize) {
            return refuse(Code::Argument, "expected a byte for each message");
        }
        let mut messages = Self {
            lengths: Vec::with_capacity(views.len() as usize),
            shared: Vec::new(),
            at: 0,
            taken: 0,
        };
        for at in 0..views.len() as usize {
            messages.lengths.push(view(views, at)?.len());
            messages
                .shared
                .push(shared.is_some_and(|shared| shared[at] != 0));
        }
        Ok(messages)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lengths.len()
    }

    /// All were gone through.
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
            format!("message {} was detached, moved or resized", self.at),
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
