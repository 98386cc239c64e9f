const formats = new Map<string, Intl.NumberFormat>()

/** Narrow no-break space: groups digits, and parts a value from its unit. */
export const thinSpace = '\u202f'

/**
 * A number as people read it: fixed decimals, thin-space grouping, a true minus sign, the decimal sign of the locale.
 * Not finite gives `—`, never a word like NaN.
 */
export function formatNumber(value: number, decimals: number, locale: string = defaultLocale()): string {
  if (!Number.isFinite(value)) return '—'
  const key = `${locale} ${decimals}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    formats.set(key, format)
  }
  const text = format
    .formatToParts(value)
    .map((part) => (part.type === 'group' ? thinSpace : part.type === 'minusSign' ? '−' : part.value))
    .join('')
  // −0.00 is float noise, not a measurement.
  return /^−[0.,]*$/.test(text) ? text.slice(1) : text
}

/** Whole numbers of 64 bits keep every digit. */
export function formatWhole(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().replace(/\B(?=(\d{3})+$)/g, thinSpace)
  return value < 0n ? `−${digits}` : digits
}

/** Decimals with which a scale of this step is read without noise: 0.05 → 2, 20 → 0. */
export function decimalsOfStep(step: number): number {
  if (!Number.isFinite(step) || step <= 0) return 0
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
  return Math.min(9, decimals)
}

function defaultLocale(): string {
  return typeof navigator === 'undefined' ? 'en' : (navigator.language ?? 'en')
}
