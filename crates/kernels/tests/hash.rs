//! Digests of messages that come in parts, beside those of the same messages at once, and beside published ones.

mod support;

use std::sync::mpsc::channel;

use everycore_kernels::hash::{Algorithm, HashJob, Hasher, Part};
use everycore_kernels::lane::{Failure, STAGING_BLOCK};
use everycore_kernels::{Interrupted, Memory, Stop};
use proptest::prelude::*;
use support::{Lent, lane, numbers};

fn at_once(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(message);
    let mut digest = vec![0; algorithm.length()];
    hasher.finish(&mut digest);
    digest
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As the facade does it: blocks are filled with message after message, of at most `fill` bytes each.
fn staged(algorithm: Algorithm, messages: &[Vec<u8>], fill: usize) -> Result<Vec<u8>, Failure> {
    let lane = lane(3);
    let (sender, receiver) = channel();
    let job = HashJob::new(
        lane.clone(),
        algorithm,
        messages.len(),
        Stop::default(),
        move |outcome| {
            sender.send(outcome).expect("somebody waits");
        },
    )
    .expect("memory");
    let (mut block, mut parts, mut filled) = (support::stage(&lane), Vec::new(), 0);
    for (message, bytes) in messages.iter().enumerate() {
        let mut at = 0;
        loop {
            let taken = (fill - filled).min(bytes.len() - at);
            block[filled..filled + taken].copy_from_slice(&bytes[at..at + taken]);
            let last = at + taken == bytes.len();
            parts.push(Part {
                message,
                range: filled..filled + taken,
                first: at == 0,
                last,
            });
            (at, filled) = (at + taken, filled + taken);
            if filled == fill {
                job.submit(
                    std::mem::replace(&mut block, support::stage(&lane)),
                    std::mem::take(&mut parts),
                );
                filled = 0;
            }
            if last {
                break;
            }
        }
    }
    job.submit(block, parts);
    receiver.recv().expect("an outcome")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn however_messages_are_cut(
        lengths in prop::collection::vec(prop_oneof![0..300usize, 900..5000usize], 1..40),
        fill in 1000..3000usize,
        seed in any::<u64>(),
    ) {
        let messages: Vec<Vec<u8>> = lengths.iter().enumerate()
            .map(|(i, &length)| numbers(seed ^ i as u64).map(|number| number as u8).take(length).collect())
            .collect();
        for algorithm in Algorithm::ALL {
            let wanted: Vec<u8> = messages.iter().flat_map(|message| at_once(algorithm, message)).collect();
            prop_assert_eq!(staged(algorithm, &messages, fill).unwrap(), wanted);
        }
    }
}

#[test]
fn a_long_message_goes_through_many_blocks() {
    let message: Vec<u8> = numbers(3)
        .map(|number| number as u8)
        .take(20 * STAGING_BLOCK + 7)
        .collect();
    for algorithm in Algorithm::ALL {
        let wanted = [at_once(algorithm, b"x"), at_once(algorithm, &message)].concat();
        let messages = [b"x".to_vec(), message.clone()];
        assert_eq!(
            staged(algorithm, &messages, STAGING_BLOCK).unwrap(),
            wanted,
            "{algorithm:?}"
        );
    }
}

#[test]
fn shared_messages_are_hashed_where_they_are() {
    let messages: Vec<Vec<u8>> = (0..50u8).map(|i| vec![i; usize::from(i) * 997]).collect();
    for algorithm in Algorithm::ALL {
        let (sender, receiver) = channel();
        let job = HashJob::new(
            lane(2),
            algorithm,
            messages.len(),
            Stop::default(),
            move |outcome| {
                sender.send(outcome).expect("somebody waits");
            },
        )
        .expect("memory");
        for (message, bytes) in messages.iter().enumerate() {
            job.submit_shared(vec![(
                message,
                Box::new(Lent(bytes.clone())) as Box<dyn Memory>,
            )]);
        }
        let wanted: Vec<u8> = messages
            .iter()
            .flat_map(|message| at_once(algorithm, message))
            .collect();
        assert_eq!(receiver.recv().unwrap().unwrap(), wanted);
    }
}

#[test]
fn published_digests() {
    let digests = [
        (
            Algorithm::Sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            Algorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            Algorithm::Blake3,
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
        (Algorithm::Xxh3, "78af5f94892f3950"),
        (Algorithm::Crc32, "352441c2"),
    ];
    for (algorithm, digest) in digests {
        assert_eq!(hex(&at_once(algorithm, b"abc")), digest, "{algorithm:?}");
    }
}

#[test]
fn stopped_work_says_so_once() {
    let (sender, receiver) = channel();
    let stop = Stop::default();
    stop.ask();
    let job = HashJob::new(lane(1), Algorithm::Sha256, 2, stop, move |outcome| {
        drop(sender.send(outcome));
    })
    .expect("memory");
    job.submit_shared(vec![(0, Box::new(Lent(vec![1; 10])) as Box<dyn Memory>)]);
    let outcome = receiver.recv().unwrap();
    assert_eq!(outcome, Err(Failure::Interrupted(Interrupted::Stopped)));
}
