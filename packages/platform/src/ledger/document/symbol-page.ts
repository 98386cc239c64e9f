import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'
import PDFDocument from 'pdfkit'
import { Typeface } from './typeface.ts'

/** One small page with a matrix symbol (DataMatrix, QR code) and lines of text beside it. */
export interface SymbolPage {
  readonly title: string
  readonly at: Instant
  readonly widthMm: number
  readonly heightMm: number
  /** Rows of modules from the top, true = dark. The quiet zone around them is added. */
  readonly modules: readonly (readonly boolean[])[]
  /** From the top, the first one large; what is too long for the page runs on in the next line. */
  readonly lines: readonly string[]
}

const pointsPerMm = 72 / 25.4
const margin = 3 * pointsPerMm
/** Modules that must stay light around a symbol: 4 for a QR code (ISO/IEC 18004), and more than DataMatrix asks. */
const quietModules = 4

/** Draws it as a PDF whose symbol is made of shapes, so that it is sharp on every printer. */
export async function drawSymbolPage(page: SymbolPage): Promise<Buffer> {
  const [width, height] = [page.widthMm * pointsPerMm, page.heightMm * pointsPerMm]
  const date = new Date(toMs(page.at))
  const doc = new PDFDocument({
    size: [width, height],
    margin: 0,
    lang: 'en',
    font: null as unknown as string,
    info: { Title: page.title, CreationDate: date, ModDate: date },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  const side = Math.min(height, width / 2) - 2 * margin
  drawModules(doc, page.modules, side)
  writeLines(doc, page.lines, { x: side + 2 * margin, room: width - side - 3 * margin, bottom: height - margin })
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function drawModules(doc: PDFKit.PDFDocument, modules: readonly (readonly boolean[])[], side: number): void {
  const across = Math.max(modules.length, ...modules.map((row) => row.length)) + 2 * quietModules
  const size = side / across
  const begin = margin + quietModules * size
  for (const [y, row] of modules.entries()) {
    for (const [x, isDark] of row.entries()) {
      if (isDark) doc.rect(begin + x * size, begin + y * size, size, size)
    }
  }
  doc.fill('#000000')
}

function writeLines(
  doc: PDFKit.PDFDocument,
  lines: readonly string[],
  { x, room, bottom }: { readonly x: number; readonly room: number; readonly bottom: number },
): void {
  const typeface = new Typeface()
  let y = margin
  for (const [index, line] of lines.entries()) {
    doc.fontSize(index === 0 ? 13 : 8)
    for (const [number, { font, text }] of typeface.runs(line, index === 0 ? 'bold' : 'regular').entries()) {
      doc.registerFont(font, typeface.file(font)).font(font)
      const isLast = number === typeface.runs(line, index === 0 ? 'bold' : 'regular').length - 1
      const set = { width: room, height: Math.max(bottom - y, 1), ellipsis: true, continued: !isLast }
      if (number === 0) doc.text(text, x, y, set)
      else doc.text(text, set)
    }
    y = doc.y + 3
    if (y >= bottom) return
  }
}
