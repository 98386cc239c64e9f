import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

export type Weight = 'regular' | 'bold'

/** Part of a text that one font file can print. */
export interface Run {
  /** Name of the font in the document. */
  readonly font: string
  readonly text: string
}

interface Script {
  readonly name: string
  has(code: number): boolean
}

/** Inter comes cut by script; each file holds the letters of one. The first that has a letter prints it. */
const scriptOrder = ['latin', 'latin-ext', 'greek', 'cyrillic', 'greek-ext', 'cyrillic-ext', 'vietnamese']
const weightNumber: Readonly<Record<Weight, number>> = { regular: 400, bold: 600 }
const resolve = createRequire(import.meta.url).resolve

/** The font of all documents, embedded into each: nothing depends on what the reader's computer has. */
export class Typeface {
  readonly #scripts: readonly Script[]

  constructor() {
    const ranges = JSON.parse(readFileSync(resolve('@fontsource/inter/unicode.json'), 'utf8')) as Record<string, string>
    this.#scripts = scriptOrder.map((name) => ({ name, has: within(ranges[name] ?? '') }))
  }

  /** The file of a font that a run names. */
  file(font: string): Buffer {
    const [script, weight] = font.split(' ')
    return readFileSync(
      resolve(`@fontsource/inter/files/inter-${script}-${weightNumber[weight as Weight]}-normal.woff`),
    )
  }

  /** A letter that no font here has is printed as its number: nothing a record says is left out in silence. */
  runs(text: string, weight: Weight): Run[] {
    const runs: { font: string; text: string }[] = []
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0
      const script = this.#scripts.find((each) => isPrintable(code) && each.has(code))
      const font = `${script?.name ?? 'latin'} ${weight}`
      const printed = script === undefined ? `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›` : character
      const last = runs.at(-1)
      if (last?.font === font) last.text += printed
      else runs.push({ font, text: printed })
    }
    return runs
  }
}

const isPrintable = (code: number): boolean =>
  code === 10 ||
  (code >= 32 && code !== 127 && !(code >= 0x80 && code <= 0x9f) && code !== 0xfeff && !isInvisible(code))

/** Marks that turn the direction of a text or hide in it could make a record read as what it is not. */
const isInvisible = (code: number): boolean =>
  (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f)

function within(ranges: string): (code: number) => boolean {
  const bounds = ranges.split(',').map((range) => {
    const [from = '', to = from] = range.replace('U+', '').split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
  })
  return (code) => bounds.some(([from, to]) => code >= from && code <= to)
}
