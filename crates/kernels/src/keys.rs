//! The numbers to be sorted, as keys of their own width: copied by whoever calls, or out of shared memory by all threads.

use rayon::prelude::*;

use crate::pieces::{PIECE, each_block};
use crate::stop::zeroed;
use crate::{Element, Interrupted, Kind, Memory, Stop, pages, with_element};

/// One key for each element, in the elements' order.
pub enum Keys {
    /// Of kinds of one byte.
    Bytes(Vec<u8>),
    /// Of two bytes.
    Shorts(Vec<u16>),
    /// Of four.
    Words(Vec<u32>),
    /// Of eight.
    Longs(Vec<u64>),
}

/// Elements whose keys have a list among [`Keys`].
pub trait Listed: Sized {
    /// That list.
    #[doc(hidden)]
    fn list(keys: &mut Keys) -> &mut Vec<Self>;
}

macro_rules! listed {
    ($($T:ty: $list:ident;)*) => {$(
        impl Listed for $T {
            fn list(keys: &mut Keys) -> &mut Vec<Self> {
                match keys {
                    Keys::$list(list) => list,
                    _ => unreachable!("a kind has keys of one width"),
                }
            }
        }
    )*};
}

listed! { u8: Bytes; u16: Shorts; u32: Words; u64: Longs; }

impl Keys {
    /// None yet, with room for `length`.
    ///
    /// # Errors
    /// When the system has not so much memory.
    pub fn with_capacity(kind: Kind, length: usize) -> Result<Self, Interrupted> {
        let mut keys = match kind.size() {
            1 => Self::Bytes(Vec::new()),
            2 => Self::Shorts(Vec::new()),
            4 => Self::Words(Vec::new()),
            _ => Self::Longs(Vec::new()),
        };
        match &mut keys {
            Self::Bytes(list) => reserve(list, length),
            Self::Shorts(list) => reserve(list, length),
            Self::Words(list) => reserve(list, length),
            Self::Longs(list) => reserve(list, length),
        }?;
        Ok(keys)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(list) => list.len(),
            Self::Shorts(list) => list.len(),
            Self::Words(list) => list.len(),
            Self::Longs(list) => list.len(),
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the keys of the elements in `memory`, on this thread.
    ///
    /// # Errors
    /// When the memory has gone, or the system has none left.
    pub fn append(&mut self, kind: Kind, memory: &dyn Memory) -> Result<(), Interrupted> {
        with_element!(kind, T => {
            let list = Listed::list(self);
            list.try_reserve(memory.len() / size_of::<T>())?;
            each_block::<T>(memory, 0, memory.len() / size_of::<T>(), |block| {
                list.extend(block.iter().map(|element| element.key()));
            })
        })
    }

    /// The keys of all elements in `memory`, copied by all threads of the current pool.
    ///
    /// # Errors
    /// When it was stopped, or the memory has gone.
    pub fn read(kind: Kind, memory: &dyn Memory, stop: &Stop) -> Result<Self, Interrupted> {
        let length = memory.len() / kind.size();
        let mut keys = Self::with_capacity(kind, 0)?;
        with_element!(kind, T => {
            let list: &mut Vec<<T as Element>::Key> = Listed::list(&mut keys);
            *list = zeroed(length)?;
            list.par_chunks_mut(PIECE).enumerate().try_for_each(|(piece, keys)| {
                stop.check()?;
                let mut rest = keys;
                each_block::<T>(memory, piece * PIECE, rest.len(), |block| {
                    let (here, behind) = std::mem::take(&mut rest).split_at_mut(block.len());
                    for (key, element) in here.iter_mut().zip(block) {
                        *key = element.key();
                    }
                    rest = behind;
                })
            })?;
        });
        Ok(keys)
    }
}

fn reserve<T>(list: &mut Vec<T>, length: usize) -> Result<(), Interrupted> {
    list.try_reserve_exact(length)?;
    pages::ask_for(list);
    Ok(())
}
