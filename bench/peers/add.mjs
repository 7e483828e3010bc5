/** The smallest useful work, as each library wants it: everycore calls `add` with its arguments, piscina the default export with one. */
export const add = (a, b) => a + b
export default ([a, b]) => a + b
