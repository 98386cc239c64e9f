import type { ThreadNode } from '@throughline/model'
import { resolveScan } from '@throughline/model'
import { client } from '../door/client.ts'

/** What a scanner read or somebody typed: a lot, container or tool by what its code says, else whatever is called so. */
export async function scannedSubject(
  scanned: string,
): Promise<{ readonly code: string; readonly kind?: ThreadNode['kind'] }> {
  const { lot, containerId, assetCode } = await client(resolveScan, { scanned })
  if (lot !== null) return { code: lot.code }
  if (assetCode !== null) return { code: assetCode, kind: 'tool' }
  if (containerId !== null) return { code: containerId, kind: 'container' }
  return { code: scanned }
}
