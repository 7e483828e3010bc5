//! From the parser's UTF-8 offsets in the wrapped text to UTF-16 offsets in the function's own source.

/// Translates offsets of one source.
pub struct Offsets<'s> {
    source: &'s str,
    /// Bytes put before the source for parsing.
    prefix: u32,
    ascii: bool,
}

impl<'s> Offsets<'s> {
    /// For `source`, parsed with `prefix` bytes before it.
    pub fn new(source: &'s str, prefix: u32) -> Self {
        Self {
            source,
            prefix,
            ascii: source.is_ascii(),
        }
    }

    /// The position in UTF-16 units.
    pub fn utf16(&self, offset: u32) -> u32 {
        let byte = offset.saturating_sub(self.prefix) as usize;
        if self.ascii {
            return byte as u32;
        }
        self.source[..byte.min(self.source.len())]
            .chars()
            .map(|c| c.len_utf16() as u32)
            .sum()
    }
}
