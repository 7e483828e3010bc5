/** The JavaScript blocks of a Markdown page, as programs in a folder of their own: what a page says is run, so that it cannot become untrue unseen. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT, run, type Ran } from './installed.ts'

export interface Block {
  /** Its file's name. */
  readonly name: string
  readonly source: string
  /** What it prints, as the comments behind its `console.log` calls say. */
  readonly expected: string
  /** Whether it is a file that other blocks import. */
  readonly isFile: boolean
}

export class Page {
  readonly blocks: readonly Block[]
  readonly #folder: string

  /** `path` from the package's root. */
  constructor(path: string) {
    // Within the package, so that the blocks find it and its dev dependencies by name.
    this.#folder = join(ROOT, 'target', 'pages', basename(path, '.md'))
    const page = readFileSync(join(ROOT, path), 'utf8')
    this.blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, source], at) => blockOf(source!, at))
  }

  write(): void {
    this.remove()
    mkdirSync(this.#folder, { recursive: true })
    for (const { name, source } of this.blocks) writeFileSync(join(this.#folder, name), source)
  }

  run({ name }: Block): Ran {
    return run(process.execPath, [join(this.#folder, name)], ROOT)
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function blockOf(source: string, at: number): Block {
  // A block that starts with a file's name is that file.
  const file = /^\/\/ ([\w-]+\.mjs)$/m.exec(source.split('\n')[0]!)?.[1]
  const expected = [...source.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`).join('')
  return { name: file ?? `block-${at + 1}.mjs`, source, expected, isFile: file !== undefined }
}
