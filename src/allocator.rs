//! The C allocator, where the memory of Buffers comes from.

use napi_derive::napi;

/// Gives back to the operating system what the allocator keeps of memory that was freed, as far as it can be told to.
///
/// Each thread of Node allocates from an arena of glibc's, and what an ended thread has freed there may stay with the process: up to 64 MiB an arena.
#[napi]
pub fn trim_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it may be called at any time; it locks one arena after the other.
    unsafe {
        libc::malloc_trim(0);
    }
}
