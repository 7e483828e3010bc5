//! Text that claims to be a function's source: an analysis or a refusal, and what an analysis names lies within the text.

#![no_main]

use everycore_shipping::analyse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let Ok(analysis) = analyse(source) else { return };
    let units = source.encode_utf16().count() as u32;
    for variable in &analysis.free {
        for reference in &variable.references {
            assert!(reference.start <= reference.end && reference.end <= units, "{variable:?}");
        }
    }
    for import in &analysis.imports {
        assert!(import.start < units);
    }
    for tie in &analysis.ties {
        assert!(tie.start < units);
    }
});
