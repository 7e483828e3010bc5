/** Errors that escape from tasks: traced back to the item whose code it was, by the same store that `currentTask()` reads. */
import { dismantle } from '../codec/error-envelope.ts'
import { taskStorage } from '../context.ts'
import { AddressedCell } from './addressed.ts'
import { Cell } from './frame.ts'
import type { Desk } from './desk.ts'

export function catchStrays(desk: Desk): void {
  process.on('uncaughtException', (error: unknown) => {
    const owner = ownerOf()
    // What an uncaught exception leaves behind cannot be trusted: the worker finishes what runs in it and makes room for another.
    if (owner === undefined || !owner.stray(error)) report(desk, owner, error, true)
    desk.leave()
  })
  process.on('unhandledRejection', (reason: unknown) => {
    const owner = ownerOf()
    if (owner === undefined || !owner.stray(reason)) report(desk, owner, reason, false)
  })
}

type Owner = Cell | AddressedCell

function ownerOf(): Owner | undefined {
  const cell = taskStorage.getStore()
  return cell instanceof Cell || cell instanceof AddressedCell ? cell : undefined
}

function report(desk: Desk, owner: Owner | undefined, error: unknown, fatal: boolean): void {
  desk.post({ t: 'stray', name: owner?.task?.name ?? null, fatal, error: dismantle(error) })
}
