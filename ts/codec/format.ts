// The bytes of an item: one tag, then its payload; nothing in an item refers to another item, so decoding starts at any of them.
//
// Lengths, counts and shape numbers are LEB128 varints of at most 32 bits; numbers are little-endian. Values from SMALL on are the
// integers 0–127 themselves. Keys of records that occur more than once stand in a dictionary beside the items ("definitions": a run of
// `varint count, string key…`, numbered from 0 in order), written once per segment or claim.

export const UNDEFINED = 0
export const NULL = 1
export const FALSE = 2
export const TRUE = 3
/** i32. */
export const INT32 = 4
/** f64. */
export const DOUBLE = 5
/** Varint length, then a byte per UTF-16 unit, all of them below 256. */
export const LATIN1 = 6
/** Varint number of UTF-16 units, then the units as they are: lone surrogates cross unharmed. */
export const UTF16 = 7
/** Finds a unit that LATIN1 has no byte for. Over a string of one byte a unit it does not look at any. */
export const WIDE: RegExp = /[^\0-\xff]/
/** i64. */
export const BIGINT64 = 8
/** A LATIN1 body: what `toString(16)` says. */
export const BIGINT = 9
/** f64 milliseconds. */
export const DATE = 10
/** Varint length, then that many items. */
export const ARRAY = 11
/** Stands for an index that an array does not have. */
export const HOLE = 12
/** Varint number of a shape, then an item per key of it. */
export const RECORD = 13
/** Varint number of keys, then a string and an item for each: a record whose keys are in no dictionary. */
export const LOOSE_RECORD = 14
/** Byte of the kind, varint length in bytes, then the bytes. */
export const VIEW = 15
/** Varint length, then the bytes. */
export const ARRAY_BUFFER = 16
/** Up to the end of the item: what V8's own serializer wrote, for cycles, shared references, Map, Set and their like. */
export const GRAPH = 17
/** Varint index into the parcels: the item travels beside the bytes, by structured clone. */
export const PARCEL = 18
/** Varint number of a shared object, which is there already. */
export const SHARED = 19
/** Varint number of entries, then a key and a value for each. */
export const MAP = 20
/** Varint number of members, then each. */
export const SET = 21
/** Varint number of a parcel that is to be asked for: see `freight.ts`. */
export const FREIGHT = 22
/** The first of 128 tags that are the integers 0–127. */
export const SMALL = 0x80

/** What one item may take; views over 4 GiB are cut silently by V8, so a limit of our own comes well before. */
export const LARGEST: number = 2 ** 30
/** Memory that views may stand on: structured clone reckons with 32 bits there, and cuts off the rest without a word. */
export const WIDEST: number = 2 ** 32 - 1

/** Nesting up to which V8's serializer, which recurses, surely neither overflows the writer's stack nor the reader's (it manages 1,900). */
export const DEEPEST = 1000
