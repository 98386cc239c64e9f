import { cardMm, cssPxPerMm, screenScale } from './screen-scale.ts'

/** How close things stand, by where the screen is used. */
export const densities = ['office', 'control', 'floor'] as const
export type Density = (typeof densities)[number]

export const colorSchemeKey = 'throughline-color-scheme'
const densityKey = 'throughline-density'
const scaleKey = 'throughline-screen-scale'

export function readDensity(): Density {
  const stored = remembered(densityKey)
  return densities.find((density) => density === stored) ?? 'office'
}

/** Keeps the density on this device and applies it at once. */
export function chooseDensity(density: Density): void {
  try {
    localStorage.setItem(densityKey, density)
  } catch {
    // A browser that keeps nothing still gets the density until it is reloaded.
  }
  document.documentElement.dataset['density'] = density
}

/** CSS pixels in a millimetre of this screen, as somebody measured it; undefined = nobody did. */
export const readPxPerMm = (): number | undefined => cssPxPerMm(remembered(scaleKey), devicePixelRatio)

/** Keeps how wide a bank card is on this screen, in CSS pixels, and applies it at once. */
export function chooseCardWidth(cardPx: number): void {
  try {
    localStorage.setItem(scaleKey, String(screenScale(cardPx, devicePixelRatio)))
  } catch {
    // As with the density.
  }
  applyScale(cardPx / cardMm)
}

/** Sizes of the floor are told in millimetres: see the tokens. */
function applyScale(pxPerMm: number | undefined): void {
  if (pxPerMm !== undefined) document.documentElement.style.setProperty('--tl-px-per-mm', String(pxPerMm))
}

/** Applies what this device remembers before the first paint, so that nothing flashes. */
export function applyPreferences(): void {
  const root = document.documentElement
  root.dataset['density'] = readDensity()
  applyScale(readPxPerMm())
  const scheme = remembered(colorSchemeKey)
  const dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
}

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
