/** bcryptjs: small items of some milliseconds each. */
import { openReal } from './work/real.mjs'

export const title = 'bcryptjs hashes 100 passwords at cost 6'
export const goal = { peers: 1, 'plain loop': 1.85 }
export const rounds = 7

// The salts are fixed, so that every contender must come to the same hashes.
const letters = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const saltOf = (cost, i) => `$2b$0${cost}$${letters[i % 64].repeat(20)}O.`

export const open = (quick) =>
  openReal(
    'hashed',
    Array.from({ length: quick ? 8 : 100 }, (_, i) => ({ password: `password ${i}`, salt: saltOf(quick ? 4 : 6, i) })),
  )
