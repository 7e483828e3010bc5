//! Room on the stack: the parser recurses as deep as the source is nested, and a stack overflow kills the process.

use crate::Refusal;

/// A source up to this many bytes cannot nest deep enough to matter on any thread that runs JavaScript.
const SHALLOW: usize = 1024;
/// Longer than any function that somebody wants to send to a worker as text.
const MAX_SOURCE: usize = 8 << 20;
/// For brackets, blocks and functions: V8 itself gives up at about 3,000 levels, which take less than 10 MiB here.
const NESTING: usize = 64 << 20;
/// For `a + a + …` and `a.b().c()…`, which V8 takes at any length: measured at less than 64 bytes of stack for a byte of
/// source, at about 1,000 without optimisation.
const CHAIN: usize = if cfg!(debug_assertions) { 2048 } else { 128 };

/// Runs `work` where a source of `length` bytes cannot overflow the stack. The stack is address space until it is used.
///
/// # Errors
/// [`Refusal::TooLong`]; [`Refusal::Failed`] if the thread could not be started or panicked.
pub fn with_room_for<T: Send>(
    length: usize,
    work: impl FnOnce() -> Result<T, Refusal> + Send,
) -> Result<T, Refusal> {
    if length <= SHALLOW {
        return work();
    }
    if length > MAX_SOURCE {
        return Err(Refusal::TooLong);
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("everycore-parse".into())
            .stack_size(NESTING + length * CHAIN)
            .spawn_scoped(scope, work)
            .map_err(|_| Refusal::Failed)?;
        thread.join().unwrap_or(Err(Refusal::Failed))
    })
}
