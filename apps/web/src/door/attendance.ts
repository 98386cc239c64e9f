import { unattendedHeader } from '@throughline/model'

/** Nobody touched the page for this long: what it asks from now on, it asks by itself. */
const attendedForMs = 60_000

let touchedAt = performance.now()

/** From now on every touch of the page counts as somebody being there. */
export function watchAttendance(page: EventTarget): void {
  for (const touch of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    page.addEventListener(touch, () => (touchedAt = performance.now()), { passive: true, capture: true })
  }
}

/** `fetch` that says when nobody is at the page, so that its refreshes do not keep a session alive for ever. */
export const attendedFetch: typeof fetch = (input, init) => {
  if (performance.now() - touchedAt < attendedForMs) return fetch(input, init)
  const headers = new Headers(init?.headers)
  headers.set(unattendedHeader, '1')
  return fetch(input, { ...init, headers })
}
