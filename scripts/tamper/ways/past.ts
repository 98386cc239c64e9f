import { waitFor } from '@throughline/testkit'
import type { Product } from '../product.ts'
import type { Deed, FileWay, TableWay } from '../way.ts'
import { pick } from '../way.ts'

/** Goes on recording until the ledger is larger than it was. */
async function goOnBeyond({ platform, ledger }: Product, size: number): Promise<void> {
  const signed = await waitFor(async () => {
    for (let n = 0; n < 25; n += 1) await platform.act('tamper', 'platform.server.start', { n })
    const made = await ledger.checkpoint()
    return made !== undefined && made.size > size ? made : undefined
  }, 'the ledger to go on')
  if (signed.size <= size) throw new RangeError('it did not')
}

const cutOff = (size: number, target: string): Deed => ({
  target,
  product: { kinds: ['truncated'], places: [size] },
  bundle: { kinds: ['truncated'], words: [String(size)] },
})

const setBack = (size: number, target: string): Deed => ({
  target,
  product: { kinds: ['rolled-back'], words: [`over ${size} leaves`] },
  bundle: { kinds: ['rolled-back'], words: [String(size)] },
})

/** A home as it was backed up once, keys and all, put in the place of the present one. */
function olderHome(nth: number, isGoneOnWith: boolean): FileWay {
  return {
    name: `cluster and keys replaced by an older copy${isGoneOnWith ? ', and gone on with' : ''} (${nth + 1})`,
    times: 1,
    homeOf: ({ older }) => pick(older, () => nth),
    async tamperFiles(_home, { older, checkpoints }) {
      const { size } = pick(older, () => nth)
      const lost = checkpoints.find((each) => each.size > size)?.size ?? 0
      const target = `everything after ${size} leaves`
      const words = [`${lost}.checkpoint`]
      if (!isGoneOnWith) {
        // Where the key was changed since, what was handed out is signed by one that the old copy does not know.
        const product = { kinds: ['truncated', 'rolled-back'], words }
        return { target, product, bundle: { kinds: ['truncated'], words } }
      }
      const sought = { kinds: ['rolled-back'], words }
      return { target, product: sought, bundle: sought, during: (product) => goOnBeyond(product, lost) }
    },
  }
}

/** What is done to the end of the ledger. */
export const pastWays: readonly (TableWay | FileWay)[] = [
  {
    name: 'end cut off with its checkpoints',
    times: 3,
    async tamper(forger, draw) {
      const { size } = pick(forger.original.checkpoints.slice(-4, -1), draw)
      await forger.truncateTo(size)
      return cutOff(size, `everything after ${size} leaves`)
    },
  },
  {
    name: 'end cut off with its checkpoints, and gone on with',
    times: 3,
    async tamper(forger, draw) {
      const { checkpoints } = forger.original
      const at = checkpoints.length - 4 + draw(3)
      const [kept, lost] = [checkpoints[at]?.size ?? 0, checkpoints[at + 1]?.size ?? 0]
      await forger.truncateTo(kept)
      return {
        ...setBack(lost, `everything after ${kept} leaves`),
        during: (product) => goOnBeyond(product, lost),
      }
    },
  },
  olderHome(0, false),
  olderHome(2, false),
  olderHome(0, true),
  olderHome(1, true),
]
