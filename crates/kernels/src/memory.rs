//! Memory that kernels read and write by copies only: others may write it meanwhile, and it may go while a kernel runs.

/// The memory's owner has left; what was read of it counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// Bytes in somebody else's hands.
pub trait Memory: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// There are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies the bytes from `at` on, as many as `into` takes.
    ///
    /// # Panics
    /// If the range is not within the memory.
    ///
    /// # Errors
    /// [`Gone`] once the owner has left.
    fn read(&self, at: usize, into: &mut [u8]) -> Result<(), Gone>;

    /// Copies `bytes` to where `at` points. The same panics and errors as for [`Memory::read`].
    fn write(&self, at: usize, bytes: &[u8]) -> Result<(), Gone>;
}

/// Memory of our own, which never goes: what was staged, and what tests use.
impl Memory for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn read(&self, at: usize, into: &mut [u8]) -> Result<(), Gone> {
        into.copy_from_slice(&self[at..at + into.len()]);
        Ok(())
    }

    fn write(&self, _: usize, _: &[u8]) -> Result<(), Gone> {
        unreachable!("nobody writes into what was lent to be read")
    }
}
