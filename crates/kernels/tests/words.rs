//! Word counts beside those of the standard library's `split_whitespace`, and of a segmentation in one piece.

mod support;

use std::collections::HashMap;
use std::sync::mpsc::channel;

use everycore_kernels::Stop;
use everycore_kernels::words::{WordCounts, WordJob, WordPiece, Words, count_here, split_point};
use proptest::prelude::*;
use support::lane;
use unicode_segmentation::UnicodeSegmentation;

/// In pieces of at most `fill` units, cut where they may be.
fn counted(words: Words, text: &str, fill: usize) -> WordCounts {
    let lane = lane(3);
    let (sender, receiver) = channel();
    let job = WordJob::new(lane.clone(), words, Stop::default(), move |outcome| {
        sender.send(outcome).expect("somebody waits");
    });
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut at = 0;
    while at < units.len() {
        let mut end = units.len().min(at + fill);
        let cut = split_point(words, &units[at..end]);
        if end < units.len() {
            // Where it may not be cut it is one piece.
            end = if cut > 0 { at + cut } else { units.len() };
        }
        let part = &units[at..end];
        if part.len() < 500 {
            let mut block = support::stage(&lane);
            bytemuck::cast_slice_mut(&mut block)[..part.len()].copy_from_slice(part);
            job.submit(WordPiece::Staged(block, part.len()), at as u64);
        } else {
            job.submit(WordPiece::Large(part.to_vec()), at as u64);
        }
        at = end;
    }
    job.complete();
    receiver.recv().expect("an outcome").expect("counts")
}

fn list(counts: &WordCounts) -> Vec<(String, u64)> {
    let mut start = 0;
    let word = |&(end, count): &(usize, u64)| {
        let word = String::from_utf16_lossy(&counts.units[start..end]);
        start = end;
        (word, count)
    };
    counts.words.iter().map(word).collect()
}

fn plainly<'a>(words: impl Iterator<Item = &'a str>) -> Vec<(String, u64)> {
    let mut places = HashMap::new();
    let mut list: Vec<(String, u64)> = Vec::new();
    for word in words {
        let place = *places.entry(word).or_insert_with(|| {
            list.push((word.to_owned(), 0));
            list.len() - 1
        });
        list[place].1 += 1;
    }
    list
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn runs(text in "([a-e]{1,3}[ \n\t\u{a0}\u{3000}]{1,2}|[a-zäöü語🎈]{1,4} ){0,300}", fill in 20..200usize) {
        let wanted = plainly(text.split_whitespace());
        prop_assert_eq!(list(&counted(Words::Runs, &text, fill)), wanted.clone());
        let units: Vec<u16> = text.encode_utf16().collect();
        prop_assert_eq!(list(&count_here(Words::Runs, &units)), wanted);
    }

    #[test]
    fn unicode(text in "([a-c]{1,3}[ .,'\n-]{1,2}|[a-zäöü\u{301}\u{200d}語を🎈0-9]{1,4}[ 。、]){0,300}", fill in 20..200usize) {
        let wanted = plainly(text.unicode_words());
        prop_assert_eq!(list(&counted(Words::Unicode, &text, fill)), wanted);
    }
}

#[test]
fn what_javascript_calls_white_space() {
    let spaces = "\t\n\u{b}\u{c}\r \u{a0}\u{1680}\u{2000}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
    let text: String = spaces.chars().flat_map(|space| ['x', space]).collect();
    assert_eq!(
        list(&counted(Words::Runs, &text, 1000)),
        [("x".to_owned(), 16)]
    );
    assert_eq!(
        list(&counted(Words::Runs, "a\u{85}b\u{200b}c", 1000)),
        [("a\u{85}b\u{200b}c".to_owned(), 1)]
    );
}

#[test]
fn lone_surrogates_are_units_like_others() {
    let counts = count_here(Words::Runs, &[0xd800, 0x20, 0xd800, 0x61, 0x20, 0xd800]);
    assert_eq!(counts.units, [0xd800, 0xd800, 0x61]);
    assert_eq!(counts.words, [(1, 2), (3, 1)]);
}

#[test]
fn nothing_has_no_words() {
    assert!(counted(Words::Runs, "", 100).words.is_empty());
    assert!(counted(Words::Unicode, " ...! ", 100).words.is_empty());
}

#[test]
fn a_text_is_not_cut_where_words_go_on() {
    for text in ["f\u{feff}g", "1\u{202f}000", "1\u{ff0c}5"] {
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(split_point(Words::Unicode, &units), 0, "{text:?}");
        assert_eq!(
            count_here(Words::Unicode, &units).words.len(),
            1,
            "{text:?}"
        );
    }
    let ideographs: Vec<u16> = "中\u{ff0c}5".encode_utf16().collect();
    assert_eq!(split_point(Words::Unicode, &ideographs), 2);
}
