import { DomainError } from '@throughline/kernel'
import bwipjs from 'bwip-js/node'

export type SymbolKind = 'gs1-datamatrix' | 'qr'

/** The modules of a GS1 symbol, rows from the top; `text` = its elements with their identifiers in brackets. */
export function modulesOf(kind: SymbolKind, text: string): boolean[][] {
  const bcid = kind === 'qr' ? 'gs1qrcode' : 'gs1datamatrix'
  const [drawn] = bwipjs.raw({ bcid, text })
  // Matrix symbols come as one row of 0 and 1 after the other.
  if (drawn === undefined || !('pixs' in drawn) || drawn.pixs.length !== drawn.pixx * drawn.pixy) {
    throw new DomainError('defect', 'material.symbol-broken', `The symbol of ${text} came out in parts`)
  }
  const { pixs, pixx, pixy } = drawn
  return Array.from({ length: pixy }, (_, y) => pixs.slice(y * pixx, (y + 1) * pixx).map((pixel) => pixel === 1))
}
