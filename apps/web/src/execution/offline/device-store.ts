import type { DehydratedState } from '@tanstack/react-query'
import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'
import type { QueueContent } from './entry-queue.ts'

/** The key of this device: its private half never leaves the browser, and no script can read it. */
export interface DeviceKey {
  readonly device: string
  readonly privateKey: CryptoKey
  readonly publicKey: JsonWebKey
}

/** A photo that waits with its entry. */
export interface WaitingPhoto {
  readonly contentType: 'image/jpeg' | 'image/png' | 'image/webp'
  readonly bytes: Uint8Array<ArrayBuffer>
}

interface StationSchema extends DBSchema {
  key: { key: 'own'; value: DeviceKey }
  queue: { key: 'own'; value: QueueContent }
  answers: { key: 'own'; value: DehydratedState }
  photos: { key: string; value: WaitingPhoto }
}

let opened: Promise<IDBPDatabase<StationSchema>> | undefined

/** What this browser keeps of its work without a connection. */
export function deviceStore(): Promise<IDBPDatabase<StationSchema>> {
  opened ??= openDB<StationSchema>('throughline-station', 1, {
    upgrade(database) {
      for (const name of ['key', 'queue', 'answers', 'photos'] as const) database.createObjectStore(name)
    },
  })
  return opened
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** The key of this device, made when it is first asked for. */
export async function ownKey(): Promise<DeviceKey> {
  const store = await deviceStore()
  const known = await store.get('key', 'own')
  if (known !== undefined) return known
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ['sign', 'verify'])
  const key = { device: crypto.randomUUID(), privateKey, publicKey: await crypto.subtle.exportKey('jwk', publicKey) }
  await store.put('key', key, 'own')
  return key
}

/** Base64 of r and s over the SHA-256 of a text. */
export async function signText(text: string): Promise<string> {
  const { privateKey } = await ownKey()
  const bytes = new TextEncoder().encode(text)
  const signed = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes)
  return btoa(String.fromCharCode(...new Uint8Array(signed)))
}
