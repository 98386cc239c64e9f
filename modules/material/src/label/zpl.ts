import type { LabelContent } from './content.ts'

/** 100 × 50 mm at 203 dpi (8 dots a millimetre). */
const size = { width: 800, height: 400 }
const symbolAt = { x: 24, y: 24 }
const textAt = 360
/** Dots a module: 0.625 mm reads at arm's length. */
const moduleDots = 5
/** Elements of a fixed length, behind which no separator stands (GS1 General Specifications, figure 7.8.5-2). */
const fixedLength = ['00', '01', '02', '11', '12', '13', '15', '16', '17', '20']

/** A GS1 DataMatrix that the printer draws by itself. */
export const zplWithDataMatrix = (content: LabelContent): string =>
  zpl([`^FO${symbolAt.x},${symbolAt.y}^BXN,${moduleDots},200,,,,_^FD${fieldData(content.elements)}^FS`], content.lines)

/** A symbol as a picture, for what printers cannot draw as GS1 has it: a QR code that begins with FNC1. */
export function zplWithPicture(content: LabelContent, modules: readonly (readonly boolean[])[]): string {
  const rows = modules.flatMap((row) => Array.from({ length: moduleDots }, () => hexOf(row)))
  const bytes = (rows[0]?.length ?? 0) / 2
  const total = bytes * rows.length
  return zpl([`^FO${symbolAt.x},${symbolAt.y}^GFA,${total},${total},${bytes},${rows.join('')}^FS`], content.lines)
}

/** FNC1 (`_1`) in front says that it is GS1; between elements it ends one of open length. */
function fieldData(elements: LabelContent['elements']): string {
  const last = elements.length - 1
  const parts = elements.map(([ai, value], index) => {
    const ends = index < last && !fixedLength.includes(ai) ? '_1' : ''
    return `${ai}${value.replaceAll('_', '__')}${ends}`
  })
  return `_1${parts.join('')}`
}

function zpl(symbol: readonly string[], lines: readonly string[]): string {
  let y = symbolAt.y
  const texts = lines.map((line, index) => {
    const height = index === 0 ? 44 : 26
    const field = `^FO${textAt},${y}^A0N,${height},${height}^FB${size.width - textAt - 16},2,4,L^FH^FD${escaped(line)}^FS`
    y += index === 0 ? 100 : 60
    return field
  })
  return ['^XA', '^CI28', `^PW${size.width}`, `^LL${size.height}`, ...symbol, ...texts, '^XZ'].join('\n')
}

/** What ZPL would take for a command, and line ends, as their hexadecimal bytes. */
const escaped = (text: string): string =>
  text.replace(/[\^~_\\\p{Cc}]/gu, (sign) => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)

function hexOf(row: readonly boolean[]): string {
  const bits = row.flatMap((isDark) => Array.from({ length: moduleDots }, () => (isDark ? '1' : '0'))).join('')
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0')
  return (padded.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16).toUpperCase()).join('')
}
