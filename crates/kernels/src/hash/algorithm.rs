//! The algorithms: well-kept crates do the work, with what the processor has.

use sha2::Digest;

/// Which hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// 32 bytes.
    Sha256,
    /// 64 bytes.
    Sha512,
    /// 32 bytes.
    Blake3,
    /// XXH3, 64 bits, seed 0: 8 bytes, the greatest first.
    Xxh3,
    /// CRC-32 as in zip and PNG: 4 bytes, the greatest first.
    Crc32,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 5] = [
        Algorithm::Sha256,
        Algorithm::Sha512,
        Algorithm::Blake3,
        Algorithm::Xxh3,
        Algorithm::Crc32,
    ];

    /// Bytes of a digest.
    pub fn length(self) -> usize {
        match self {
            Algorithm::Sha256 | Algorithm::Blake3 => 32,
            Algorithm::Sha512 => 64,
            Algorithm::Xxh3 => 8,
            Algorithm::Crc32 => 4,
        }
    }
}

/// One message's hash in the making.
pub enum Hasher {
    /// See [`Algorithm::Sha256`].
    Sha256(sha2::Sha256),
    /// See [`Algorithm::Sha512`].
    Sha512(sha2::Sha512),
    /// See [`Algorithm::Blake3`].
    Blake3(Box<blake3::Hasher>),
    /// See [`Algorithm::Xxh3`].
    Xxh3(Box<twox_hash::XxHash3_64>),
    /// See [`Algorithm::Crc32`].
    Crc32(crc32fast::Hasher),
}

impl Hasher {
    /// Of nothing yet.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            Algorithm::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
            Algorithm::Xxh3 => Self::Xxh3(Box::new(twox_hash::XxHash3_64::with_seed(0))),
            Algorithm::Crc32 => Self::Crc32(crc32fast::Hasher::new()),
        }
    }

    /// Takes in the bytes that follow.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
            Self::Xxh3(hasher) => std::hash::Hasher::write(&mut **hasher, bytes),
            Self::Crc32(hasher) => hasher.update(bytes),
        }
    }

    /// The same, by all threads of the current pool where the algorithm allows it.
    pub(crate) fn update_in_pool(&mut self, bytes: &[u8]) {
        match self {
            Self::Blake3(hasher) => {
                hasher.update_rayon(bytes);
            }
            one_by_one => one_by_one.update(bytes),
        }
    }

    /// Writes the digest into `into`, which is as long as the algorithm says.
    pub fn finish(self, into: &mut [u8]) {
        match self {
            Self::Sha256(hasher) => into.copy_from_slice(&hasher.finalize()),
            Self::Sha512(hasher) => into.copy_from_slice(&hasher.finalize()),
            Self::Blake3(hasher) => into.copy_from_slice(hasher.finalize().as_bytes()),
            Self::Xxh3(hasher) => {
                into.copy_from_slice(&std::hash::Hasher::finish(&*hasher).to_be_bytes());
            }
            Self::Crc32(hasher) => into.copy_from_slice(&hasher.finalize().to_be_bytes()),
        }
    }
}
