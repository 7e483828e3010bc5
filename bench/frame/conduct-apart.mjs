/** Carries out a workload in fresh processes, and puts together what they measured. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('apart.mjs', import.meta.url))

function once(name, rounds) {
  return new Promise((resolve, reject) => {
    const child = fork(SCRIPT, [name, String(rounds)])
    let result
    child.on('message', (message) => (result = message))
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (result === undefined) reject(new Error(`${name}: its process ended with ${signal ?? code}`))
      else resolve(result)
    })
  })
}

/** Conducts it in `processes` processes, one after the other, `rounds` rounds in each. */
export async function conductApart(name, { rounds, processes = 1 }) {
  const whole = await once(name, rounds)
  for (let i = 1; i < processes; i++) {
    const part = await once(name, rounds)
    whole.checks.push(...part.checks)
    whole.measured.forEach(({ figures }, at) => {
      for (const [contender, more] of Object.entries(part.measured[at].figures)) figures[contender]?.push(...more)
    })
  }
  return whole
}
