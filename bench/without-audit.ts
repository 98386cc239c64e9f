import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Cut } from '../scripts/kill-table/cut.ts'
import { cutSource } from '../scripts/kill-table/cut.ts'

/** What the door does for the ledger in each operation: no trigger, no gathering of rows, no entry. */
const cuts: readonly Cut[] = [
  {
    file: 'packages/platform/src/database/grants.ts',
    takes: '    await watch(owner, table)\n',
    leaves: '',
  },
  {
    file: 'packages/platform/src/door/work.ts',
    takes: '    await openCapture(this.trx, this.entryId)\n',
    leaves: '',
  },
  {
    file: 'packages/platform/src/ledger/capture.ts',
    takes: '    const captured = await takeLastCaptured(this.#trx)\n',
    leaves: '    const captured: CapturedRow[] = []\n',
  },
  {
    file: 'packages/platform/src/door/audit.ts',
    takes: '  const { id, at, actor, operation, outcome, reason } = entry.leaf\n',
    leaves:
      '  const only = new Draft()\n  if (also !== undefined) await only.execute(db, lastOfTransaction + also(only))\n  const { id, at, actor, operation, outcome, reason } = entry.leaf\n  if (outcome !== "") return\n',
  },
  {
    file: 'packages/platform/src/door/work.ts',
    takes: '    return this.entry(deed)\n',
    leaves: '    return { leaf: { outcome: "done" }, close: () => "" }\n',
  },
]

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!cuts.some(({ file }) => url.endsWith(`/${file}`))) return loaded
    return { ...loaded, source: cutSource(cuts, fileURLToPath(url), String(loaded.source)) }
  },
})
