// The list of what carries values between threads: items as bytes or parcels, errors as records.

export { Decoder } from './decoder.ts'
export { Encoder } from './encoder.ts'
export { unwrapParcel, wrapParcel } from './parcel.ts'
export { checkCloneable, findUncloneable } from './uncloneable.ts'
export type { Root } from './uncloneable.ts'
export { dismantle, rebuild } from './error-envelope.ts'
export type { ErrorRecord } from './error-envelope.ts'
