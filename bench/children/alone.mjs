/**
 * Prints what one contender of a workload measures, alone in a process, once it is warm.
 *
 * No collection is forced: where no promise is alive, it makes Node.js forget the shapes by which it follows promises, and in the end stop optimising for
 * any, which happens to no program.
 */
const [workload, name, quick] = process.argv.slice(2)
const isQuick = quick === 'true'
const { here } = await import(`../${workload}.mjs`)
const { contenders, check } = await here(isQuick)
const run = contenders[name]

const WARM_UPS = isQuick ? 0 : 4
const RUNS = isQuick ? 1 : 5
const figures = []
for (let i = 0; i < WARM_UPS + RUNS; i++) {
  const figure = await run()
  if (i >= WARM_UPS) figures.push(...figure)
}
console.log(JSON.stringify({ figures, problem: check() }))
process.exit()
