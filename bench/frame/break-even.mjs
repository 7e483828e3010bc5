/** From which grain on a contender beats the first one: where its line in a sweep crosses 1 for the last time. */

/**
 * By contender: the first one's own figure there, between two points by interpolation of the logarithms; 0 if the contender wins everywhere,
 * `undefined` if it does not even win at the last point.
 */
export function breakEven(points) {
  const others = points[0].rows.slice(1).map(({ name }) => name)
  return Object.fromEntries(
    others.map((name) => [
      name,
      lastCrossing(
        points.flatMap(({ rows }) => {
          const row = rows.find((one) => one.name === name)
          return row === undefined ? [] : [{ grain: rows[0].median, speed: row.ratio }]
        }),
      ),
    ]),
  )
}

function lastCrossing(line) {
  // A lone loss among wins is a moment of the machine's, not the contender's.
  const lost = line.findLastIndex(({ speed }, i) => speed < 1 && (i === 0 || line[i - 1].speed < 1))
  if (lost === -1) return 0
  if (lost === line.length - 1) return undefined
  const [low, high] = [line[lost], line[lost + 1]]
  const share = Math.log(low.speed) / (Math.log(low.speed) - Math.log(high.speed))
  return low.grain * (high.grain / low.grain) ** share
}
