/** The process's main module: where packages are looked for that a shipped function imports. */
import { resolve } from 'node:path'
import { deskHere } from '../worker/here.ts'

export function mainModule(): string | undefined {
  const desk = deskHere()
  if (desk !== undefined) return desk.functions.main
  return require.main?.filename ?? (process.argv[1] === undefined ? undefined : resolve(process.argv[1]))
}
