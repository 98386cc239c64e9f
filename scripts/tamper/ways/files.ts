import { appendFile, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Leaf, Original } from '../original.ts'
import type { Draw, FileWay } from '../way.ts'
import { nameOfLeaf, pick } from '../way.ts'

const pageBytes = 8192
const marker = '"operation":"'

/** Edits the first letter of an entry's operation where it stands on the disk; answers the entry and its page. */
async function editOnDisk(home: string, original: Original, draw: Draw): Promise<{ leaf: Leaf; page: number }> {
  const file = join(home, 'postgres', 'cluster', original.entryFile)
  const content = await readFile(file)
  const readable = original.leaves
    .slice(0, original.sealed)
    .filter(({ table }) => table === 'audit_entry')
    .map((leaf) => ({ leaf, at: content.indexOf(leaf.text) }))
    // A long text is packed.
    .filter(({ at }) => at >= 0)
  const { leaf, at } = pick(readable, draw)
  const offset = at + Buffer.byteLength(leaf.text.slice(0, leaf.text.indexOf(marker))) + marker.length
  const handle = await open(file, 'r+')
  try {
    await handle.write('X', offset)
  } finally {
    await handle.close()
  }
  return { leaf, page: Math.floor(offset / pageBytes) }
}

/** What is done to the files of the stopped database. */
export const fileWays: readonly FileWay[] = [
  {
    name: 'byte of an entry edited in the files',
    times: 2,
    async tamperFiles(home, original, draw) {
      const { leaf, page } = await editOnDisk(home, original, draw)
      const words = ['platform.audit_entry', `page ${page}`]
      return {
        target: `${nameOfLeaf(leaf)}, page ${page} of its table`,
        product: { kinds: ['altered'], words },
        bundle: { kinds: ['altered'], places: [leaf.place] },
        mayRefuse: true,
      }
    },
  },
  {
    name: 'byte of an entry edited in the files, page checksums ignored',
    times: 2,
    async tamperFiles(home, original, draw) {
      const { leaf } = await editOnDisk(home, original, draw)
      await appendFile(join(home, 'postgres', 'cluster', 'postgresql.auto.conf'), 'ignore_checksum_failure = on\n')
      const sought = { kinds: ['altered'], places: [leaf.place] }
      return { target: nameOfLeaf(leaf), product: sought, bundle: sought }
    },
  },
]
