import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'
import PDFDocument from 'pdfkit'
import type { Weight } from './typeface.ts'
import { Typeface } from './typeface.ts'

const margin = 56
const footerHeight = 40
const labelWidth = 112
const gap = 12
const cellSize = 7.5
const cellGap = 6
const ink = '#1b2027'
const quietInk = '#4a5361'
const line = '#8a929e'

/** What the file says of itself. */
export interface SheetAbout {
  readonly title: string
  readonly subject: string
  readonly author: string
  readonly producer: string
  readonly at: Instant
}

interface TextStyle {
  readonly weight?: Weight
  readonly size?: number
  readonly color?: string
  readonly isStruck?: boolean
  readonly indent?: number
}

/** One piece of a line. */
export interface Piece extends Pick<TextStyle, 'weight' | 'isStruck'> {
  readonly text: string
}

/** A column as it is drawn. */
interface Cell {
  readonly title: string
  readonly x: number
  readonly width: number
}

/**
 * Pages of an archivable document (PDF/A-3b, tagged): everything that it shows is in the file. Text flows from page to
 * page; nothing is cut off.
 */
export class Sheet {
  readonly #doc: PDFKit.PDFDocument
  readonly #typeface = new Typeface()
  readonly #known = new Set<string>()
  readonly #root: PDFKit.PDFStructureElement
  readonly #chunks: Buffer[] = []
  readonly #about: SheetAbout

