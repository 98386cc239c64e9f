/** How close things stand, by where the screen is used. */
export const densities = ['office', 'control', 'floor'] as const
export type Density = (typeof densities)[number]

export const colorSchemeKey = 'throughline-color-scheme'
const densityKey = 'throughline-density'

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

/** Applies what this device remembers before the first paint, so that nothing flashes. */
export function applyPreferences(): void {
  const root = document.documentElement
  root.dataset['density'] = readDensity()
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
