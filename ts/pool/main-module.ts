/** The process's main module as this thread knows it: a worker was told by its home. */
import { mainModule as ofProcess } from '../shipping/main.ts'
import { deskHere } from '../worker/here.ts'

export function mainModule(): string | undefined {
  const desk = deskHere()
  return desk === undefined ? ofProcess() : desk.functions.main
}