  constructor(about: SheetAbout) {
    this.#about = about
    const date = new Date(toMs(about.at))
    this.#doc = new PDFDocument({
      subset: 'PDF/A-3b',
      pdfVersion: '1.7',
      tagged: true,
      lang: 'en',
      displayTitle: true,
      bufferPages: true,
      size: 'A4',
      margins: { top: margin, left: margin, right: margin, bottom: margin + footerHeight },
      // The built-in fonts are not embedded, so the document begins with none.
      font: null as unknown as string,
      info: {
        Title: about.title,
        Subject: about.subject,
        Author: about.author,
        Creator: about.producer,
        Producer: about.producer,
        CreationDate: date,
        ModDate: date,
      },
    })
    this.#doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    this.#root = this.#doc.struct('Document', {})
    this.#doc.addStructure(this.#root)
  }

  heading(level: 1 | 2 | 3, text: string): void {
    const size = { 1: 20, 2: 14, 3: 11 }[level]
    if (level > 1) this.#space(level === 2 ? 18 : 10)
    // A heading at the foot of a page belongs to what follows it.
    this.#need(size * (level === 3 ? 5 : 4))
    this.#element(`H${level}`, () => this.#write([{ text, weight: 'bold' }], { size }))
    this.#space(level === 2 ? 6 : 3)
  }

  paragraph(
    pieces: string | readonly Piece[],
    style: { readonly isQuiet?: boolean; readonly indent?: number } = {},
  ): void {
    const { isQuiet = false, indent = 0 } = style
    const set = { size: isQuiet ? 8.5 : 10, color: isQuiet ? quietInk : ink, indent }
    this.#element('P', () => this.#write(typeof pieces === 'string' ? [{ text: pieces }] : pieces, set))
    this.#space(3)
  }

  /** A name on the left, and what it stands for on the right. */
  field(label: string, pieces: string | readonly Piece[]): void {
    this.#need(26)
    const top = this.#doc.y
    const page = this.#pageCount
    this.#element('P', () => {
      this.#write([{ text: label }], { size: 9, color: quietInk }, labelWidth)
      const left = { y: this.#doc.y, page: this.#pageCount }
      if (left.page === page) this.#doc.y = top
      this.#write(typeof pieces === 'string' ? [{ text: pieces }] : pieces, { size: 9, indent: labelWidth + gap })
      if (this.#pageCount === left.page) this.#doc.y = Math.max(this.#doc.y, left.y)
    })
    this.#space(3)
  }

  /**
   * Rows under a header that each page repeats. A row stays on one page; one that no page could hold is written as lines.
   *
   * @param columns titles with their share of the width
   */
  table(
    columns: readonly { readonly title: string; readonly share: number }[],
    rows: readonly (readonly string[])[],
  ): void {
    const shares = columns.reduce((sum, { share }) => sum + share, 0)
    const room = this.#doc.page.width - 2 * margin
    let x = margin
    const cells = columns.map(({ title, share }) => {
      const cell = { title, x, width: (room * share) / shares - cellGap }
      x += (room * share) / shares
      return cell
    })
    const titles = columns.map(({ title }) => title)
    const table = this.#doc.struct('Table')
    this.#root.add(table)
    const head = (): void => this.#row(table, 'TH', cells, titles)
    const headHeight = this.#rowHeight(cells, titles)
    this.#need(headHeight + 40)
    head()
    for (const row of rows) {
      const height = this.#rowHeight(cells, row)
      if (height > this.#doc.page.height - 2 * margin - footerHeight - headHeight) {
        this.#tallRow(table, cells, row)
        continue
      }
      if (!this.#fits(height)) {
        this.#doc.addPage()
        head()
      }
      this.#row(table, 'TD', cells, row)
    }
    table.end()
    this.#space(6)
  }

  /** The same as data, for programs. */
  attach(name: string, content: string, description: string): void {
    const date = new Date(toMs(this.#about.at))
    this.#doc.file(Buffer.from(content), {
      name,
      type: 'application/json',
      description,
      creationDate: date,
      modifiedDate: date,
      // What a reader of PDF/A-3 needs to know of an attachment, and the types do not.
      ...{ relationship: 'Data' },
    })
  }

  /** Puts the line under each page, with its number and how many there are, and answers the file. */
  async finish(footer: string): Promise<Buffer> {
    this.#root.end()
    const count = this.#pageCount
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(page)
      this.#foot(`${footer} · page ${page + 1} of ${count}`)
    }
    const ended = new Promise<void>((resolve, reject) => {
      this.#doc.on('end', resolve)
      this.#doc.on('error', reject)
    })
    this.#doc.end()
    await ended
    return Buffer.concat(this.#chunks)
  }

  #foot(text: string): void {
    const { page } = this.#doc
    // Written below the margin: without this each footer would begin another page.
    page.margins.bottom = 0
    this.#doc.markContent('Artifact', { type: 'Pagination' })
    const y = page.height - margin
    this.#doc
      .moveTo(margin, y - 6)
      .lineTo(page.width - margin, y - 6)
      .lineWidth(0.5)
      .strokeColor(line)
      .stroke()
    this.#doc.y = y
    this.#write([{ text }], { size: 8, color: quietInk })
    this.#doc.endMarkedContent()
  }

  #row(table: PDFKit.PDFStructureElement, type: 'TH' | 'TD', cells: readonly Cell[], texts: readonly string[]): void {
    const row = this.#doc.struct('TR')
    table.add(row)
    const top = this.#doc.y
    const bottom = top + this.#rowHeight(cells, texts)
    for (const [index, { x, width }] of cells.entries()) {
      const cell = this.#doc.struct(type, {}, () => {
        this.#doc.y = top
        const piece = { text: texts[index] ?? '', weight: type === 'TH' ? 'bold' : 'regular' } as const
        this.#write([piece], { size: cellSize, indent: x - margin }, width)
      })
      row.add(cell)
      cell.end()
    }
    row.end()
    this.#doc.y = bottom
    this.#doc.markContent('Artifact', { type: 'Layout' })
    this.#doc
      .moveTo(margin, bottom - 2)
      .lineTo(this.#doc.page.width - margin, bottom - 2)
      .lineWidth(0.5)
      .strokeColor(line)
      .stroke()
    this.#doc.endMarkedContent()
  }

  #tallRow(table: PDFKit.PDFStructureElement, cells: readonly Cell[], texts: readonly string[]): void {
    const row = this.#doc.struct('TR')
    table.add(row)
    for (const [index, { title }] of cells.entries()) {
      const pieces = [{ text: `${title}: `, weight: 'bold' } as const, { text: texts[index] ?? '' }]
      const cell = this.#doc.struct('TD', {}, () => this.#write(pieces, { size: cellSize }))
      row.add(cell)
      cell.end()
    }
    row.end()
    this.#space(3)
  }

  #rowHeight(cells: readonly Cell[], texts: readonly string[]): number {
    const heights = cells.map(({ width }, index) => {
      // Bold is the wider: what is measured with it has room enough in either weight.
      const runs = this.#typeface.runs(texts[index] ?? '', 'bold')
      this.#font(runs[0]?.font ?? 'latin bold')
      this.#doc.fontSize(cellSize)
      return this.#doc.heightOfString(runs.map(({ text }) => text).join(''), { width, lineGap: 1.5 })
    })
    return Math.max(...heights) + 5
  }

  #element(type: string, write: () => void): void {
    const element = this.#doc.struct(type, {}, write)
    this.#root.add(element)
    element.end()
  }

  #write(pieces: readonly Piece[], style: TextStyle, width?: number): void {
    const { size = 10, color = ink, indent = 0 } = style
    const runs = pieces.flatMap(({ text, weight = 'regular', isStruck = false }) =>
      this.#typeface.runs(text, weight).map((run) => ({ ...run, isStruck })),
    )
    const [x, room] = [margin + indent, this.#doc.page.width - 2 * margin - indent]
    this.#doc.fillColor(color).fontSize(size)
    for (const [index, { font, text, isStruck }] of runs.entries()) {
      this.#font(font)
      const options = { continued: index < runs.length - 1, strike: isStruck, lineGap: 1.5, width: width ?? room }
      if (index === 0) this.#doc.text(text, x, this.#doc.y, options)
      else this.#doc.text(text, options)
    }
  }

  #font(font: string): void {
    if (!this.#known.has(font)) this.#doc.registerFont(font, this.#typeface.file(font))
    this.#known.add(font)
    this.#doc.font(font)
  }

  #space(points: number): void {
    this.#doc.y += points
  }

  #need(points: number): void {
    if (!this.#fits(points)) this.#doc.addPage()
  }

  #fits(points: number): boolean {
    return this.#doc.y + points <= this.#doc.page.height - margin - footerHeight
  }

  get #pageCount(): number {
    return this.#doc.bufferedPageRange().count
  }
}
