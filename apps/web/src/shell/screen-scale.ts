/** Width of a bank card (ISO/IEC 7810, ID-1). */
export const cardMm = 85.6
/** Screens from a wall of 40 dpi to a phone of 600 dpi; beyond it somebody mismeasured. */
const [fewest, most] = [1.5, 24]

/** Whether so many pixels in a millimetre can be true. */
export const isPlausibleScale = (pxPerMm: number): boolean =>
  Number.isFinite(pxPerMm) && pxPerMm >= fewest && pxPerMm <= most

/**
 * What is kept of a measurement: pixels of the screen itself in a millimetre, so that it holds at every zoom.
 *
 * @param cardPx width of the card in CSS pixels, as somebody matched it
 * @param ratio device pixels of a CSS pixel at that moment
 */
export const screenScale = (cardPx: number, ratio: number): number => (cardPx / cardMm) * ratio

/** CSS pixels in a millimetre at this zoom; undefined where what is kept is no measurement. */
export function cssPxPerMm(kept: string | null, ratio: number): number | undefined {
  const scale = Number(kept ?? '')
  return kept !== null && ratio > 0 && isPlausibleScale(scale / ratio) ? scale / ratio : undefined
}
