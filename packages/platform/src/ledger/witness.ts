import { toIso } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Witness } from './anchor/anchors.ts'
import type { Checkpoint } from './checkpoint.ts'
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'
import type { LedgerKey } from './keys.ts'
import { keyName } from './keys.ts'
import { treeRoot } from './merkle.ts'
import { findCheckpoint } from './store.ts'
import type { StoredTree } from './tree.ts'

/**
 * Compares checkpoints that stand outside with those of the ledger, and with its tree where it has none of that size. All
 * of them: one that was signed after a ledger was set back agrees with what it became.
 */
export async function compareWitnesses(
  db: Kysely<Tables>,
  ledgerId: string,
  keys: readonly LedgerKey[],
  tree: StoredTree,
  witnesses: readonly Witness[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const witness of witnesses) {
    const checkpoint = openCheckpoint(ledgerId, keys, witness.note)
    if (checkpoint === undefined) {
      findings.push(unsigned(ledgerId, keys, witness))
    } else if (checkpoint.size > tree.size) {
      const lost = checkpoint.size - tree.size
      findings.push(
        findingOf(
          'truncated',
          `${witness.name} was signed at ${toIso(checkpoint.at)} over ${checkpoint.size} leaves, and the ledger holds ${tree.size}: the last ${lost} are gone`,
          tree.size,
        ),
      )
    } else if (!(await isOfTree(db, ledgerId, keys, tree, checkpoint))) {
      findings.push(
        findingOf(
          'rolled-back',
          `${witness.name} was signed at ${toIso(checkpoint.at)} over ${checkpoint.size} leaves, and the ledger holds others: it was set back and went on differently`,
        ),
      )
    } else if ((await findCheckpoint(db, checkpoint.size))?.size !== checkpoint.size) {
      findings.push(
        findingOf(
          'missing',
          `The checkpoint over ${checkpoint.size} leaves that was handed out as ${witness.name} is gone from the ledger`,
          checkpoint.size - 1,
        ),
      )
    }
  }
  return worstFirst(findings)
}

/** Whether the tree gives the ledger's own checkpoint of that size is told by the walk over the tree, once. */
async function isOfTree(
  db: Kysely<Tables>,
  ledgerId: string,
  keys: readonly LedgerKey[],
  tree: StoredTree,
  { size, root }: Checkpoint,
): Promise<boolean> {
  const kept = await findCheckpoint(db, size)
  const own = kept?.size === size ? openCheckpoint(ledgerId, keys, kept.note) : undefined
  return root.equals(own?.root ?? (await treeRoot(tree.node, size)))
}

/** A witness that is larger proves a truncation only if no smaller one contradicts what is left. */
function worstFirst(findings: readonly Finding[]): Finding[] {
  const rolledBack = findings.some(({ finding }) => finding === 'rolled-back')
  return findings
    .map((each) => (rolledBack && each.finding === 'truncated' ? { ...each, finding: 'rolled-back' as const } : each))
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
}

function unsigned(ledgerId: string, keys: readonly LedgerKey[], { name, note }: Witness): Finding {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
  if (parseCheckpoint(ledgerId, text) === undefined) {
    return findingOf('forged', `${name} is no checkpoint of this ledger`)
  }
  const laterKey = keyName(ledgerId, keys.length + 1)
  if (note.includes(`\n— ${laterKey} `)) {
    return findingOf('rolled-back', `${name} is signed by ${laterKey}, which the ledger does not know any more`)
  }
  return findingOf('forged', `${name} is not signed by a key of this ledger whose turn it was`)
}
