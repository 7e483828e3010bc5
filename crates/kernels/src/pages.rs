//! Large pages for large lists: where the system gives them only on request, the first touch of ordinary ones costs as much as the work.

/// Below this nothing is asked for: a page is 2 MiB, and a list covers whole ones only in its middle.
#[cfg(target_os = "linux")]
const WORTH: usize = 4 * 1024 * 1024;

/// Asks for large pages under memory that nobody has touched yet. Only advice: whatever comes of it, the memory is the same.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub fn ask_for_large(address: usize, bytes: usize) {
    const PAGE: usize = 4096;
    if bytes < WORTH {
        return;
    }
    let from = address.next_multiple_of(PAGE);
    let to = (address + bytes) / PAGE * PAGE;
    // SAFETY: this advice changes no byte of the range, and the system refuses ranges that are not ours.
    unsafe { libc::madvise(from as *mut libc::c_void, to - from, libc::MADV_HUGEPAGE) };
}

/// Other systems decide by themselves.
#[cfg(not(target_os = "linux"))]
pub fn ask_for_large(_: usize, _: usize) {}

/// The same for a list that has capacity, and no elements yet or only zeros.
pub(crate) fn ask_for<T>(list: &Vec<T>) {
    ask_for_large(list.as_ptr().addr(), list.capacity() * size_of::<T>());
}
