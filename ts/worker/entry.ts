/** Where a worker thread begins: takes its seat, sets up, and works until it is told to leave. */
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { addon } from '../binding.ts'
import { dismantle } from '../codec/error-envelope.ts'
import { LoadError } from '../errors.ts'
import { Rings } from '../pool/memory.ts'
import type { Boot } from '../pool/link.ts'
import { answered } from '../thread-end.ts'
import { Desk } from './desk.ts'
import { Guest } from './guest.ts'
import { beWorker, deskHere } from './here.ts'
import { Output } from './output.ts'
import { setUp } from './set-up.ts'
import { catchStrays } from './strays.ts'

function start(boot: Boot): void {
  const seat = new addon.Seat(boot.pool, boot.slot, boot.epoch)
  const rings = new Rings(boot.words, () => answered(seat.takeRings()))
  const { name, workers, slot, epoch, panel, link, main, suspects, idleTimeout, recycleAfter } = boot
  const openGuest = (desk: Desk): Guest => new Guest(boot, desk)
  const pool = { name, workers }
  const output = new Output(boot.printed)
  const desk = new Desk({
    pool,
    output,
    seat,
    slot,
    epoch,
    panel,
    rings,
    link,
    main,
    suspects,
    idleTimeout,
    recycleAfter,
    openGuest,
  })
  beWorker(desk)
  const failed = (error: unknown): void => {
    desk.post({ t: 'failed', error: dismantle(error) })
    process.exit(1)
  }
  const neverUp = (): void =>
    failed(
      new LoadError(
        "the pool's setup, or a sticky broadcast, can never finish: it awaits something that never settles",
      ),
    )
  // Only the set-up may hold the loop now, so that the loop's end proves that it is stuck. Its stray errors end the thread, as Node does.
  process.once('beforeExit', neverUp)
  desk.holdLoop()
  const ready = setUp(desk, boot.setup).then(() => desk.addressed.first())
  ready.then(() => {
    process.off('beforeExit', neverUp)
    process.on('beforeExit', () => desk.lost())
    catchStrays(desk)
    desk.post({ t: 'up' })
    desk.open()
  }, failed)
}

/** Waits for what it is to be, unless it is that already. */
export function startWorker(): void {
  if (parentPort === null || deskHere() !== undefined) return
  const received = receiveMessageOnPort(parentPort) as { message: Boot } | undefined
  if (received !== undefined) start(received.message)
  // A spare, which takes a seat when another worker has died.
  else parentPort.once('message', start)
}
