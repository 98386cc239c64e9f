import { inflateSync } from 'node:zlib'

/** What a PDF that the product makes says and holds: read the way a viewer does, from its glyphs and their meaning. */
export interface ReadPdf {
  /** The text of each page, its pieces joined as they follow each other. */
  readonly pages: readonly string[]
  readonly attachments: readonly { readonly name: string; readonly content: string }[]
  /** Everything that is not a stream, for what a document claims about itself. */
  readonly structure: string
  readonly metadata: string
}

export function readPdf(file: Buffer): ReadPdf {
  const objects = objectsOf(file)
  const all = [...objects.values()]
  const pages = all.filter(({ dictionary }) => /\/Type \/Page\b/.test(dictionary))
  const specs = all.filter(({ dictionary }) => dictionary.includes('/Type /Filespec'))
  return {
    pages: pages.map((page) => textOf(page.dictionary, objects)),
    attachments: specs.map(({ dictionary }) => ({
      name: /\/UF \((.*?)\)/.exec(dictionary)?.[1] ?? '',
      content: objects.get(numberIn(dictionary, /\/EF <<\s*\/F (\d+)/))?.stream.toString('utf8') ?? '',
    })),
    structure: all.map(({ dictionary }) => dictionary).join('\n'),
    metadata: all.find(({ dictionary }) => dictionary.includes('/Type /Metadata'))?.stream.toString('utf8') ?? '',
  }
}

interface PdfObject {
  readonly dictionary: string
  readonly stream: Buffer
}

type Objects = ReadonlyMap<number, PdfObject>

const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1])

function objectsOf(file: Buffer): Objects {
  const text = file.toString('latin1')
  const objects = new Map<number, PdfObject>()
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [dictionary = '', ...rest] = (match[2] ?? '').split('stream\n')
    const raw = Buffer.from(rest.join('stream\n').replace(/\nend$|\nendstream$/, ''), 'latin1')
    const isPacked = dictionary.includes('/FlateDecode')
    objects.set(Number(match[1]), { dictionary, stream: isPacked ? inflateSync(raw) : raw })
  }
  return objects
}

function textOf(page: string, objects: Objects): string {
  const resources = objects.get(numberIn(page, /\/Resources (\d+)/))?.dictionary ?? page
  const fonts = new Map(
    [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map((font) => [font[1], meaningOf(Number(font[2]), objects)]),
  )
  const content = objects.get(numberIn(page, /\/Contents (\d+)/))?.stream.toString('latin1') ?? ''
  let meaning: ReadonlyMap<number, string> = new Map()
  let text = ''
  for (const [, font, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
    if (font !== undefined) meaning = fonts.get(font) ?? new Map()
    for (const [, hex = ''] of (glyphs ?? '').matchAll(/<([0-9a-f]+)>/g)) {
      for (const code of hex.match(/.{4}/g) ?? []) text += meaning.get(Number.parseInt(code, 16)) ?? '?'
    }
    if (glyphs !== undefined) text += ' '
  }
  return text.replaceAll(/ +/g, ' ')
}

/** Which text stands behind each glyph: from the font's own table. */
function meaningOf(font: number, objects: Objects): ReadonlyMap<number, string> {
  const table = objects.get(numberIn(objects.get(font)?.dictionary ?? '', /\/ToUnicode (\d+)/))
  const meaning = new Map<number, string>()
  const text = table?.stream.toString('latin1') ?? ''
  for (const [, from = '', list = ''] of text.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    for (const [index, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]+)>/g)].entries()) {
      meaning.set(
        Number.parseInt(from, 16) + index,
        Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
      )
    }
  }
  return meaning
}
