import { qualityOf, statusCode } from '@throughline/model'

/** How far a shown value may be trusted. `missing` = no value has ever come. */
export type QualityState = 'good' | 'uncertain' | 'stale' | 'bad' | 'missing'

/** Whether the line to the server delivers: `stale` = it has just gone quiet, `offline` = quiet for longer. */
export type LineState = 'live' | 'stale' | 'offline'

/** A line quiet for this long is stale; for `offlineAfterMs`, offline. The server speaks at least every 2 s. */
const staleAfterMs = 3000
const offlineAfterMs = 4000

/** `silentMs` = how long ago the last frame came; undefined = none has come. */
export function lineStateOf(silentMs: number | undefined): LineState {
  if (silentMs === undefined || silentMs >= offlineAfterMs) return 'offline'
  return silentMs >= staleAfterMs ? 'stale' : 'live'
}

/** A value that the line cannot confirm is stale, whatever quality it had when it came. */
export function qualityStateOf(reading: { readonly status: number } | undefined, line: LineState): QualityState {
  if (reading === undefined) return 'missing'
  const quality = qualityOf(reading.status)
  if (quality === 'bad') return 'bad'
  if (line !== 'live' || (reading.status & 0xffff_0000) >>> 0 === statusCode.uncertainLastUsable) return 'stale'
  return quality
}
