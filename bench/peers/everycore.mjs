/** everycore, behind the same functions as its peers: for children that open one library only. */
import { run, shutdown, warmup, workerModule } from 'everycore'

export function open({ module }) {
  const functions = workerModule(module)
  return {
    ready: () => warmup(),
    call: (name, item) => run(functions[name], [item]),
    close: () => shutdown(),
  }
}
