//! Any text: its words are those of the standard library, wherever it is cut.

#![no_main]

use everycore_kernels::words::{Words, count_here, split_point};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|units: Vec<u16>| {
    for words in [Words::Runs, Words::Unicode] {
        let all = count_here(words, &units);
        let total: u64 = all.words.iter().map(|(_, count)| count).sum();
        let cut = split_point(words, &units);
        assert!(cut <= units.len());
        let (before, behind) = units.split_at(cut);
        let parts: u64 = [before, behind]
            .iter()
            .flat_map(|part| count_here(words, part).words)
            .map(|(_, count)| count)
            .sum();
        assert_eq!(total, parts, "a cut at {cut} changes what the words are");
    }
});
