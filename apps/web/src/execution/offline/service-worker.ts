// As in kept-files.ts: a worker that imports nothing is one file, whatever else is built.
const shellCache = 'throughline-shell'
const mediaCache = 'throughline-media'

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface WorkerScope {
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(name: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(name: 'fetch', listener: (event: FetchEvent) => void): void
}

const worker = globalThis as unknown as WorkerScope
/** A network that is there and answers nothing is as good as none. */
const patienceMs = 5000

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(asset(event.request))
  else if (pathname.startsWith('/api/execution/media/')) event.respondWith(kept(mediaCache, event.request))
  else if (mode === 'navigate' && !/^\/(api|verify)(\/|$)/.test(pathname)) event.respondWith(page(event.request))
})

/** The page as it is now; the one that was put away where the plant cannot be reached. */
async function page(request: Request): Promise<Response> {
  const away = caches.open(shellCache).then((cache) => cache.match('/'))
  try {
    return await fetch(request, { signal: AbortSignal.timeout(patienceMs) })
  } catch (error) {
    const shell = await away
    if (shell === undefined) throw error
    return shell
  }
}

/** The name of an asset holds the hash of its content: one that was loaded once never changes. */
async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(shellCache)
  const known = await cache.match(request.url)
  if (known !== undefined) return known
  const loaded = await fetch(request)
  if (loaded.ok) await cache.put(request.url, loaded.clone())
  return loaded
}

async function kept(name: string, request: Request): Promise<Response> {
  const known = await (await caches.open(name)).match(request.url)
  return known ?? (await fetch(request))
}

export {}
