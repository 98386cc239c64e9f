import { isOfflinePossible } from './offline-desk.ts'

// The worker answers with what lies in these.
const shellCache = 'throughline-shell'
const mediaCache = 'throughline-media'

export const mediaAddress = (hash: string): string => `/api/execution/media/${hash}`

/** Lets the page be loaded again without a connection: the worker that answers, the page, and all that it has loaded. */
export async function keepShell(): Promise<void> {
  if (!isOfflinePossible) return
  await navigator.serviceWorker.register('/service-worker.js', { type: 'module' })
  const page = await fetch('/', { headers: { accept: 'text/html' } })
  const text = await page.clone().text()
  const entry = /src="(\/assets\/[^"]+)"/.exec(text)?.[1]
  if (!page.ok || entry === undefined) return
  const known = await caches.open(shellCache)
  // Another version of the pages: what belongs to the one before is of no use.
  if ((await known.match(entry)) === undefined) await caches.delete(shellCache)
  const cache = await caches.open(shellCache)
  await cache.put('/', page)
  await Promise.all(
    [...new Set([entry, ...loadedAssets()])].map(async (address) => {
      if ((await cache.match(address)) === undefined) await cache.add(address)
    }),
  )
}

/** What this page has loaded, by address. */
function loadedAssets(): string[] {
  const named = [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>('script[src], link[href]')]
  const addresses = [
    ...performance.getEntriesByType('resource').map(({ name }) => name),
    ...named.map((element) => (element instanceof HTMLScriptElement ? element.src : element.href)),
  ]
  return addresses
    .map((address) => new URL(address, location.href))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
    .map(({ pathname }) => pathname)
}

/** Keeps the pictures, videos, pages and models of the work in hand, and no others. */
export async function keepMedia(hashes: readonly string[]): Promise<void> {
  if (!isOfflinePossible) return
  const cache = await caches.open(mediaCache)
  const wanted = new Set(hashes.map(mediaAddress))
  for (const { url } of await cache.keys()) {
    if (!wanted.has(new URL(url).pathname)) await cache.delete(url)
  }
  for (const address of wanted) {
    if ((await cache.match(address)) === undefined) await cache.add(address)
  }
}
