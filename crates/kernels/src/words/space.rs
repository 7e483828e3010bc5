//! What separates words: the characters that `\s` matches in JavaScript, all of which are a single UTF-16 unit.

/// Whether `unit` is white space or ends a line.
#[inline(always)]
pub(super) fn is_space(unit: u16) -> bool {
    // Nearly every unit is decided by one of these two.
    if unit < 0x80 {
        return unit == 32 || (9..=13).contains(&unit);
    }
    is_rare_space(unit)
}

fn is_rare_space(unit: u16) -> bool {
    matches!(
        unit,
        0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 | 0xfeff
    )
}
