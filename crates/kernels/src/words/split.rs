//! Where words begin and end, and where a text may be cut without changing that.

use unicode_segmentation::UnicodeSegmentation;

use super::space::is_space;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// A run of anything but white space.
    Runs,
    /// A word of Unicode's default segmentation (UAX #29) with a letter or digit in it.
    Unicode,
}

impl Words {
    /// Shows each word of `text` to `see`, with its place. In the `Unicode` sense the place is that of the text before it as segmented, which
    /// keeps the words' order.
    pub(super) fn each(self, text: &[u16], mut see: impl FnMut(usize, &[u16])) {
        match self {
            Words::Runs => {
                let mut at = 0;
                while at < text.len() {
                    if is_space(text[at]) {
                        at += 1;
                        continue;
                    }
                    let rest = &text[at..];
                    let length = rest.iter().position(|&unit| is_space(unit));
                    let word = &rest[..length.unwrap_or(rest.len())];
                    see(at, word);
                    at += word.len();
                }
            }
            Words::Unicode => {
                // A lone surrogate becomes U+FFFD, which is in no word.
                let text = String::from_utf16_lossy(text);
                let mut units = Vec::new();
                for (place, (_, word)) in text.unicode_word_indices().enumerate() {
                    units.clear();
                    units.extend(word.encode_utf16());
                    see(place, &units);
                }
            }
        }
    }

    /// Whether a text may be cut behind its unit `at`.
    fn ends(self, text: &[u16], at: usize) -> bool {
        let unit = text[at];
        match self {
            Words::Runs => is_space(unit),
            // Words go across two sorts of space, and across a wide comma between digits. Texts that know no spaces still have
            // full stops and commas.
            Words::Unicode => match unit {
                0x202f | 0xfeff => false,
                0x3001 | 0x3002 | 0xff01 | 0xff1f => true,
                0xff0c => at > 0 && matches!(text[at - 1], 0x4e00..=0x9fff),
                _ => is_space(unit),
            },
        }
    }
}

/// The last place at which `text` may be cut; 0 if there is none.
pub fn split_point(words: Words, text: &[u16]) -> usize {
    (0..text.len())
        .rfind(|&at| words.ends(text, at))
        .map_or(0, |last| last + 1)
}
